// Asks before a job is ended, or submitted once more.
import { useState } from 'react';
import { newId } from '../../mcp/ids.js';
import { useAsking } from '../../mcp/use-asking.js';
import { jobsHref } from '../../route.js';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import type { Job } from '../job.js';
import { TOOLS } from '../views.js';

interface CancelDialogProps {
  /** Of a job or an array. */
  readonly id: string;
  readonly name: string;
  readonly action: string;
  /** What becomes of it. */
  readonly text: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function CancelDialog({ id, name, action, text, onDone, onClose }: CancelDialogProps) {
  const { busy, failure, ask } = useAsking<object>();
  const send = async () => {
    if (!(await ask(TOOLS.cancel, { jobId: id }))) return;
    onDone();
    onClose();
  };
  return (
    <QuestionDialog
      title={`Cancel ${name}?`}
      testId="cancel"
      action={action}
      dangerous
      busy={busy}
      onSubmit={() => void send()}
      onClose={onClose}
    >
      <p className="muted">{text}</p>
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}

export function RetryDialog({ job, onClose }: { job: Job; onClose: () => void }) {
  const { busy, failure, ask } = useAsking<{ job: Job }>();
  const [checkpoints, setCheckpoints] = useState(true);
  // The same question asked twice is one job.
  const [submissionId] = useState(newId);
  const send = async () => {
    const again = await ask(TOOLS.retry, { jobId: job.jobId, checkpoints, submissionId });
    if (again) location.hash = jobsHref('list', again.job.jobId);
  };
  return (
    <QuestionDialog
      title={`Run ${job.name} again?`}
      testId="retry"
      action="Run it again"
      busy={busy}
      onSubmit={() => void send()}
      onClose={onClose}
    >
      <p className="muted">A new job with the same files and limits.</p>
      <label className="check-label">
        <input type="checkbox" checked={checkpoints} onChange={(event) => setCheckpoints(event.target.checked)} />
        Go on from the checkpoints that it left
      </label>
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}
