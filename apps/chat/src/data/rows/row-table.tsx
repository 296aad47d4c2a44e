// Rows as a table, of which each can be looked at whole in a panel at the side.
import { useCallback, useState } from 'react';
import type { Row } from '../dataset.js';
import type { Column } from './columns.js';
import { DataTable } from './data-table.js';
import { RowPanel } from './row-panel.js';

interface RowTableProps {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Number of the first row, counted from 0. */
  readonly from: number;
}

export function RowTable({ name, columns, rows, from }: RowTableProps) {
  const [opened, setOpened] = useState<{ row: number; column: string | undefined }>();
  const open = useCallback((row: number, column: string | undefined) => setOpened({ row, column }), []);
  const chosen = opened && rows[opened.row];
  return (
    <>
      <DataTable name={name} columns={columns} rows={rows} from={from} onOpen={open} />
      {chosen && (
        <RowPanel
          row={chosen}
          number={from + opened.row + 1}
          columns={columns}
          column={opened.column}
          onClose={() => setOpened(undefined)}
        />
      )}
    </>
  );
}
