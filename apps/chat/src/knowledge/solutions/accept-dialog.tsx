// Asks before a solution is said to be right, for the whole lab and for good.
import { useAsking } from '../../mcp/use-asking.js';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import type { Accepted, Solution } from '../knowledge.js';
import { TOOLS } from '../views.js';

interface AcceptDialogProps {
  readonly solution: Solution;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function AcceptDialog({ solution, onDone, onClose }: AcceptDialogProps) {
  const { busy, failure, ask } = useAsking<Accepted>();
  const send = async () => {
    if (!(await ask(TOOLS.accept, { file: solution.file }))) return;
    onDone();
    onClose();
  };
  return (
    <QuestionDialog
      title="Accept this solution?"
      testId="accept"
      action="Accept it"
      busy={busy}
      onSubmit={() => void send()}
      onClose={onClose}
    >
      <p>
        You say for the lab that “{solution.title}” is right. Its author is paid the reward for an accepted solution.
      </p>
      <p className="muted">It is said once and for good: it cannot be taken back.</p>
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}
