// Rows of a dataset, a page at a time; the page is part of the address.
import { useEffect, useMemo, useState } from 'react';
import { useAnswer } from '../../mcp/use-answer.js';
import { dataHref } from '../../route.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import type { Dataset, Page } from '../dataset.js';
import { TOOLS } from '../views.js';
import { columnsOf } from './columns.js';
import { Pager } from './pager.js';
import { RowTable } from './row-table.js';

const PAGE = 100;

interface RowsViewProps {
  readonly dataset: Dataset;
  readonly version: number | undefined;
  readonly from: number;
}

export function RowsView({ dataset, version, from }: RowsViewProps) {
  const [limit, setLimit] = useState(PAGE);
  const input = { datasetId: dataset.datasetId, version, as: 'rows', offset: from, limit };
  const { value, failure, busy } = useAnswer<Page>(TOOLS.fetch, input);
  // Rows may be too heavy for a hundred at once: then fewer.
  useEffect(() => {
    if (failure?.code === 'too_large' && limit > 1) setLimit(Math.max(1, Math.floor(limit / 10)));
  }, [failure, limit]);
  const rows = value?.rows ?? [];
  const columns = useMemo(() => columnsOf(value?.schema ?? null, value?.rows ?? []), [value]);
  if (!value && !failure) return <Waiting label="Reading the rows…" lines={8} />;
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
          <RowTable name={`Rows of ${dataset.name}`} columns={columns} rows={rows} from={from} />
          <p className="muted data-hint">
            Arrows move through the table, Enter or a click shows a row whole. <span className="data-null">null</span> is a
            value that is null, <span className="data-missing">missing</span> one that the row does not have.
          </p>
        </>
      )}
      {value && rows.length === 0 && <NoRows dataset={dataset} from={from} />}
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
