// Rows of a dataset, a page at a time; the page is part of the address.
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useAnswer } from '../../mcp/use-answer.js';
import { dataHref } from '../../route.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import type { Dataset, Page } from '../dataset.js';
import { TOOLS } from '../views.js';
import { columnsOf } from './columns.js';
import { DataTable } from './data-table.js';
import { Pager } from './pager.js';
import { RowPanel } from './row-panel.js';

const PAGE = 100;

interface RowsViewProps {
  readonly dataset: Dataset;
  readonly version: number | undefined;
  readonly from: number;
}

export function RowsView({ dataset, version, from }: RowsViewProps) {
  const [limit, setLimit] = useState(PAGE);
  const [opened, setOpened] = useState<{ row: number; column: string | undefined }>();
  const input = { datasetId: dataset.datasetId, version, as: 'rows', offset: from, limit };
  const { value, failure, busy } = useAnswer<Page>(TOOLS.fetch, input);
  // Rows may be too heavy for a hundred at once: then fewer.
  useEffect(() => {
    if (failure?.code === 'too_large' && limit > 1) setLimit(Math.max(1, Math.floor(limit / 10)));
  }, [failure, limit]);
  const rows = value?.rows ?? [];
  const columns = useMemo(() => columnsOf(value?.schema ?? null, value?.rows ?? []), [value]);
  const open = useCallback((row: number, column: string | undefined) => setOpened({ row, column }), []);
  if (!value && !failure) return <Waiting label="Reading the rows…" lines={8} />;
  const chosen = opened && rows[opened.row];
  return (
    <section className="data-rows" aria-label="Rows" aria-busy={busy}>
      {failure && !busy && <FailureNotice failure={failure} />}
      {value && rows.length > 0 && (
        <>
          <Pager
            from={from}
            shown={rows.length}
            all={dataset.rows}
            step={limit}
            hrefOf={(first) => dataHref(dataset.datasetId, 'rows', { version, from: first || undefined })}
          />
          <DataTable name={`Rows of ${dataset.name}`} columns={columns} rows={rows} from={from} onOpen={open} />
          <p className="muted data-hint">
            Arrows move through the table, Enter or a click shows a row whole. <span className="data-null">null</span> is a
            value that is null, <span className="data-missing">missing</span> one that the row does not have.
          </p>
        </>
      )}
      {value && rows.length === 0 && <NoRows dataset={dataset} from={from} />}
      {chosen && (
        <RowPanel
          row={chosen}
          number={from + opened.row + 1}
          columns={columns}
          column={opened.column}
          onClose={() => setOpened(undefined)}
        />
      )}
    </section>
  );
}

const NoRows = ({ dataset, from }: { dataset: Dataset; from: number }) => (
  <div className="nothing">
    <p>{from > 0 ? 'There are no rows so far down.' : 'This dataset has no rows.'}</p>
    {from > 0 && (
      <p className="muted">
        It has {dataset.rows.toLocaleString('en')}. <a href={dataHref(dataset.datasetId, 'rows')}>Show the first</a>
      </p>
    )}
  </div>
);
