// Which format a file is in: by the ending of its name, else by what it begins with.
import { AppError, type DATA_FORMATS, FORMATS } from '@labmesh/contracts';

export type DataFormat = (typeof DATA_FORMATS)[number];

/** Beside the ending that the lab gives each format, those that others give it. */
const ALSO: Readonly<Record<string, DataFormat>> = {
  jsonl: 'ndjson',
  tab: 'tsv',
  pq: 'parquet',
  feather: 'arrow',
  ipc: 'arrow',
  yml: 'yaml',
  openmetrics: 'openmetrics',
};

const ENDINGS: Readonly<Record<string, DataFormat>> = {
  ...ALSO,
  ...Object.fromEntries(Object.entries(FORMATS).map(([format, { extension }]) => [extension, format as DataFormat])),
};

export const isBinary = (format: DataFormat): boolean => FORMATS[format].binary;

/** Undefined where neither the name nor the content tells. */
export function formatOf(name: string, head: Uint8Array): DataFormat | undefined {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return ENDINGS[ending] ?? contentFormat(new TextDecoder().decode(head.subarray(0, 4_096)));
}

function contentFormat(text: string): DataFormat | undefined {
  if (text.startsWith('PAR1')) return 'parquet';
  if (text.startsWith('ARROW1')) return 'arrow';
  const start = text.trimStart();
  if (/^\{[^\n]*\}\r?\n\s*\{/.test(start)) return 'ndjson';
  if (start.startsWith('[') || start.startsWith('{')) return 'json';
  if (/^# (HELP|TYPE|UNIT) /.test(start)) return /\n# EOF\s*$/.test(text) ? 'openmetrics' : 'prometheus';
  if (start.startsWith('---') || /^-? ?[\w-]+:\s/.test(start)) return 'yaml';
  if (/^[^\n,]*\t/.test(start)) return 'tsv';
  return /^[^\n]*,/.test(start) ? 'csv' : undefined;
}

/** The format that the name of a file to write asks for; undefined when it asks for none. */
export const formatOfName = (name: string): DataFormat | undefined => formatOf(name, new Uint8Array());

/** @throws AppError invalid_input that says how to say it */
export function formatFor(name: string, head: Uint8Array): DataFormat {
  const format = formatOf(name, head);
  if (format !== undefined) return format;
  throw new AppError('invalid_input', `Cannot tell which format ${name} is in: say it with --format.`);
}
