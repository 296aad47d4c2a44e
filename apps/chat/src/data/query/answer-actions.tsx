// What can be done with an answer: all of its rows as a file, or as a dataset.
import { answerNames } from '@labmesh/contracts';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import type { Failure } from '../../failure.js';
import { callFor } from '../../mcp/connection.js';
import { useLab } from '../../mcp/lab.js';
import { dataHref } from '../../route.js';
import { plural } from '../../ui/figures.js';
import { FailureNotice } from '../../ui/notice.js';
import { saveBlob } from '../dataset/save-file.js';
import { type Card, type Dataset, sizeText } from '../dataset.js';
import { TOOLS } from '../views.js';
import { allRows } from './all-rows.js';
import { csvText, jsonText } from './export-rows.js';
import type { QueryAnswer } from './query-result.js';
import type { Question } from './use-query.js';

interface AnswerActionsProps {
  readonly question: Question;
  readonly answer: QueryAnswer;
  readonly canKeep: boolean;
}

export function AnswerActions({ question, answer, canKeep }: AnswerActionsProps) {
  const { connection } = useLab();
  const [state, setState] = useState<{ busy?: string; failure?: Failure; done?: string; kept?: Dataset }>({});
  const [naming, setNaming] = useState(false);
  const names = answerNames(answer.columns);
  const save = async (ending: 'csv' | 'json') => {
    setState({ busy: 'Fetching all rows…' });
    const outcome = await allRows(connection, question);
    if (!outcome.ok) return setState({ failure: outcome.failure });
    const text = ending === 'csv' ? csvText(names, outcome.value) : jsonText(outcome.value);
    saveBlob(new Blob([text]), `answer.${ending}`);
    setState({ done: `Saved ${plural(outcome.value.length, 'row')}.` });
  };
  /** The lab runs the query again and keeps all its rows: none of them passes the browser. */
  const keep = async (name: string) => {
    setState({ busy: 'The lab runs the query, and keeps its rows…' });
    const outcome = await callFor<Card>(connection, { name: TOOLS.keep, input: { ...question, name } });
    if (outcome.ok) setNaming(false);
    setState(outcome.ok ? { kept: outcome.value.dataset } : { failure: outcome.failure });
  };
  const busy = state.busy !== undefined;
  return (
    <div className="answer-actions">
      <div className="row answer-buttons">
        <button type="button" className="button button-small" disabled={busy} data-testid="sql-save-csv" onClick={() => void save('csv')}>
          Download CSV
        </button>
        <button type="button" className="button button-small" disabled={busy} onClick={() => void save('json')}>
          Download JSON
        </button>
        {canKeep && !naming && (
          <button type="button" className="button button-small" data-testid="sql-keep" onClick={() => setNaming(true)}>
            Save as a dataset
          </button>
        )}
      </div>
      {naming && <NameForm busy={busy} onName={(name) => void keep(name)} onClose={() => setNaming(false)} />}
      <p role="status" className="muted">
        {state.busy ?? state.done}
        {state.kept && (
          <>
            Saved as <a href={dataHref(state.kept.datasetId)}>a dataset of yours</a>, {sizeText(state.kept)}.
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
  const input = useRef<HTMLInputElement>(null);
  // The button that had the focus is gone.
  useEffect(() => input.current?.focus(), []);
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
          ref={input}
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
