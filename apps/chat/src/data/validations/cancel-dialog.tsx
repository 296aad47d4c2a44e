// Asks before a claim is taken back.
import { useAsking } from '../../mcp/use-asking.js';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import { TOOLS } from '../views.js';
import type { Validation } from './validation.js';

interface ClaimDialogProps {
  readonly validation: Validation;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function CancelDialog({ validation: { validationId, title, sharesData }, onDone, onClose }: ClaimDialogProps) {
  const { busy, failure, ask } = useAsking();
  const send = async () => {
    if (!(await ask(TOOLS.cancelClaim, { validationId }))) return;
    onDone();
    onClose();
  };
  return (
    <QuestionDialog
      title={`Take back “${title}”?`}
      testId="cancel-claim"
      action="Take it back"
      dangerous
      busy={busy}
      onSubmit={() => void send()}
      onClose={onClose}
    >
      <p className="muted">
        Nobody can report on it any more. You may ask the same again.
        {sharesData && ' The data is yours alone again.'}
      </p>
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}
