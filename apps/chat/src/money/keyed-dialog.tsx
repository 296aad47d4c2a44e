// Asks before money moves, says what came of it, and offers to try again where the answer was lost.
import type { ReactNode } from 'react';
import { FailureNotice } from '../ui/notice.js';
import { QuestionDialog } from '../ui/question-dialog.js';
import type { Sending } from './use-intent.js';

interface KeyedDialogProps<T> {
  readonly title: string;
  readonly testId: string;
  readonly action: string;
  readonly dangerous?: boolean;
  readonly disabled?: boolean;
  readonly sending: Sending<T>;
  readonly onSend: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function KeyedDialog<T>(props: KeyedDialogProps<T>) {
  const { title, testId, action, dangerous, disabled, sending, onSend, onClose, children } = props;
  const { open, busy, failure } = sending;
  return (
    <QuestionDialog
      title={title}
      testId={testId}
      action={open ? 'Try again' : action}
      {...{ dangerous, busy }}
      disabled={disabled === true && !open}
      onSubmit={onSend}
      onClose={onClose}
    >
      <fieldset className="keyed-fields" disabled={busy || open !== undefined}>
        {children}
      </fieldset>
      {failure && <FailureNotice failure={failure} />}
      {open && !busy && (
        <div className="lost" role="status" data-testid={`${testId}-lost`}>
          <p>The answer was lost, so it may have happened already. Trying again is safe: it happens once.</p>
          <button type="button" className="plain-link" onClick={sending.forget}>
            Do not try again; I looked in the history
          </button>
        </div>
      )}
    </QuestionDialog>
  );
}
