// A submission becomes a job: checked, its files taken, its money held, its row written; once for each submission id.
import {
  AppError,
  type Call,
  type JobSpec,
  type mechanic,
  microToAmount,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { type JobRow, JobRows, NodeRows, needsOf, Placement } from '@labmesh/jobs';
import { Inject, Injectable } from '@nestjs/common';
import { MECHANIC_CONFIG, type MechanicConfig } from '../config.js';
import { describeJob } from './describe-job.js';
import { refuseImpossible, refuseSpec } from './job-checks.js';
import { costMicro, mostMicro } from './job-cost.js';
import { JobFiles } from './job-files.js';
import { type JobToWrite, NewJobs } from './new-jobs.repository.js';
import { isTheirs, noJob } from './ownership.js';
import { WORDS } from './pending.js';
import { Placing } from './placing.js';
import { specHash } from './spec-hash.js';

type Orchestrate = (typeof mechanic.tools)['orchestrate_training_job'];
type Answer = ToolOutput<Orchestrate>;

const HOUR = 3_600;

@Injectable()
export class JobSubmissions {
  constructor(
    @Inject(MECHANIC_CONFIG) private readonly config: Pick<MechanicConfig, 'jobQuotas'>,
    @Inject(JobRows) private readonly jobs: JobRows,
    @Inject(NodeRows) private readonly nodes: NodeRows,
    @Inject(JobFiles) private readonly files: JobFiles,
    @Inject(NewJobs) private readonly rows: NewJobs,
    @Inject(Placement) private readonly placement: Placement,
    @Inject(Placing) private readonly placing: Pick<Placing, 'soon'>,
  ) {}

  async submit(input: ToolInput<Orchestrate>, call: Call): Promise<Answer> {
    const { submissionId, dryRun, ...spec } = input;
    const hash = specHash(spec);
    refuseSpec(spec);
    const before = submissionId === undefined ? undefined : await this.#before(submissionId, hash, call);
    if (before !== undefined && !dryRun) return { job: describeJob(before), alreadySubmitted: true, plan: null };
    await this.#refuseAfter(spec, call);
    const [nodes, prices] = await Promise.all([this.nodes.all(), this.nodes.prices()]);
    refuseImpossible(spec, nodes);
    await this.refuseMore(call);
    if (dryRun) return { job: null, alreadySubmitted: before !== undefined, plan: await this.#plan(spec, call) };
    const files = await this.files.take(spec.files, call);
    const job = { spec, specHash: hash, submissionId: submissionId ?? null, prices, files, checkpoints: [] };
    const answer = await this.write(job, call);
    await this.files.done(spec.files);
    return { ...answer, plan: null };
  }

  /** As `submit`, of what was checked before. */
  async write(job: JobToWrite, call: Call): Promise<{ job: NonNullable<Answer['job']>; alreadySubmitted: boolean }> {
    const { jobId, isNew, specHash: earlier } = await this.rows.write(job, call);
    if (!isNew && !earlier.equals(job.specHash)) throw another(job.submissionId ?? '');
    if (isNew) this.placing.soon(true);
    const row = await this.jobs.find(jobId);
    if (row === undefined) throw noJob(jobId);
    return { job: describeJob(row), alreadySubmitted: !isNew };
  }

  /** @throws AppError quota_exceeded for a wallet that has as many jobs as its role may */
  async refuseMore({ principal }: Call): Promise<void> {
    const most = this.config.jobQuotas[principal.role]?.waiting;
    if (most === undefined) return;
    const alive = await this.jobs.alive(principal.walletId);
    if (alive >= most)
      throw new AppError(
        'quota_exceeded',
        `Cannot submit the job: this wallet has ${alive} jobs that have not ended, and its role may have ${most}. Wait for some, or cancel them.`,
      );
  }

  async #before(submissionId: string, hash: Buffer, { principal }: Call): Promise<JobRow | undefined> {
    const before = await this.jobs.submitted(principal.walletId, submissionId);
    if (before !== undefined && !before.specHash.equals(hash)) throw another(submissionId);
    return before;
  }

  /** It can only name jobs that are there, and nothing names it yet: so no circle can come of it. */
  async #refuseAfter({ after }: JobSpec, { principal }: Call): Promise<void> {
    if (after.length === 0) return;
    const found = await this.jobs.owners(after.map(({ jobId }) => jobId));
    const theirs = new Set(found.filter(({ owner }) => isTheirs(owner, principal)).map(({ id }) => id));
    const missing = after.find(({ jobId }) => !theirs.has(jobId));
    if (missing !== undefined) throw noJob(missing.jobId);
  }

  async #plan(spec: JobSpec, { principal }: Call): Promise<NonNullable<Answer['plan']>> {
    const { resources, priority, gang } = spec;
    const now = new Date();
    const jobId = 'dry-run';
    const { placings, missing } = await this.placement.look({
      ...needsOf(spec),
      ...{
        jobId,
        owner: principal.walletId,
        role: principal.role,
        priority,
        submittedAt: now,
        readyAt: now,
        attempts: 0,
      },
      ...{ cpuMilli: Math.round(resources.cpus * 1_000), memoryMb: resources.memoryMb, gpus: resources.gpus },
      ...{ gang: gang?.name ?? null, gangSize: gang?.size ?? null },
    });
    const open = await this.#openAfter(spec);
    const node = open === undefined ? (placings.find((one) => one.jobId === jobId)?.node ?? null) : null;
    const prices = await this.nodes.prices();
    const lacks = missing.get(jobId);
    return {
      node,
      startsAfterSeconds: node === null ? null : 0,
      missing: open ?? (node === null ? WORDS[lacks ?? 'share'] : null),
      cost: microToAmount(mostMicro(spec, prices)),
      costPerHour: microToAmount(costMicro(resources, HOUR, prices)),
    };
  }

  async #openAfter({ after }: JobSpec): Promise<string | undefined> {
    for (const { jobId, on } of after) {
      const row = await this.jobs.find(jobId);
      if (row === undefined || row.endedAt === null) return `It waits for the job ${jobId}.`;
      if (on === 'success' && row.state !== 'succeeded') return `It would end at once: ${jobId} ended as ${row.state}.`;
    }
    return undefined;
  }
}

const another = (submissionId: string): AppError =>
  new AppError(
    'conflict',
    `Cannot submit the job: submissionId "${submissionId}" asked for another job before. A new job needs a new one.`,
  );
