// What begins together: a job by itself, or a gang once enough of it is there. A job of a gang that has begun before, and goes on
// after it was lost or tried again, does so by itself.
import type { Missing, WaitingJob } from './waiting-job.js';

export interface Unit {
  readonly id: string;
  readonly owner: string;
  readonly role: string;
  readonly jobs: readonly WaitingJob[];
  /** Since when all of it may begin. */
  readonly readyAt: Date;
}

/** Of each owner in the order of its first job. Of a gang that is not complete each job lacks the others. */
export function unitsOf(waiting: readonly WaitingJob[]): { units: Map<string, Unit[]>; missing: Map<string, Missing> } {
  const units = new Map<string, Unit[]>();
  const missing = new Map<string, Missing>();
  const seen = new Set<string>();
  for (const owner of new Set(waiting.map((job) => job.owner))) {
    const jobs = waiting.filter((job) => job.owner === owner);
    const mine: Unit[] = [];
    for (const job of jobs) {
      if (seen.has(job.jobId)) continue;
      const together = job.gang === null || job.attempts > 0 ? [job] : gangOf(job, jobs, seen);
      if (together === undefined) {
        missing.set(job.jobId, 'gang');
        continue;
      }
      for (const { jobId } of together) seen.add(jobId);
      mine.push(unit(job, together));
    }
    units.set(owner, mine);
  }
  return { units, missing };
}

function gangOf(
  { gang, gangSize }: WaitingJob,
  jobs: readonly WaitingJob[],
  taken: ReadonlySet<string>,
): WaitingJob[] | undefined {
  const size = gangSize ?? 1;
  const fresh = jobs.filter((one) => one.gang === gang && one.attempts === 0 && !taken.has(one.jobId)).slice(0, size);
  return fresh.length < size ? undefined : fresh;
}

const unit = (first: WaitingJob, jobs: readonly WaitingJob[]): Unit => ({
  id: first.jobId,
  owner: first.owner,
  role: first.role,
  jobs,
  readyAt: new Date(Math.max(...jobs.map(({ readyAt }) => readyAt.getTime()))),
});
