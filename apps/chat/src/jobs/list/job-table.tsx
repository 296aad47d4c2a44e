// Jobs one below the other: what, how it is, where, how long, and what it cost.
import { jobsHref } from '../../route.js';
import { formatTime, formatWhole } from '../../ui/figures.js';
import { durationText, type Job, resourcesText, tookMs } from '../job.js';
import { StatePill } from '../state-pill.js';

export const JobTable = ({ jobs, busy }: { jobs: readonly Job[]; busy: boolean }) => (
  <ul className="job-list" data-testid="jobs" aria-busy={busy}>
    {jobs.map((job) => (
      <JobRow key={job.jobId} job={job} />
    ))}
  </ul>
);

function JobRow({ job }: { job: Job }) {
  const took = tookMs(job, Date.now());
  return (
    <li>
      <a className="job-row" href={jobsHref('list', job.jobId)}>
        <span className="job-name">
          {job.name}
          {job.array !== undefined && <span className="muted"> #{job.array.index}</span>}
        </span>
        <StatePill state={job.state} />
        <span className="muted job-where">{job.node ?? job.executor}</span>
        <span className="muted job-what">{resourcesText(job.resources)}</span>
        <span className="muted job-took">{took === undefined ? '' : durationText(took)}</span>
        <time className="muted job-time" dateTime={job.submittedAt} title={formatWhole(job.submittedAt)}>
          {formatTime(job.submittedAt)}
        </time>
        {job.message !== null && job.state !== 'succeeded' && <span className="job-why">{job.message}</span>}
      </a>
    </li>
  );
}
