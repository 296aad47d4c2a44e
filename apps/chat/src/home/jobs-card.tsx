// The caller's jobs: those that run, those that wait, and those that ended lately.
import { hasEnded, type Job, type JobPage } from '../jobs/job.js';
import { StatePill } from '../jobs/state-pill.js';
import type { Answer } from '../mcp/use-answer.js';
import { jobsHref } from '../route.js';
import { formatFromNow, formatWhole, plural } from '../ui/figures.js';
import { HomeCard, Nothing } from './home-card.js';

const ENDED_SHOWN = 4;
const ALIVE_SHOWN = 6;

export const JobsCard = ({ answer, maySubmit }: { answer: Answer<JobPage>; maySubmit: boolean }) => (
  <HomeCard name="jobs" title="My jobs" more={{ href: jobsHref('list'), label: 'All jobs' }} answer={answer}>
    {({ jobs }) => {
      const alive = jobs.filter((job) => !hasEnded(job));
      const ended = jobs.filter(hasEnded).slice(0, ENDED_SHOWN);
      const running = alive.filter(({ state }) => state !== 'waiting').length;
      if (jobs.length === 0)
        return (
          <Nothing>
            No job yet.{' '}
            {maySubmit && <a href={jobsHref('list', undefined, { new: 1 })}>Start one on the lab’s machines</a>}
          </Nothing>
        );
      return (
        <>
          <p className="muted" data-testid="home-jobs-count">
            {alive.length === 0 ? 'None runs or waits.' : `${running} running, ${alive.length - running} waiting`}
          </p>
          <ul className="home-lines">
            {[...alive.slice(0, ALIVE_SHOWN), ...ended].map((job) => (
              <li key={job.jobId}>
                <JobLine job={job} />
              </li>
            ))}
          </ul>
          {alive.length > ALIVE_SHOWN && (
            <p className="muted">
              and {plural(alive.length - ALIVE_SHOWN, 'more that has', 'more that have')} not ended
            </p>
          )}
        </>
      );
    }}
  </HomeCard>
);

function JobLine({ job }: { job: Job }) {
  const at = job.endedAt ?? job.startedAt ?? job.submittedAt;
  return (
    <a className="home-line" href={jobsHref('list', job.jobId)}>
      <span className="home-line-name">{job.name}</span>
      <StatePill state={job.state} />
      <time className="muted home-line-end" dateTime={at} title={formatWhole(at)}>
        {formatFromNow(at, Date.now())}
      </time>
    </a>
  );
}
