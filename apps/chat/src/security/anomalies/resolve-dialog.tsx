// Says what an anomaly was. It ends what was done to the wallet because of it.
import { useId, useState } from 'react';
import { useAsking } from '../../mcp/use-asking.js';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import { type Anomaly, VERDICTS, type Verdict } from './anomaly.js';

interface ResolveDialogProps {
  readonly anomaly: Anomaly;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function ResolveDialog({ anomaly, onClose, onDone }: ResolveDialogProps) {
  const noteId = useId();
  const [verdict, setVerdict] = useState<Verdict>();
  const [note, setNote] = useState('');
  const { busy, failure, ask } = useAsking();
  const resolve = async () => {
    const input = { anomalyId: anomaly.id, verdict, note: note.trim() };
    if (await ask('sentinel_resolve_anomaly', input)) onDone();
  };
  return (
    <QuestionDialog
      title="What was it?"
      testId="resolve-dialog"
      action="Resolve"
      busy={busy}
      disabled={verdict === undefined}
      onSubmit={() => void resolve()}
      onClose={onClose}
    >
      <fieldset className="kinds kinds-column">
        <legend className="sr-only">Verdict</legend>
        {VERDICTS.map((each) => (
          <label key={each.verdict} className="kind-choice">
            <input
              type="radio"
              name="verdict"
              data-testid={`verdict-${each.verdict}`}
              checked={verdict === each.verdict}
              onChange={() => setVerdict(each.verdict)}
            />
            <span>
              <strong>{each.label}</strong>
              <span className="muted">{each.meaning}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="field">
        <label className="label" htmlFor={noteId}>
          Note <span className="muted field-optional">for whoever reads it later</span>
        </label>
        <textarea
          id={noteId}
          className="input"
          data-testid="resolve-note"
          rows={3}
          maxLength={1_000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
      <p className="muted">
        {anomaly.restricted
          ? 'What keeps the wallet from calling ends within a second, everywhere.'
          : 'Nothing keeps the wallet from calling.'}{' '}
        The verdict stays with the anomaly.
      </p>
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}
