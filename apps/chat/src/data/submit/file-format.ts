// Which format a file is in, by its name and its first bytes.
const FORMATS = [
  { format: 'csv', label: 'CSV', endings: ['csv'] },
  { format: 'tsv', label: 'TSV', endings: ['tsv', 'tab'] },
  { format: 'json', label: 'JSON', endings: ['json'] },
  { format: 'ndjson', label: 'JSON lines', endings: ['ndjson', 'jsonl'] },
  { format: 'parquet', label: 'Parquet', endings: ['parquet', 'pq'] },
  { format: 'arrow', label: 'Arrow', endings: ['arrow', 'feather', 'ipc'] },
  { format: 'yaml', label: 'YAML', endings: ['yaml', 'yml'] },
  { format: 'prometheus', label: 'Prometheus', endings: ['prom'] },
  { format: 'openmetrics', label: 'OpenMetrics', endings: ['om', 'openmetrics'] },
] as const;

export interface FormatInfo {
  readonly format: string;
  readonly label: string;
  readonly endings: readonly string[];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The formats that a tool takes, as the lab lists it; one that the page does not know keeps its name. */
export function formatsIn(inputSchema: unknown, argument: string): readonly FormatInfo[] {
  const properties = isObject(inputSchema) && isObject(inputSchema.properties) ? inputSchema.properties : {};
  const { enum: choices } = isObject(properties[argument]) ? properties[argument] : {};
  const taken = Array.isArray(choices) ? choices.map(String) : [];
  const known = FORMATS.filter(({ format }) => taken.includes(format));
  const others = taken.filter((name) => !known.some(({ format }) => format === name));
  return [...known, ...others.map((format) => ({ format, label: format, endings: [format] }))];
}

export const formatLabel = (name: string): string => FORMATS.find(({ format }) => format === name)?.label ?? name;

/** How a file of it ends. */
export const endingOf = (name: string): string => FORMATS.find(({ format }) => format === name)?.endings[0] ?? name;

/** By the ending of its name; else by what it begins with. Undefined where neither tells. */
export function formatOf(name: string, head: Uint8Array): string | undefined {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  const named = FORMATS.find(({ endings }) => (endings as readonly string[]).includes(ending));
  return named?.format ?? formatOfText(new TextDecoder().decode(head.slice(0, 4_096)));
}

function formatOfText(text: string): string | undefined {
  if (text.startsWith('PAR1')) return 'parquet';
  if (text.startsWith('ARROW1')) return 'arrow';
  const start = text.trimStart();
  if (/^\{[^\n]*\}\r?\n\s*\{/.test(start)) return 'ndjson';
  if (start.startsWith('[') || start.startsWith('{')) return 'json';
  if (/^# (HELP|TYPE|UNIT) /.test(start)) return /\n# EOF\s*$/.test(text) ? 'openmetrics' : 'prometheus';
  if (start.startsWith('---') || /^-? ?[\w-]+:\s/.test(start)) return 'yaml';
  if (/^[^\n,]*\t/.test(start)) return 'tsv';
  return /^[^\n]*[,;]/.test(start) ? 'csv' : undefined;
}

export const isBinary = (format: string): boolean => format === 'parquet' || format === 'arrow';
