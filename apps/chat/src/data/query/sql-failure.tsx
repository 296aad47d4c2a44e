// Why a query failed, with the line of it that the database complains of.
import type { Failure } from '../../failure.js';
import { FailureNotice } from '../../ui/notice.js';
import { failedLine } from './failed-line.js';

export function SqlFailure({ failure, sql }: { failure: Failure; sql: string }) {
  const line = failedLine(failure.message);
  const lines = sql.split('\n');
  return (
    <div className="sql-failure" data-testid="sql-failure">
      <FailureNotice failure={failure} />
      {line !== undefined && line <= lines.length && (
        <ol className="sql-lines" aria-label="The query, line by line">
          {lines.map((text, at) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
              key={at}
              className={at + 1 === line ? 'sql-line sql-line-wrong' : 'sql-line'}
              aria-current={at + 1 === line ? 'location' : undefined}
            >
              <span className="sql-line-number" aria-hidden="true">
                {at + 1}
              </span>
              <code>{text}</code>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
