// One job: how it is and why, its log as it comes, its attempts, what it left, and ways to end it or try it again.
import { useState } from 'react';
import { useFollowed } from '../../mcp/use-followed.js';
import { jobsHref, knowledgeHref } from '../../route.js';
import { BackLink } from '../../ui/back-link.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { hasEnded, type JobInFull } from '../job.js';
import { LogViewer } from '../log/log-viewer.js';
import { StatePill } from '../state-pill.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';
import { ArtifactSection } from './artifact-section.js';
import { AttemptSection } from './attempt-section.js';
import { CancelDialog, RetryDialog } from './ending-dialogs.js';
import { JobFacts } from './job-facts.js';
import { UsageSection } from './usage-section.js';
import { WhyWaiting } from './why-waiting.js';

export function JobPage({ jobId }: { jobId: string }) {
  const { value: job, failure, refresh } = useFollowed<JobInFull>(TOOLS.job, { jobId }, { uris: [`job://${jobId}`] });
  return (
    <>
      <BackLink href={jobsHref('list')}>All jobs</BackLink>
      {failure && <FailureNotice failure={failure} />}
      {!job && !failure && <Waiting label="Fetching the job…" lines={6} />}
      {job && <Shown job={job} onChanged={refresh} />}
    </>
  );
}

function Shown({ job, onChanged }: { job: JobInFull; onChanged: () => void }) {
  const parts = useParts();
  const [dialog, setDialog] = useState<'cancel' | 'retry'>();
  const close = () => setDialog(undefined);
  const ended = hasEnded(job);
  const newest = job.history.at(-1);
  return (
    <>
      <div className="page-head">
        <div>
          <h1 className="job-title">
            {job.name} <StatePill state={job.state} />
          </h1>
          {job.message !== null && (
            <p className={job.state === 'failed' ? 'problem' : 'muted'} data-testid="job-message">
              {job.message}
            </p>
          )}
        </div>
        <div className="page-actions">
          {!ended && parts.has('cancel') && (
            <button
              type="button"
              className="button button-quiet-bad"
              data-testid="job-cancel"
              onClick={() => setDialog('cancel')}
            >
              Cancel it…
            </button>
          )}
          {job.state === 'failed' && parts.has('analyze') && (
            <a className="button" href={knowledgeHref('errors', job.jobId)} data-testid="job-error">
              What does this error mean?
            </a>
          )}
          {ended && parts.has('retry') && (
            <button type="button" className="button" data-testid="job-retry" onClick={() => setDialog('retry')}>
              Try again…
            </button>
          )}
        </div>
      </div>
      {job.state === 'waiting' && parts.has('why') && <WhyWaiting key={job.attempts} jobId={job.jobId} />}
      <JobFacts job={job} />
      <LogViewer jobId={job.jobId} waiting={job.startedAt === null && !ended} onComplete={onChanged} />
      {newest !== undefined && <UsageSection attempt={newest} job={job} />}
      {/* Its end may have left more. */}
      {parts.has('artifacts') && <ArtifactSection key={String(ended)} jobId={job.jobId} ended={ended} />}
      {job.history.length > 0 && <AttemptSection attempts={job.history} />}
      {dialog === 'cancel' && (
        <CancelDialog
          id={job.jobId}
          name={job.name}
          action="Cancel the job"
          text={
            job.state === 'waiting'
              ? 'It ends at once and costs nothing.'
              : 'It is told to end, and has ten seconds for it. What it used until then is paid.'
          }
          onDone={onChanged}
          onClose={close}
        />
      )}
      {dialog === 'retry' && <RetryDialog job={job} onClose={close} />}
    </>
  );
}
