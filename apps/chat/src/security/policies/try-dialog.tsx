// Setting an earlier version again: tried as it opens, set when somebody says why.
import { useEffect, useId, useRef, useState } from 'react';
import { Waiting } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import type { Proposal } from './policy.js';
import { Refused } from './policy-editor.js';
import { TryResult } from './try-result.js';
import { useTry } from './use-try.js';

const SINCE_HOURS = 24;

interface TryDialogProps {
  readonly proposal: Proposal;
  readonly inForce: number;
  readonly onSet: () => void;
  readonly onClose: () => void;
}

export function TryDialog({ proposal, inForce, onSet, onClose }: TryDialogProps) {
  const noteId = useId();
  const [note, setNote] = useState('');
  const trial = useTry();
  const begin = useRef(trial.tryIt);
  useEffect(() => {
    void begin.current({ proposal, note: '', inForce }, SINCE_HOURS);
  }, [proposal, inForce]);
  const { outcome } = trial;
  const answer = outcome?.ok ? outcome.value : undefined;
  const version = 'restore' in proposal ? proposal.restore : undefined;
  const set = async () => {
    if (await trial.setIt({ proposal, note, inForce })) onSet();
  };
  return (
    <QuestionDialog
      title={version === 0 ? 'Restore the built-in policy?' : `Restore version ${version ?? ''}?`}
      testId="policy-restore"
      action="Put it in force"
      busy={trial.busy}
      disabled={!answer || answer.changes.length === 0 || note.trim() === ''}
      onSubmit={() => void set()}
      onClose={onClose}
    >
      {!outcome && <Waiting label="Trying it on what was recorded…" lines={4} />}
      <Refused outcome={outcome} />
      {answer && <TryResult answer={answer} />}
      <div className="field">
        <label className="label" htmlFor={noteId}>
          Why
        </label>
        <input
          id={noteId}
          className="input"
          value={note}
          maxLength={280}
          autoComplete="off"
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
    </QuestionDialog>
  );
}
