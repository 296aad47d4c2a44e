// The rows that a query answered: paged, to be saved as a file, or kept as a dataset of one's own.
import { useMemo } from 'react';
import { formatMs } from '../../agents/manifest.js';
import { RowTable } from '../rows/row-table.js';
import { useParts } from '../use-parts.js';
import { AnswerActions } from './answer-actions.js';
import { resultColumns, resultRows } from './query-result.js';
import { PAGE, type QueryState } from './use-query.js';

export function AnswerTable({ state, onPage }: { state: QueryState; onPage: (page: number) => void }) {
  const { pages, at, question, tookMs, busy } = state;
  const parts = useParts();
  const answer = pages[at];
  const columns = useMemo(() => (answer ? resultColumns(answer.columns) : []), [answer]);
  const rows = useMemo(() => (answer ? resultRows(answer) : []), [answer]);
  if (!answer || !question) return null;
  const from = at * PAGE;
  const more = answer.nextCursor !== undefined;
  return (
    <section className="answer-rows" aria-label="Answer" aria-busy={busy} data-testid="sql-answer">
      <div className="pager">
        <p role="status" className="pager-where" data-testid="sql-took">
          {rowsText(from, rows.length, more)} <span className="muted">in {formatMs(tookMs)}</span>
          {answer.truncated && ' More rows follow, but cannot be paged: the query asks for chance or the time.'}
        </p>
        {(at > 0 || more) && (
          <span className="pager-links">
            <button type="button" className="button button-small" disabled={at === 0 || busy} onClick={() => onPage(at - 1)}>
              Previous
            </button>
            <button type="button" className="button button-small" disabled={!more || busy} onClick={() => onPage(at + 1)}>
              Next
            </button>
          </span>
        )}
      </div>
      {rows.length > 0 && <RowTable name="Answer" columns={columns} rows={rows} from={from} />}
      {rows.length > 0 && <AnswerActions question={question} answer={answer} canKeep={parts.has('keep')} />}
    </section>
  );
}

function rowsText(from: number, shown: number, more: boolean): string {
  if (shown === 0) return 'No row answers this.';
  const number = (value: number): string => value.toLocaleString('en');
  if (from === 0 && !more) return shown === 1 ? '1 row' : `${number(shown)} rows`;
  return `Rows ${number(from + 1)} to ${number(from + shown)}${more ? ', and more' : ''}`;
}
