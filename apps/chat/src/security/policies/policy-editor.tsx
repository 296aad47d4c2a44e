// The policy as JSON, to be changed: first tried on what was recorded, then set. The lab says what is wrong with it.
import { useId, useState } from 'react';
import type { Outcome } from '../../mcp/connection.js';
import { FailureNotice } from '../../ui/notice.js';
import { type Policy, problemsOf, readDraft, type SetAnswer, textOf } from './policy.js';
import { TryResult } from './try-result.js';
import { useTry } from './use-try.js';

interface PolicyEditorProps {
  readonly shown: Policy;
  readonly inForce: number;
  readonly onSet: () => void;
  readonly onClose: () => void;
}

export const TRY_HOURS = [
  { hours: 1, label: 'the last hour' },
  { hours: 24, label: 'the last 24 hours' },
  { hours: 168, label: 'the last 7 days' },
  { hours: 720, label: 'the last 30 days' },
] as const;

export function PolicyEditor({ shown, inForce, onSet, onClose }: PolicyEditorProps) {
  const id = useId();
  const [text, setText] = useState(() => textOf(shown));
  const [note, setNote] = useState('');
  const [hours, setHours] = useState<number>(24);
  const trial = useTry();
  const draft = readDraft(text);
  const proposal = draft.ok ? { policy: draft.policy } : undefined;
  const tried = proposal !== undefined && trial.tried === JSON.stringify(proposal);
  const answer = trial.outcome?.ok && tried ? trial.outcome.value : undefined;
  const set = async () => {
    if (proposal && (await trial.setIt({ proposal, note, inForce }))) onSet();
  };
  return (
    <section className="card editor" aria-label="Change the policy">
      <PolicyText text={text} problem={draft.ok ? undefined : draft.problem} onChange={setText} />
      <TryRow
        hours={hours}
        busy={trial.busy}
        disabled={!proposal}
        onHours={setHours}
        onTry={() => proposal && void trial.tryIt({ proposal, note, inForce }, hours)}
      />
      <Refused outcome={trial.outcome} />
      {answer && <TryResult answer={answer} />}
      {answer && answer.changes.length > 0 && (
        <div className="field">
          <label className="label" htmlFor={`${id}note`}>
            Why <span className="muted field-optional">for those who look back</span>
          </label>
          <input
            id={`${id}note`}
            className="input"
            data-testid="policy-note"
            value={note}
            maxLength={280}
            autoComplete="off"
            onChange={(event) => setNote(event.target.value)}
          />
        </div>
      )}
      <div className="question-buttons">
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          className="button button-main"
          data-testid="policy-apply"
          disabled={!answer || answer.changes.length === 0 || note.trim() === '' || trial.busy}
          onClick={() => void set()}
        >
          Put it in force
        </button>
      </div>
      {!answer && <p className="muted">Try it first: then you see what would follow, and can put it in force.</p>}
    </section>
  );
}

interface PolicyTextProps {
  readonly text: string;
  readonly problem: string | undefined;
  readonly onChange: (text: string) => void;
}

function PolicyText({ text, problem, onChange }: PolicyTextProps) {
  const id = useId();
  return (
    <div>
      <label className="label" htmlFor={id}>
        The policy, whole
      </label>
      <textarea
        id={id}
        className="input mono editor-text"
        data-testid="policy-text"
        spellCheck={false}
        rows={18}
        value={text}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}problem`}
        onChange={(event) => onChange(event.target.value)}
      />
      <div id={`${id}problem`} className="field-notes" aria-live="polite">
        {problem !== undefined && <p className="problem">{problem}</p>}
      </div>
    </div>
  );
}

interface TryRowProps {
  readonly hours: number;
  readonly busy: boolean;
  readonly disabled: boolean;
  readonly onHours: (hours: number) => void;
  readonly onTry: () => void;
}

const TryRow = ({ hours, busy, disabled, onHours, onTry }: TryRowProps) => (
  <div className="editor-row">
    <button
      type="button"
      className="button"
      data-testid="policy-try"
      disabled={disabled || busy}
      aria-busy={busy}
      onClick={onTry}
    >
      Try it
    </button>
    <span className="muted">on the calls of</span>
    <select
      className="input input-short"
      aria-label="On which calls"
      value={hours}
      onChange={(event) => onHours(Number(event.target.value))}
    >
      {TRY_HOURS.map((each) => (
        <option key={each.hours} value={each.hours}>
          {each.label}
        </option>
      ))}
    </select>
  </div>
);

/** Problems of the text one by one; anything else as it is. */
export function Refused({ outcome }: { outcome: Outcome<SetAnswer> | undefined }) {
  if (!outcome || outcome.ok) return null;
  const { failure } = outcome;
  if (failure.code !== 'invalid_input') return <FailureNotice failure={failure} />;
  return (
    <div className="notice notice-bad" role="alert" data-testid="policy-problems">
      <div className="notice-text">
        <p className="notice-message">The lab does not take this policy.</p>
        <ul className="changes">
          {problemsOf(failure.message).map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}
