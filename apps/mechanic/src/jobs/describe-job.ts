// Rows of jobs as the contract's answers. Pure.
import { type mechanic, microToAmount, type ToolOutput } from '@labmesh/contracts';
import { type ArrayRow, type AttemptRow, type JobSummaryRow, ofArrayOf, type WholeJob } from '@labmesh/jobs';

type Tools = typeof mechanic.tools;
export type JobSummary = NonNullable<ToolOutput<Tools['cancel_job']>['job']>;
export type ArraySummary = NonNullable<ToolOutput<Tools['cancel_job']>['array']>;
export type JobDetails = ToolOutput<Tools['get_job']>;

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

export const describeJob = (row: JobSummaryRow): JobSummary => ({
  jobId: row.id,
  name: row.name,
  owner: row.owner,
  state: row.state,
  reason: row.reason,
  message: row.message,
  executor: row.executor,
  node: row.node,
  priority: row.priority,
  labels: { ...row.labels },
  resources: { cpus: row.cpuMilli / 1_000, memoryMb: row.memoryMb, gpus: row.gpus, wallSeconds: row.wallSeconds },
  attempts: row.attempts,
  exitCode: row.exitCode,
  submittedAt: row.submittedAt.toISOString(),
  startedAt: iso(row.startedAt),
  endedAt: iso(row.endedAt),
  held: microToAmount(row.heldMicro),
  cost: row.costMicro === null ? null : microToAmount(row.costMicro),
  ...arrayOf(row),
});

const arrayOf = (row: JobSummaryRow): Pick<JobSummary, 'array'> => {
  const array = ofArrayOf(row);
  return array === undefined ? {} : { array };
};

export const describeArray = ({ id, name, owner, count, parallel, states, ...micro }: ArrayRow): ArraySummary => ({
  ...{ arrayId: id, name, owner, count, parallel, states: { ...states } },
  held: microToAmount(micro.heldMicro),
  cost: microToAmount(micro.costMicro),
});

/** `array`: the one that it is of. */
export const describeWhole = ({ job, history, after, files }: WholeJob, array?: ArrayRow): JobDetails => ({
  ...withoutArray(describeJob(job)),
  ...(array === undefined ? {} : { array: inArray(job, array) }),
  command: job.spec.command ?? null,
  script: job.spec.script ?? null,
  environment: Object.keys(job.spec.environment).sort(),
  files: files.map(({ path, bytes }) => ({ path, bytes })),
  image: job.spec.image ?? null,
  requirements: job.spec.requirements ?? [],
  network: job.spec.network,
  tries: job.failuresMax,
  checkpoints: job.spec.checkpoints ?? null,
  artifacts: job.spec.artifacts,
  after: after.map(({ jobId, on, state }) => ({ jobId, on, state })),
  gang: job.gang === null ? null : { name: job.gang, size: job.gangSize ?? 1 },
  submissionId: job.submissionId,
  history: history.map(describeAttempt),
});

const withoutArray = ({ array: _, ...job }: JobSummary): Omit<JobSummary, 'array'> => job;

const inArray = ({ arrayIndex }: JobSummaryRow, { id, count, parallel, states }: ArrayRow) => ({
  ...{ arrayId: id, index: arrayIndex ?? 0, count, parallel, states: { ...states } },
});

const describeAttempt = (row: AttemptRow): JobDetails['history'][number] => ({
  attempt: row.number,
  node: row.node,
  state: row.state,
  outcome: row.outcome,
  reason: row.reason,
  message: row.message,
  exitCode: row.exitCode,
  signal: row.signal,
  gpus: row.gpus,
  startedAt: iso(row.startedAt),
  endedAt: iso(row.endedAt),
  cpuSeconds: row.cpuMs / 1_000,
  gpuSeconds: row.gpuMs / 1_000,
  memoryPeakBytes: row.memoryPeakBytes,
  usage: row.usage,
});
