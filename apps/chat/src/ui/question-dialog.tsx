// A question in the middle of the page, before something is done. Escape and Cancel leave everything as it is.
import { type FormEvent, type ReactNode, useEffect, useId, useRef } from 'react';

interface QuestionDialogProps {
  readonly title: string;
  readonly testId: string;
  /** What the button that goes on says; without it there is only Close. */
  readonly action?: string;
  readonly dangerous?: boolean;
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly onSubmit?: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function QuestionDialog(props: QuestionDialogProps) {
  const { title, testId, action, dangerous, busy, disabled, onSubmit, onClose, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy && !disabled) onSubmit?.();
  };
  return (
    <dialog ref={dialog} className="question-dialog" data-testid={testId} aria-labelledby={titleId} onClose={onClose}>
      <form className="question-form" onSubmit={submit} noValidate>
        <h2 id={titleId}>{title}</h2>
        {children}
        <div className="question-buttons">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            {action ? 'Cancel' : 'Close'}
          </button>
          {action && (
            <button
              type="submit"
              className={dangerous ? 'button button-bad' : 'button button-main'}
              data-testid={`${testId}-go`}
              disabled={busy || disabled}
              aria-busy={busy}
            >
              {action}
            </button>
          )}
        </div>
      </form>
    </dialog>
  );
}
