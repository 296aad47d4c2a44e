// A profile as the lab's tool answers it, and how its figures read.
export interface Histogram {
  readonly from: number;
  readonly width: number;
  readonly counts: readonly number[];
}

export interface ColumnProfile {
  readonly name: string;
  /** DuckDB's name of the type. */
  readonly type: string;
  readonly rows: number;
  readonly nulls: number;
  /** Rows that lack the column. */
  readonly missing: number;
  readonly distinct: number;
  readonly min: unknown;
  readonly max: unknown;
  readonly numbers?: {
    readonly mean: number;
    readonly standardDeviation: number | null;
    readonly quantiles: ReadonlyArray<{ readonly share: number; readonly value: number }>;
    readonly histogram: Histogram;
  };
  readonly lengths?: { readonly least: number; readonly most: number; readonly mean: number };
  readonly times?: { readonly first: unknown; readonly last: unknown };
  readonly top: ReadonlyArray<{ readonly value: unknown; readonly count: number }>;
}

export interface Profile {
  readonly rows: number;
  /** Rows that are there before, all columns alike. */
  readonly duplicates: number;
  readonly columns: readonly ColumnProfile[];
}

/** Six digits say enough of a mean; a whole number is shown whole. */
export function figure(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return value.toLocaleString('en');
  return Number(value.toPrecision(6)).toLocaleString('en', { maximumFractionDigits: 8 });
}

export const percent = (part: number, all: number): string => {
  const share = all === 0 ? 0 : (part / all) * 100;
  return `${share > 0 && share < 0.1 ? '< 0.1' : Number(share.toFixed(1))} %`;
};

export const valueText = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : value === '' ? 'empty text' : String(value);

/** What a screen reader hears instead of the bars. */
export function histogramText({ from, width, counts }: Histogram): string {
  const most = Math.max(...counts);
  const at = counts.indexOf(most);
  const range = (bin: number): string => `${figure(from + bin * width)} to ${figure(from + (bin + 1) * width)}`;
  return `${counts.length} bins from ${figure(from)} to ${figure(from + counts.length * width)}; the most, ${most}, from ${range(at)}`;
}

const TYPES: Readonly<Record<string, string>> = {
  VARCHAR: 'text',
  BIGINT: 'whole number',
  HUGEINT: 'whole number',
  DOUBLE: 'number',
  BOOLEAN: 'true or false',
  TIMESTAMP: 'time',
  'TIMESTAMP WITH TIME ZONE': 'time',
  DATE: 'date',
  BLOB: 'bytes',
};

/** DuckDB's name of a type, in words where it is a plain one. */
export function typeText(type: string): string {
  if (type.endsWith('[]')) return `list of ${typeText(type.slice(0, -2))}`;
  if (/^STRUCT\b/.test(type)) return 'object';
  return TYPES[type] ?? type;
}

/** A time without the zeros behind its seconds. */
export const timeText = (value: unknown): string => valueText(value).replace(/\.0+Z$/, 'Z');
