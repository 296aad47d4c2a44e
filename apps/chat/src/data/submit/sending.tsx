// The button that adds it, and how far a file is on its way, with a way to stop it.
import { formatBytes } from '../../agents/manifest.js';
import { RunButtons } from '../../ui/run-buttons.js';
import type { SubmissionState } from './use-submission.js';

interface SendingProps {
  readonly state: SubmissionState;
  readonly ready: boolean;
  readonly update: boolean;
  /** What the lab does once it is asked. */
  readonly doing: string;
  readonly onCancel: () => void;
}

export function Sending({ state, ready, update, doing, onCancel }: SendingProps) {
  const running = state.status === 'sending' || state.status === 'reading';
  return (
    <div className="submit-buttons">
      <RunButtons
        testId="submit-go"
        cancelTestId="submit-cancel"
        label={update ? 'Add the version' : 'Add it'}
        runningLabel="Adding…"
        running={running}
        disabled={!ready}
        onCancel={onCancel}
      />
      {state.status === 'sending' && (
        <div className="submit-progress">
          <progress className="progress" aria-label="Sending the file" value={state.sent} max={state.total} />
          <span className="muted" data-testid="submit-sent">
            {formatBytes(state.sent)} of {formatBytes(state.total)}
          </span>
        </div>
      )}
      {state.status === 'reading' && (
        <div className="submit-progress">
          <progress className="progress" aria-label={doing} />
          <span className="muted">{doing}</span>
        </div>
      )}
    </div>
  );
}
