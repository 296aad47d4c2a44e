// A submission becomes a job, or an array of them: checked, its files taken, its money held, its rows written; once for each
// submission id.
import {
  AppError,
  type Call,
  isArrayId,
  type JobSpec,
  type mechanic,
  microToAmount,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { JobArrays, type JobRow, JobRows, NodeRows, Placement, type Prices } from '@labmesh/jobs';
import { Inject, Injectable } from '@nestjs/common';
import { MECHANIC_CONFIG, type MechanicConfig } from '../config.js';
import { runsOf } from './array-runs.js';
import { describeArray, describeJob } from './describe-job.js';
import { Gangs } from './gangs.repository.js';
import { loadOf, refuseBeyondQuota, refuseGang, refuseImpossible, refuseSpec } from './job-checks.js';
import { costMicro, mostMicro } from './job-cost.js';
import { JobFiles } from './job-files.js';
import { type JobToWrite, NewJobs } from './new-jobs.repository.js';
import { isTheirs, noJob } from './ownership.js';
import { lackOf } from './pending.js';
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
    @Inject(JobArrays) private readonly arrays: JobArrays,
    @Inject(NodeRows) private readonly nodes: NodeRows,
    @Inject(JobFiles) private readonly files: JobFiles,
    @Inject(NewJobs) private readonly rows: NewJobs,
    @Inject(Placement) private readonly placement: Placement,
    @Inject(Gangs) private readonly gangs: Gangs,
    @Inject(Placing) private readonly placing: Pick<Placing, 'soon'>,
  ) {}

  async submit(input: ToolInput<Orchestrate>, call: Call): Promise<Answer> {
    const { submissionId, dryRun, ...asked } = input;
    const hash = specHash(asked);
    const { array: many, ...spec } = asked;
    refuseSpec(spec);
    const array = many && runsOf(many, spec);
    const before = submissionId === undefined ? undefined : await this.#before(submissionId, hash, call);
    if (before !== undefined && !dryRun) return { ...(await this.#said(before)), alreadySubmitted: true, plan: null };
    await this.#refuseAfter(spec, call);
    const runs = array?.environments.length ?? 1;
    const { prices } = await this.check(spec, call, runs);
    if (dryRun)
      return {
        job: null,
        alreadySubmitted: before !== undefined,
        plan: await this.#plan(spec, { runs, prices }, call),
      };
    const files = await this.files.take(spec.files, call);
    const job = { spec, array, specHash: hash, submissionId: submissionId ?? null, prices, files, checkpoints: [] };
    const { row, alreadySubmitted } = await this.write(job, call);
    await this.files.done(spec.files);
    return { ...(await this.#said(row)), alreadySubmitted, plan: null };
  }

  /** As `submit`, of what was checked before. Answers an array's first job. */
  async write(job: JobToWrite, call: Call): Promise<{ row: JobRow; alreadySubmitted: boolean }> {
    const { jobId, isNew, specHash: earlier, row: found } = await this.rows.write(job, call);
    if (!isNew && !earlier.equals(job.specHash)) throw another(job.submissionId ?? '');
    if (isNew) this.placing.soon(true);
    const row = found ?? (await this.jobs.find(jobId));
    if (row === undefined) throw noJob(jobId);
    return { row, alreadySubmitted: !isNew };
  }

  /**
   * Whether a node could run it, and its wallet have it; at which prices.
   * @throws AppError invalid_input, and quota_exceeded for a wallet that would have more jobs than its role may
   */
  async check(spec: JobSpec, { principal }: Call, more = 1): Promise<{ readonly prices: Prices }> {
    const most = this.config.jobQuotas[principal.role]?.waiting;
    const lab = await this.nodes.forSubmission(most === undefined || more === 0 ? null : principal.walletId);
    refuseImpossible(spec, lab.sizes);
    const mates = spec.gang === undefined ? [] : await this.gangs.mates(principal.walletId, spec.gang.name);
    refuseGang(spec, { nodes: lab.sizes, mates });
    refuseBeyondQuota(spec, { role: principal.role, quotas: this.config.jobQuotas, mates });
    if (most !== undefined && more > 0 && lab.alive + more > most)
      throw new AppError(
        'quota_exceeded',
        `Cannot submit ${more === 1 ? 'the job' : `${more} jobs`}: this wallet has ${lab.alive} that have not ended, and its role may have ${most}. Wait for some, or cancel them.`,
      );
    return lab;
  }

  /** The first job of an array speaks for it: it has the submission's id. */
  async #said(row: JobRow): Promise<Pick<Answer, 'job' | 'array'>> {
    if (row.arrayId === null) return { job: describeJob(row) };
    const array = await this.arrays.find(row.arrayId);
    return array === undefined ? { job: describeJob(row) } : { job: null, array: describeArray(array) };
  }

  async #before(submissionId: string, hash: Buffer, { principal }: Call): Promise<JobRow | undefined> {
    const before = await this.jobs.submitted(principal.walletId, submissionId);
    if (before !== undefined && !before.specHash.equals(hash)) throw another(submissionId);
    return before;
  }

  /** It can only name jobs that are there, and nothing names it yet: so a circle can come of it by its gang alone. */
  async #refuseAfter({ after, gang }: JobSpec, { principal }: Call): Promise<void> {
    if (after.length === 0) return;
    const ids = after.map(({ jobId }) => jobId);
    const found = await this.jobs.owners(ids);
    const theirs = new Set(found.filter(({ owner }) => isTheirs(owner, principal)).map(({ id }) => id));
    const missing = after.find(({ jobId }) => !theirs.has(jobId));
    if (missing !== undefined) throw noJob(missing.jobId);
    const mate = gang && (await this.gangs.before(principal.walletId, gang.name, after));
    if (mate !== undefined)
      throw new AppError(
        'invalid_input',
        `Cannot submit the job: ${ids.includes(mate) ? 'it is to run after' : 'what it is to run after waits for'} ${mate}, which is of its own gang ${gang?.name}. Jobs of a gang begin together, so none can wait for another’s end: give this one another gang, or leave after out.`,
      );
  }

  async #plan(
    spec: JobSpec,
    { runs, prices }: { readonly runs: number; readonly prices: Prices },
    { principal }: Call,
  ): Promise<NonNullable<Answer['plan']>> {
    const { resources, priority, gang } = spec;
    const now = new Date();
    const jobId = 'dry-run';
    const { placings, missing } = await this.placement.look({
      ...loadOf(spec),
      ...{
        jobId,
        owner: principal.walletId,
        role: principal.role,
        priority,
        submittedAt: now,
        readyAt: now,
        attempts: 0,
      },
      ...{ gang: gang?.name ?? null, gangSize: gang?.size ?? null },
    });
    const open = await this.#openAfter(spec);
    const node = open === undefined ? (placings.find((one) => one.jobId === jobId)?.node ?? null) : null;
    const lacks = missing.get(jobId) ?? 'share';
    return {
      node,
      startsAfterSeconds: node === null ? null : 0,
      missing: open ?? (node === null ? (await lackOf(lacks, loadOf(spec), this.nodes)).message : null),
      cost: microToAmount(mostMicro(spec, prices) * BigInt(runs)),
      costPerHour: microToAmount(costMicro(resources, HOUR, prices)),
    };
  }

  async #openAfter({ after }: JobSpec): Promise<string | undefined> {
    for (const { jobId, on } of after) {
      if (isArrayId(jobId)) {
        const stands = await this.arrays.stands(jobId);
        if (on === 'success' && stands.hasFailed) return `It would end at once: one of ${jobId} did not succeed.`;
        if (!stands.isOver) return `It waits for the jobs of ${jobId}.`;
        continue;
      }
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
