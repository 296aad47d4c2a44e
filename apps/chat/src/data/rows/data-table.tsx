// Rows as a table that scrolls inside: arrows move from cell to cell, Enter opens the row with its whole values.
import { type KeyboardEvent, memo, useRef } from 'react';
import type { Row } from '../dataset.js';
import { type Cell, type Column, cellOf } from './columns.js';

interface DataTableProps {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Number of the first row, counted from 0. */
  readonly from: number;
  readonly onOpen: (row: number, column: string | undefined) => void;
}

/** Memoised: a page of a wide table has thousands of cells. */
export const DataTable = memo(function DataTable({ name, columns, rows, from, onOpen }: DataTableProps) {
  const table = useRef<HTMLTableElement>(null);
  const open = (target: EventTarget): void => {
    const at = placeOf(target);
    if (at) onOpen(at.row, columns[at.column - 1]?.name);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      open(event.target);
      return;
    }
    const cell = nextCell(event, table.current);
    if (!cell) return;
    event.preventDefault();
    moveTo(cell, table.current);
  };
  return (
    <div className="data-scroll" data-testid="data-table">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells the arrows reach is a grid */}
      <table
        ref={table}
        className="data-table"
        role="grid"
        aria-label={name}
        aria-colcount={columns.length + 1}
        onKeyDown={onKeyDown}
        onClick={(event) => {
          const cell = cellAt(event.target);
          if (cell) moveTo(cell, table.current);
          open(event.target);
        }}
      >
        <thead>
          <tr>
            <th scope="col" className="data-number">
              <span className="sr-only">Row</span>
            </th>
            {columns.map((column) => (
              <th key={column.name} scope="col" className={column.numeric ? 'data-numeric' : undefined}>
                <span className="mono">{column.name}</span>
                <span className="data-type">{column.type}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
            <tr key={index}>
              <th scope="row" className="data-number" tabIndex={index === 0 ? 0 : -1}>
                {(from + index + 1).toLocaleString('en')}
              </th>
              {columns.map((column) => (
                <DataCell key={column.name} cell={cellOf(row, column.name)} numeric={column.numeric} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
});

const DataCell = ({ cell, numeric }: { cell: Cell; numeric: boolean }) => (
  <td tabIndex={-1} className={numeric ? `data-numeric data-${cell.state}` : `data-${cell.state}`}>
    {cell.text}
    {cell.cut && <span className="data-cut" role="img" aria-label="cut, Enter shows all of it" />}
  </td>
);

const cellAt = (target: EventTarget): HTMLTableCellElement | null =>
  target instanceof Element ? target.closest<HTMLTableCellElement>('tbody th, tbody td') : null;

function placeOf(target: EventTarget): { row: number; column: number } | undefined {
  const cell = cellAt(target);
  const row = cell?.parentElement;
  // The head is a row of its own.
  return cell && row instanceof HTMLTableRowElement ? { row: row.rowIndex - 1, column: cell.cellIndex } : undefined;
}

const PAGE_ROWS = 10;

function nextCell(event: KeyboardEvent, table: HTMLTableElement | null): HTMLTableCellElement | undefined {
  const at = placeOf(event.target);
  const body = table?.tBodies[0];
  if (!at || !body) return undefined;
  const width = body.rows[0]?.cells.length ?? 1;
  const step = stepOf(event, { width, height: body.rows.length });
  if (!step) return undefined;
  const row = Math.min(body.rows.length - 1, Math.max(0, at.row + step.rows));
  const column = Math.min(width - 1, Math.max(0, at.column + step.columns));
  return body.rows[row]?.cells[column];
}

function stepOf(
  { key, ctrlKey }: KeyboardEvent,
  { width, height }: { width: number; height: number },
): { rows: number; columns: number } | undefined {
  switch (key) {
    case 'ArrowDown':
      return { rows: 1, columns: 0 };
    case 'ArrowUp':
      return { rows: -1, columns: 0 };
    case 'ArrowRight':
      return { rows: 0, columns: 1 };
    case 'ArrowLeft':
      return { rows: 0, columns: -1 };
    case 'PageDown':
      return { rows: PAGE_ROWS, columns: 0 };
    case 'PageUp':
      return { rows: -PAGE_ROWS, columns: 0 };
    case 'Home':
      return { rows: ctrlKey ? -height : 0, columns: -width };
    case 'End':
      return { rows: ctrlKey ? height : 0, columns: width };
    default:
      return undefined;
  }
}

/** One cell of the table is a stop of the Tab key, the others are reached from it. */
function moveTo(cell: HTMLTableCellElement, table: HTMLTableElement | null): void {
  for (const stop of table?.querySelectorAll<HTMLElement>('tbody [tabindex="0"]') ?? []) stop.tabIndex = -1;
  cell.tabIndex = 0;
  cell.focus();
}
