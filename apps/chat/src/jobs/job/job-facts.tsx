// What a job is: what runs, with what, where, since when, and what it costs.
import { CURRENCY, grouped } from '../../money/amount.js';
import { jobsHref } from '../../route.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Entry } from '../../ui/entry.js';
import { formatWhole, shortId } from '../../ui/figures.js';
import { durationText, type JobInFull, resourcesText, tookMs } from '../job.js';

export function JobFacts({ job }: { job: JobInFull }) {
  const took = tookMs(job, Date.now());
  const labels = Object.entries(job.labels);
  return (
    <section className="card job-facts" aria-label="What it is">
      <dl className="record-entries">
        <Entry name="Runs">
          <code className="job-command">{job.command?.join(' ') ?? job.script}</code>
        </Entry>
        <Entry name="On">
          {job.image === null ? job.executor : `${job.executor}, ${job.image}`}
          {job.node !== null && `, ${job.node}`}
        </Entry>
        <Entry name="With">
          {resourcesText(job.resources)}, at most {durationText(job.resources.wallSeconds * 1_000)} an attempt
        </Entry>
        {job.files.length > 0 && <Entry name="Files">{job.files.map(({ path }) => path).join(', ')}</Entry>}
        {job.requirements.length > 0 && <Entry name="Packages">{job.requirements.join(', ')}</Entry>}
        {labels.length > 0 && (
          <Entry name="Labels">{labels.map(([name, value]) => `${name}=${value}`).join(', ')}</Entry>
        )}
        {job.after.length > 0 && (
          <Entry name="After">
            {job.after.map(({ jobId, on, state }) => (
              <a key={jobId} href={jobsHref('list', jobId)}>
                {shortId(jobId)} ({on}, {state})
              </a>
            ))}
          </Entry>
        )}
        {job.array !== undefined && (
          <Entry name="Array">
            <a href={jobsHref('list', undefined, { array: job.array.arrayId })} data-testid="job-array">
              run {job.array.index} of {job.array.count}
            </a>
          </Entry>
        )}
        <Entry name="Submitted">{formatWhole(job.submittedAt)}</Entry>
        {took !== undefined && <Entry name={job.endedAt === null ? 'Runs for' : 'Took'}>{durationText(took)}</Entry>}
        <Entry name="Cost">
          {job.cost === null
            ? `at most ${grouped(job.held)} ${CURRENCY}, set aside`
            : `${grouped(job.cost)} ${CURRENCY}`}
        </Entry>
        <Entry name="Id">
          <span className="mono">{shortId(job.jobId)}</span> <CopyButton text={() => job.jobId} label="Copy" />
        </Entry>
      </dl>
    </section>
  );
}
