// CSV as RFC 4180 has it: a header, commas, double quotes; TSV is the same with tabs.
// Quotes carry meaning here, so that nothing is lost:
//   a text is always written in quotes, "" is the empty text, an empty cell without quotes is no value.
// No value means: the row lacks the column where rows may lack it, else null. In a column that has both, null is the bare word null.
// Lists, objects and mixtures of types are JSON text. Which column is what, the columns say (see schemas/columns.ts).

import { AppError } from '@labmesh/contracts';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { isNumberText, numberFromText, tooPrecise } from '../numbers.js';
import type { Json, Row } from '../rows.js';
import type { Column } from '../schemas/columns.js';
import { type Cell, type CsvTable, NULL_WORD } from './csv-cells.js';
import { parseJson } from './json.js';
import { decodeUtf8, encodeUtf8, unreadable } from './text.js';

/** Formats that differ in the character between two cells alone. */
export type Separated = 'csv' | 'tsv';
const SEPARATORS: Readonly<Record<Separated, string>> = { csv: ',', tsv: '\t' };
/** Stands in for the header of rows without any column. */
const NO_COLUMN = '_';
const WRONG_CELLS_MAX = 20;
/** A cell's text that is not of its column's type, or that no number holds. */
const UNFIT = Symbol('unfit');
const ROUNDED = Symbol('rounded');

/** @throws AppError invalid_input when the text is not CSV, a name is there twice, or a record has another number of cells. */
export function readCsvTable(bytes: Uint8Array, format: Separated = 'csv'): CsvTable {
  const { parsed, quoted } = parseRecords(decodeUtf8(bytes, format), format);
  const [header, ...records] = parsed;
  if (header === undefined) throw unreadable(format, 'it is empty; the first line must name the columns');
  if (header.length === 1 && header[0] === null)
    throw unreadable(format, 'its first line is empty; it must name the columns');
  const names = header.map((cell) => (cell === NULL_WORD ? 'null' : (cell ?? '')));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw unreadable(format, `the column "${twice}" is named twice`);
  const filled = records.filter((record) => names.length === 1 || record.length > 1 || record[0] !== null);
  const odd = filled.findIndex((record) => record.length !== names.length);
  if (odd !== -1)
    throw unreadable(format, `row ${odd} has ${filled[odd]?.length} cells and the header ${names.length}`);
  return { names, records: filled, quoted };
}

function parseRecords(text: string, format: Separated): { parsed: CsvTable['records']; quoted: Set<number> } {
  const quoted = new Set<number>();
  const cast = (cell: string, { quoting, index, records }: { quoting: boolean; index: number; records: number }) => {
    if (!quoting) return cell === '' ? null : cell === 'null' ? NULL_WORD : cell;
    if (records > 0) quoted.add(index);
    return cell;
  };
  try {
    const parsed: unknown = parse(text, {
      delimiter: SEPARATORS[format],
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      cast,
    });
    return { parsed: parsed as CsvTable['records'], quoted };
  } catch (cause) {
    throw unreadable(format, whereOf(cause), cause);
  }
}

/** The row in which what does not parse begins, counted from 0 and without the header. */
function whereOf(cause: unknown): string {
  const { code, records, message } = cause as { code?: string; records?: number; message?: string };
  const why =
    code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quote is opened there and never closed' : String(message).slice(0, 200);
  if (records === undefined || records < 1) return why;
  return `in row ${records - 1}: ${why}`;
}

/** @throws AppError invalid_input with the first cells that do not hold what their column should. */
export function rowsOfTable(table: CsvTable, columns: readonly Column[]): Row[] {
  const wrong: string[] = [];
  const rows = table.records.map((record, row) => {
    const entries: Array<[string, Json]> = [];
    columns.forEach((column, index) => {
      const cell = record[index] ?? null;
      const value = readCell(cell, column);
      const place = `row ${row}, column "${column.name}":`;
      if (value === UNFIT) wrong.push(`${place} not of type ${column.type}`);
      else if (value === ROUNDED) wrong.push(`${place} ${tooPrecise(String(cell))}`);
      else if (value !== undefined) entries.push([column.name, value]);
    });
    if (wrong.length >= WRONG_CELLS_MAX) throw wrongCells(wrong);
    return Object.fromEntries(entries);
  });
  if (wrong.length > 0) throw wrongCells(wrong);
  return rows;
}

const wrongCells = (wrong: readonly string[]): AppError =>
  new AppError(
    'invalid_input',
    `Cannot read the data as csv: ${wrong.slice(0, 3).join('; ')}. Correct the cells, or the schema.`,
    {
      details: { cells: wrong.slice(0, WRONG_CELLS_MAX) },
    },
  );

/** What a cell stands for: undefined is a column that the row lacks. */
function readCell(cell: Cell, column: Column): Json | undefined | typeof UNFIT | typeof ROUNDED {
  if (cell === null && (column.absent || column.nullable)) return column.absent ? undefined : null;
  if (cell === NULL_WORD && column.nullable) return null;
  const text = cell === NULL_WORD ? 'null' : (cell ?? '');
  switch (column.type) {
    case 'string':
      return text;
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : UNFIT;
    case 'integer':
    case 'number':
      return readNumber(text, column.type);
    case 'json':
      try {
        return parseJson(text);
      } catch {
        return UNFIT;
      }
  }
}

/** 1.0 and 1e3 are integers, as in JSON Schema. */
function readNumber(text: string, type: 'integer' | 'number'): number | typeof UNFIT | typeof ROUNDED {
  if (!isNumberText(text)) return UNFIT;
  const number = numberFromText(text);
  if (number === undefined) return ROUNDED;
  return type === 'number' || Number.isInteger(number) ? number : UNFIT;
}

/** The records alone, for a table that is written by the portion. */
export const writeCsvRecords = (rows: readonly Row[], columns: readonly Column[], format: Separated): Buffer => {
  const whole = writeCsv(rows, columns, format);
  return whole.subarray(headerOf(columns, format).length);
};

const headerOf = (columns: readonly Column[], format: Separated): Buffer => writeCsv([], columns, format);

export function writeCsv(rows: readonly Row[], columns: readonly Column[], format: Separated = 'csv'): Buffer {
  const header = columns.length === 0 ? [NO_COLUMN] : columns.map(({ name }) => name);
  const records = rows.map((row) =>
    columns.length === 0 ? [{ bare: '' }] : columns.map((column) => writeCell(row, column)),
  );
  const text = stringify([header, ...records], {
    delimiter: SEPARATORS[format],
    record_delimiter: '\r\n',
    quoted_string: true,
    quoted_empty: true,
    cast: {
      object: (cell) => ({
        value: (cell as unknown as Bare).bare,
        quoted: false,
        quoted_string: false,
        quoted_empty: false,
      }),
    },
  });
  return encodeUtf8(text);
}

/** Text that is written without quotes. */
interface Bare {
  readonly bare: string;
}

function writeCell(row: Row, column: Column): string | Bare {
  const value = Object.hasOwn(row, column.name) ? row[column.name] : undefined;
  if (value === undefined) return { bare: '' };
  if (value === null) return { bare: column.absent ? 'null' : '' };
  if (column.type === 'json') return JSON.stringify(value);
  return typeof value === 'string' ? value : { bare: String(value) };
}
