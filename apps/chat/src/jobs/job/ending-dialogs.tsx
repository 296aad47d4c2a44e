// Asks before a job is ended, or submitted once more.
import { useState } from 'react';
import { newId } from '../../mcp/ids.js';
import { useAsking } from '../../mcp/use-asking.js';
import { jobsHref } from '../../route.js';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import type { Job } from '../job.js';
import { TOOLS } from '../views.js';

export function CancelDialog({ job, onDone, onClose }: { job: Job; onDone: () => void; onClose: () => void }) {
  const { busy, failure, ask } = useAsking<{ job: Job }>();
  const send = async () => {
    if (!(await ask(TOOLS.cancel, { jobId: job.jobId }))) return;
    onDone();
    onClose();
  };
  return (
    <QuestionDialog
      title={`Cancel ${job.name}?`}
      testId="cancel"
      action="Cancel the job"
      dangerous
      busy={busy}
      onSubmit={() => void send()}
      onClose={onClose}
    >
      <p className="muted">
        {job.state === 'waiting'
          ? 'It ends at once and costs nothing.'
          : 'It is told to end, and has ten seconds for it. What it used until then is paid.'}
      </p>
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
