// Facts of the formats of data: what each is called, how its files end and begin. Without zod, so that the page can have it, too.
// Part of the contract in curator.ts.

export const DATA_FORMATS = [
  'json',
  'ndjson',
  'csv',
  'tsv',
  'parquet',
  'arrow',
  'yaml',
  'prometheus',
  'openmetrics',
] as const;
export type DataFormat = (typeof DATA_FORMATS)[number];

interface FormatFacts {
  /** What people call it. */
  readonly label: string;
  readonly mimeType: string;
  /** How the lab ends the name of a file of it. */
  readonly extension: string;
  /** How others end it, too. */
  readonly also: readonly string[];
  /** Its content is bytes and no text. */
  readonly binary: boolean;
}

/** What each format is to people, to the web and as a file. */
export const FORMATS = {
  json: { label: 'JSON', mimeType: 'application/json', extension: 'json', also: [], binary: false },
  ndjson: {
    label: 'JSON lines',
    mimeType: 'application/x-ndjson',
    extension: 'ndjson',
    also: ['jsonl'],
    binary: false,
  },
  csv: { label: 'CSV', mimeType: 'text/csv', extension: 'csv', also: [], binary: false },
  tsv: { label: 'TSV', mimeType: 'text/tab-separated-values', extension: 'tsv', also: ['tab'], binary: false },
  parquet: {
    label: 'Parquet',
    mimeType: 'application/vnd.apache.parquet',
    extension: 'parquet',
    also: ['pq'],
    binary: true,
  },
  arrow: {
    label: 'Arrow',
    mimeType: 'application/vnd.apache.arrow.file',
    extension: 'arrow',
    also: ['feather', 'ipc'],
    binary: true,
  },
  yaml: { label: 'YAML', mimeType: 'application/yaml', extension: 'yaml', also: ['yml'], binary: false },
  prometheus: {
    label: 'Prometheus',
    mimeType: 'text/plain; version=0.0.4',
    extension: 'prom',
    also: [],
    binary: false,
  },
  openmetrics: {
    label: 'OpenMetrics',
    mimeType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    extension: 'om',
    also: ['openmetrics'],
    binary: false,
  },
} as const satisfies Record<DataFormat, FormatFacts>;

const HEAD_BYTES = 4_096;

const BY_ENDING: ReadonlyMap<string, DataFormat> = new Map(
  DATA_FORMATS.flatMap((format) =>
    [FORMATS[format].extension, ...FORMATS[format].also].map((ending): [string, DataFormat] => [ending, format]),
  ),
);

/** The format that a name asks for by its ending: of a file, or of an address without what follows its path. */
export function formatOfName(name: string): DataFormat | undefined {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase();
  return ending === undefined ? undefined : BY_ENDING.get(ending);
}

/** By the ending of its name, else by what it begins with. Undefined where neither tells. */
export const formatOfFile = (name: string, head: Uint8Array): DataFormat | undefined =>
  formatOfName(name) ?? formatOfText(new TextDecoder().decode(head.subarray(0, HEAD_BYTES)));

function formatOfText(text: string): DataFormat | undefined {
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
