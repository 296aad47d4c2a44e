// Asks before a search model goes, with its vectors.
import { useAsking } from '../../mcp/use-asking.js';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import type { Encoder } from '../knowledge.js';
import { TOOLS } from '../views.js';

interface RemoveModelDialogProps {
  readonly model: Encoder;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function RemoveModelDialog({ model, onDone, onClose }: RemoveModelDialogProps) {
  const { busy, failure, ask } = useAsking<{ removed: string }>();
  const send = async () => {
    if (!(await ask(TOOLS.removeModel, { name: model.name }))) return;
    onDone();
    onClose();
  };
  return (
    <QuestionDialog
      title={`Remove ${model.name}?`}
      testId="remove-model"
      action="Remove the model"
      dangerous
      busy={busy}
      onSubmit={() => void send()}
      onClose={onClose}
    >
      <p>It goes with its vectors. To use it again, it has to be brought and encoded again.</p>
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}
