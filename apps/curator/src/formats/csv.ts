// CSV as RFC 4180 has it: a header, commas, double quotes. Quotes carry meaning here, so that nothing is lost:
//   a text is always written in quotes, "" is the empty text, an empty cell without quotes is no value.
// No value means: the row lacks the column where rows may lack it, else null. In a column that has both, null is the bare word null.
// Lists, objects and mixtures of types are JSON text. Which column is what, the columns say (see schemas/columns.ts).
import { AppError } from '@labmesh/contracts';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { Column } from '../schemas/columns.js';
import { type Cell, type CsvTable, NULL_WORD } from './csv-cells.js';
import { parseJson } from './json.js';
import { isNumberText, type Json, numberFromText, type Row } from './rows.js';
import { decodeUtf8, encodeUtf8, unreadable } from './text.js';

/** Stands in for the header of rows without any column. */
const NO_COLUMN = '_';
const WRONG_CELLS_MAX = 20;
const UNFIT = Symbol('unfit');

/** @throws AppError invalid_input when the text is not CSV, a name is there twice, or a record has another number of cells. */
export function readCsvTable(bytes: Uint8Array): CsvTable {
  const [header, ...records] = parseRecords(decodeUtf8(bytes, 'csv'));
  if (header === undefined) throw unreadable('csv', 'it is empty; the first line must name the columns');
  const names = header.map((cell) => (cell === NULL_WORD ? 'null' : (cell ?? '')));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw unreadable('csv', `the column "${twice}" is named twice`);
  const filled = records.filter((record) => names.length === 1 || record.length > 1 || record[0] !== null);
  const odd = filled.findIndex((record) => record.length !== names.length);
  if (odd !== -1) throw unreadable('csv', `row ${odd} has ${filled[odd]?.length} cells and the header ${names.length}`);
  return { names, records: filled };
}

function parseRecords(text: string): CsvTable['records'] {
  try {
    return parse(text, {
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      cast: (cell, { quoting }) => (quoting ? cell : cell === '' ? null : cell === 'null' ? NULL_WORD : cell),
    }) as unknown as CsvTable['records'];
  } catch (cause) {
    throw unreadable('csv', cause instanceof Error ? cause.message.slice(0, 200) : 'it does not parse', cause);
  }
}

/** @throws AppError invalid_input with the first cells that do not hold what their column should. */
export function rowsOfTable(table: CsvTable, columns: readonly Column[]): Row[] {
  const wrong: string[] = [];
  const rows = table.records.map((record, row) => {
    const entries: Array<[string, Json]> = [];
    columns.forEach((column, index) => {
      const value = readCell(record[index] ?? null, column);
      if (value === UNFIT) wrong.push(`row ${row}, column "${column.name}": not of type ${column.type}`);
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

/** What a cell stands for: undefined is a column that the row lacks, UNFIT a text that is not of the column's type. */
function readCell(cell: Cell, column: Column): Json | undefined | typeof UNFIT {
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
      return isNumberText(text, column.type) ? (numberFromText(text) ?? UNFIT) : UNFIT;
    case 'json':
      try {
        return parseJson(text);
      } catch {
        return UNFIT;
      }
  }
}

export function writeCsv(rows: readonly Row[], columns: readonly Column[]): Buffer {
  const header = columns.length === 0 ? [NO_COLUMN] : columns.map(({ name }) => name);
  const records = rows.map((row) =>
    columns.length === 0 ? [{ bare: '' }] : columns.map((column) => writeCell(row, column)),
  );
  const text = stringify([header, ...records], {
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
