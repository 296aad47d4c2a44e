// A table as the trainer reads it: RFC 4180, and the columns that a model's card names. Never guesses a column.
import { AppError } from '@labmesh/contracts';
import type { ModelCard, ModelColumn } from './card.js';
import type { Row } from './encoding.js';

/** Between the texts of one row, where a model reads several columns of text. */
const SEPARATOR = '\n';

export interface LabelledRow extends Row {
  /** The label, where the table has it. */
  readonly label?: string | undefined;
  /** True without a label too. */
  readonly normal: boolean;
  /** The value of the column that rows are told apart by, where one was named. */
  readonly group?: string | undefined;
}

/** Rows of cells; empty lines are left out. A quote inside a quoted cell is doubled. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      at += 1;
      for (;;) {
        const end = text.indexOf('"', at);
        cell += text.slice(at, end === -1 ? undefined : end);
        at = end === -1 ? text.length : end + 1;
        if (end === -1 || text[at] !== '"') break;
        cell += '"';
        at += 1;
      }
    }
    const rest = /[,\r\n]/g;
    rest.lastIndex = at;
    const end = rest.exec(text)?.index ?? text.length;
    row.push(cell + text.slice(at, end));
    at = end + 1;
    if (text[end] === ',' && at < text.length) continue;
    if (text[end] === ',') row.push('');
    if (text[end] === '\r' && text[at] === '\n') at += 1;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}

/** One cell of a CSV file, quoted where it must be. */
export const csvCell = (value: string | number): string =>
  typeof value === 'string' && /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : String(value);

/**
 * The rows of a table as a model takes them. The label may be missing: then there are scores, but no figures.
 * @param by a column that the model does not read, to tell rows apart
 * @throws AppError invalid_input
 */
export function rowsOf(csv: string, { columns, header, vocabularies }: ModelCard['input'], by?: string): LabelledRow[] {
  const cells = parseCsv(csv);
  const names = header ? cells.shift() : undefined;
  const places = new Map(columns.map((column, at) => [column, names === undefined ? at : names.indexOf(column.name)]));
  const needed = columns.filter(
    (column) => column.default === undefined && !['ignored', 'label'].includes(column.kind),
  );
  const missing = needed.filter((column) => (places.get(column) ?? -1) < 0).map(({ name }) => name);
  if (by !== undefined && names?.includes(by) !== true) missing.push(by);
  if (missing.length > 0) {
    throw new AppError(
      'invalid_input',
      `The table has no column ${missing.join(', ')}; it has ${names?.join(', ') ?? 'none'}`,
    );
  }
  const group = by === undefined ? -1 : (names?.indexOf(by) ?? -1);
  return cells.map((row, at) => ({
    ...labelledRow({ columns, places, vocabularies, row, number: at + 1 }),
    group: row[group],
  }));
}

interface Line {
  readonly columns: readonly ModelColumn[];
  readonly places: ReadonlyMap<ModelColumn, number>;
  readonly vocabularies: ModelCard['input']['vocabularies'];
  readonly row: readonly string[];
  readonly number: number;
}

function labelledRow({ columns, places, vocabularies, row, number }: Line): LabelledRow {
  const of = (kind: string) =>
    columns
      .filter((column) => column.kind === kind)
      .map((column) => {
        const written = row[places.get(column) ?? -1];
        const cell = column.default !== undefined && !written ? column.default : written;
        if (cell === undefined && kind !== 'label')
          throw new AppError('invalid_input', `Row ${number} has ${row.length} columns: ${column.name} is missing`);
        return { column, cell: cell ?? '' };
      });
  const texts = of('text');
  const label = of('label').find(({ column }) => (places.get(column) ?? -1) >= 0);
  return {
    text: texts.length === 0 ? undefined : texts.map(({ cell }) => cell).join(SEPARATOR),
    numbers: of('number').map(({ column, cell }) => numberOf(cell.trim(), `Row ${number}, ${column.name}`)),
    categories: of('category').map((one, at) => categoryOf(one, vocabularies[at] ?? [], number)),
    label: label?.cell,
    normal: label === undefined || label.column.normal.includes(label.cell),
  };
}

function categoryOf(
  { column, cell }: { column: ModelColumn; cell: string },
  known: readonly string[],
  number: number,
): string {
  if (column.default !== undefined && !known.includes(cell))
    throw new AppError(
      'invalid_input',
      `Row ${number} has “${cell.slice(0, 40)}” as ${column.name}: use ${known.join(', ')}`,
    );
  return cell;
}

function numberOf(cell: string, where: string): number {
  const value = cell === '' ? Number.NaN : Number(cell);
  if (cell !== '' && Number.isNaN(value) && cell.toLowerCase() !== 'nan')
    throw new AppError('invalid_input', `${where} is “${cell.slice(0, 40)}”, which is no number`);
  return value;
}
