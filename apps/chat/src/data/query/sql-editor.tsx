// Where SQL is written: Ctrl+Enter runs it, samples and earlier queries are a click away.
import type { KeyboardEvent, RefObject } from 'react';
import { useId } from 'react';
import type { Sample } from './sql-samples.js';

interface SqlEditorProps {
  readonly sql: string;
  readonly area: RefObject<HTMLTextAreaElement | null>;
  readonly samples: readonly Sample[];
  readonly earlier: readonly string[];
  readonly busy: boolean;
  readonly onSql: (sql: string) => void;
  readonly onRun: () => void;
  readonly onCancel: () => void;
}

export function SqlEditor({ sql, area, samples, earlier, busy, onSql, onRun, onCancel }: SqlEditorProps) {
  const id = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!busy && sql.trim() !== '') onRun();
  };
  const lines = Math.min(20, Math.max(6, sql.split('\n').length + 1));
  return (
    <div className="sql">
      <ul className="sql-samples" aria-label="Questions to begin with">
        {samples.map((sample) => (
          <li key={sample.label}>
            <button type="button" className="chip" onClick={() => onSql(sample.sql)}>
              {sample.label}
            </button>
          </li>
        ))}
      </ul>
      <label className="sr-only" htmlFor={id}>
        SQL
      </label>
      <textarea
        ref={area}
        id={id}
        className="input mono sql-text"
        data-testid="sql-text"
        rows={lines}
        maxLength={20_000}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        value={sql}
        onKeyDown={onKeyDown}
        onChange={(event) => onSql(event.target.value)}
      />
      <div className="sql-foot">
        <button
          type="button"
          className="button button-main"
          data-testid="sql-run"
          disabled={busy || sql.trim() === ''}
          aria-busy={busy}
          onClick={onRun}
        >
          {busy ? 'Running…' : 'Run'}
        </button>
        {busy && (
          <button type="button" className="button" data-testid="sql-cancel" onClick={onCancel}>
            Cancel
          </button>
        )}
        <span className="muted sql-hint">
          <kbd>Ctrl</kbd> <kbd>Enter</kbd> runs it
        </span>
        {earlier.length > 0 && <Earlier queries={earlier} onSql={onSql} />}
      </div>
    </div>
  );
}

function Earlier({ queries, onSql }: { queries: readonly string[]; onSql: (sql: string) => void }) {
  return (
    <select
      className="input sql-earlier"
      aria-label="Earlier queries"
      data-testid="sql-earlier"
      value=""
      onChange={(event) => {
        const query = queries[Number(event.target.value)];
        if (event.target.value !== '' && query !== undefined) onSql(query);
      }}
    >
      <option value="">Earlier queries</option>
      {queries.map((query, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two queries may begin alike
        <option key={at} value={at}>
          {query.replaceAll(/\s+/g, ' ').slice(0, 90)}
        </option>
      ))}
    </select>
  );
}
