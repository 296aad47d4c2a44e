// What can be done with an answer: all of its rows as a file, or as a dataset.
import { type FormEvent, useId, useState } from 'react';
import type { Failure } from '../../failure.js';
import { callFor } from '../../mcp/connection.js';
import { useLab } from '../../mcp/lab.js';
import { dataHref } from '../../route.js';
import { FailureNotice } from '../../ui/notice.js';
import { saveBlob } from '../dataset/save-file.js';
import type { Card, Row } from '../dataset.js';
import { TOOLS } from '../views.js';
import { allRows } from './all-rows.js';
import { csvText, jsonText } from './export-rows.js';
import { type QueryAnswer, uniqueNames } from './query-result.js';
import type { Question } from './use-query.js';

interface AnswerActionsProps {
  readonly question: Question;
  readonly answer: QueryAnswer;
  readonly canKeep: boolean;
}

export function AnswerActions({ question, answer, canKeep }: AnswerActionsProps) {
  const { connection } = useLab();
  const [state, setState] = useState<{ busy?: string; failure?: Failure; done?: string; kept?: string }>({});
  const [naming, setNaming] = useState(false);
  const names = uniqueNames(answer.columns);
  /** All pages of the answer, then what shall become of them. */
  const withRows = async (what: (rows: readonly Row[]) => Promise<typeof state>) => {
    setState({ busy: 'Fetching all rows…' });
    const outcome = await allRows(connection, question);
    setState(outcome.ok ? await what(outcome.value) : { failure: outcome.failure });
  };
  const save = (ending: 'csv' | 'json') =>
    void withRows(async (rows) => {
      const text = ending === 'csv' ? csvText(names, rows) : jsonText(rows);
      saveBlob(new Blob([text]), `answer.${ending}`);
      return { done: `Saved ${rows.length.toLocaleString('en')} rows.` };
    });
  const keep = (name: string) =>
    void withRows(async (rows) => {
      const description = `Answer of a query:\n${question.sql}`.slice(0, 2_000);
      const input = { name, description, format: 'json', content: jsonText(rows), source: 'A query in the lab' };
      const outcome = await callFor<Card>(connection, { name: TOOLS.submit, input });
      if (!outcome.ok) return { failure: outcome.failure };
      setNaming(false);
      return { kept: outcome.value.dataset.datasetId };
    });
  const busy = state.busy !== undefined;
  return (
    <div className="answer-actions">
      <div className="row answer-buttons">
        <button type="button" className="button button-small" disabled={busy} data-testid="sql-save-csv" onClick={() => save('csv')}>
          Download CSV
        </button>
        <button type="button" className="button button-small" disabled={busy} onClick={() => save('json')}>
          Download JSON
        </button>
        {canKeep && !naming && (
          <button type="button" className="button button-small" data-testid="sql-keep" onClick={() => setNaming(true)}>
            Save as a dataset
          </button>
        )}
      </div>
      {naming && <NameForm busy={busy} onName={keep} onClose={() => setNaming(false)} />}
      <p role="status" className="muted">
        {state.busy ?? state.done}
        {state.kept && (
          <>
            Saved as <a href={dataHref(state.kept)}>a dataset of yours</a>.
          </>
        )}
      </p>
      {state.failure && <FailureNotice failure={state.failure} />}
    </div>
  );
}

function NameForm({ busy, onName, onClose }: { busy: boolean; onName: (name: string) => void; onClose: () => void }) {
  const [name, setName] = useState('');
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') onName(name.trim());
  };
  return (
    <form className="answer-name" onSubmit={submit}>
      <label className="label" htmlFor={id}>
        Name of the dataset
      </label>
      <div className="row">
        <input
          id={id}
          className="input"
          data-testid="sql-keep-name"
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <button type="submit" className="button button-main" data-testid="sql-keep-go" disabled={busy || name.trim() === ''}>
          Save
        </button>
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}
