// Rows on a terminal: a table as wide as it must be, cells that are too long cut with a sign, null and missing told apart.
import type { Output } from '../output/output.js';
import type { Cell } from '../output/table.js';

type Row = Readonly<Record<string, unknown>>;

const CELL_MAX = 60;

export function showRows(output: Output, rows: readonly Row[], columns: readonly string[] = columnsOf(rows)): void {
  if (rows.length === 0) output.note('No rows.');
  else
    output.table(
      columns,
      rows.map((row) => columns.map((column) => cellOf(row, column))),
    );
}

export function columnsOf(rows: readonly Row[]): string[] {
  const columns = new Set<string>();
  for (const row of rows) for (const column of Object.keys(row)) columns.add(column);
  return [...columns];
}

function cellOf(row: Row, column: string): Cell {
  if (!Object.hasOwn(row, column)) return { text: '', style: 'dim' };
  const value = row[column];
  if (value === null) return { text: 'null', style: 'dim' };
  if (typeof value === 'number') return value;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const chars = [...text];
  return chars.length > CELL_MAX ? `${chars.slice(0, CELL_MAX - 1).join('')}…` : text;
}
