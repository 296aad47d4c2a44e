// A result that is a series: rows with numbers, over time or over their own order. Found in what a tool said, or not: then nothing is
// drawn.
export interface Series {
  /** Seconds since 1970 where `isTime`, else any number that rises. */
  readonly x: readonly number[];
  readonly xName: string;
  readonly isTime: boolean;
  readonly lines: ReadonlyArray<{ readonly name: string; readonly y: ReadonlyArray<number | null> }>;
}

const ROWS_MIN = 3;
const ROWS_MAX = 20_000;
const LINES_MAX = 3;

type Row = Readonly<Record<string, unknown>>;
const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isRows = (value: unknown): value is readonly Row[] =>
  Array.isArray(value) && value.length >= ROWS_MIN && value.length <= ROWS_MAX && value.every(isRow);

/** @param value what a tool answered: rows, or an object that has some */
export function seriesIn(value: unknown): Series | undefined {
  const rows = isRows(value) ? value : isRow(value) ? Object.values(value).find(isRows) : undefined;
  if (rows === undefined) return undefined;
  const names = Object.keys(rows[0] ?? {});
  const axis = names.map((name) => axisOf(rows, name)).find((found) => found !== undefined) ?? {
    x: rows.map((_row, place) => place + 1),
    xName: 'row',
    isTime: false,
  };
  const lines = names
    .filter((name) => name !== axis.xName && rows.some((row) => isNumber(row[name])))
    .filter((name) => rows.every((row) => row[name] === null || row[name] === undefined || isNumber(row[name])))
    .slice(0, LINES_MAX)
    .map((name) => ({ name, y: rows.map((row) => (isNumber(row[name]) ? row[name] : null)) }));
  return lines.length === 0 ? undefined : { ...axis, lines };
}

/** Times, where all of a column are such and rise. */
function axisOf(rows: readonly Row[], name: string): Omit<Series, 'lines'> | undefined {
  const times = rows.map((row) => timeOf(row[name]));
  if (times.some((time) => time === undefined)) return undefined;
  const x = times as number[];
  return x.every((time, place) => place === 0 || time > (x[place - 1] ?? 0))
    ? { x, xName: name, isTime: true }
    : undefined;
}

function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d|$)/.test(value)) return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms / 1_000;
}

/** In words, for who does not see the drawing. */
export function seriesText({ x, xName, lines }: Series): string {
  const told = lines.map(({ name, y }) => {
    const numbers = y.filter(isNumber);
    const least = numbers.reduce((one, other) => Math.min(one, other));
    const most = numbers.reduce((one, other) => Math.max(one, other));
    return `${name} from ${least} to ${most}`;
  });
  return `${x.length} values by ${xName}: ${told.join(', ')}`;
}
