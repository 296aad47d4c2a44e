// Looking at jobs, and asking for their end.

import { packCursor, unpackCursor } from '@labmesh/agent';
import { type Bus } from '@labmesh/bus';
import { AppError, type Call, isArrayId, type mechanic, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { type ArrayRow, JobArrays, JobPages, type JobRow, JobRows, type PlaceInList, tellJobs } from '@labmesh/jobs';
import { BUS } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { describeArray, describeJob, describeWhole, type JobDetails } from './describe-job.js';
import { isTheirs, mayOperate, noArray, noJob } from './ownership.js';
import { Placing } from './placing.js';
import { ToldEnds } from './told-ends.repository.js';

type Tools = typeof mechanic.tools;
type Cancel = ToolInput<Tools['cancel_job']>;

const Packed = z.tuple([z.iso.datetime(), z.string().max(50)]);

@Injectable()
export class JobList {
  constructor(
    @Inject(JobRows) private readonly jobs: JobRows,
    @Inject(JobArrays) private readonly arrays: JobArrays,
    @Inject(JobPages) private readonly pages: JobPages,
    @Inject(Placing) private readonly placing: Pick<Placing, 'soon'>,
    @Inject(ToldEnds) private readonly ends: Pick<ToldEnds, 'poke'>,
    @Inject(BUS) private readonly bus: Pick<Bus, 'broadcast'>,
  ) {}

  /** @throws AppError not_found */
  async get(jobId: string, { principal }: Pick<Call, 'principal'>): Promise<JobDetails> {
    const whole = await this.jobs.whole(jobId);
    if (whole === undefined || !isTheirs(whole.job.owner, principal)) throw noJob(jobId);
    return describeWhole(whole, whole.job.arrayId === null ? undefined : await this.arrays.find(whole.job.arrayId));
  }

  async list(input: ToolInput<Tools['list_jobs']>, { principal }: Call): Promise<ToolOutput<Tools['list_jobs']>> {
    const { state: states, name, label, since, executor, node, arrayId, limit, cursor } = input;
    const owner = mayOperate(principal) ? input.owner : principal.walletId;
    if (input.owner !== undefined && owner !== input.owner)
      throw new AppError(
        'forbidden',
        'Cannot list the jobs of another wallet: the operator alone may. Leave owner out.',
      );
    const from = since === undefined ? undefined : new Date(since);
    const filter = { owner, states, name, label, since: from, executor, node, arrayId };
    // One more than asked for tells whether there are more.
    const rows = await this.pages.page(filter, limit + 1, cursor === undefined ? undefined : placeIn(cursor));
    // After its runs: a run that ends between the two is told of later, to those who still saw it going on.
    const array = arrayId === undefined ? undefined : describeArray(await this.#myArray(arrayId, principal));
    const last = rows[limit - 1];
    return {
      jobs: rows.slice(0, limit).map(describeJob),
      ...(array === undefined ? {} : { array }),
      ...(rows.length > limit && last !== undefined
        ? { nextCursor: packCursor([last.submittedAt.toISOString(), last.id]) }
        : {}),
    };
  }

  /** Ends what waits; asks the worker of what runs. Again it is the same, and what has ended stays. @throws AppError not_found */
  async cancel({ jobId, graceSeconds }: Cancel, { principal }: Call): Promise<ToolOutput<Tools['cancel_job']>> {
    const graceMs = Math.round(graceSeconds * 1_000);
    if (isArrayId(jobId)) {
      await this.#myArray(jobId, principal);
      this.#cancelled(await this.arrays.cancel(jobId, principal.walletId, graceMs));
      return { job: null, array: describeArray(await this.#myArray(jobId, principal)) };
    }
    const row = await this.#mine(jobId, principal);
    if (row.endedAt !== null) return { job: describeJob(row) };
    await this.jobs.cancel(jobId, principal.walletId, graceMs);
    this.#cancelled([{ jobId }]);
    return { job: describeJob(await this.#mine(jobId, principal)) };
  }

  #cancelled(jobs: ReadonlyArray<{ readonly jobId: string }>): void {
    for (const { jobId } of jobs) tellJobs(this.bus, { jobId, kind: 'cancel' });
    this.ends.poke();
    this.placing.soon();
  }

  async #myArray(arrayId: string, principal: Call['principal']): Promise<ArrayRow> {
    const row = await this.arrays.find(arrayId);
    if (row === undefined || !isTheirs(row.owner, principal)) throw noArray(arrayId);
    return row;
  }

  async #mine(jobId: string, principal: Call['principal']): Promise<JobRow> {
    const row = await this.jobs.find(jobId);
    if (row === undefined || !isTheirs(row.owner, principal)) throw noJob(jobId);
    return row;
  }
}

function placeIn(cursor: string): PlaceInList {
  const [submittedAt, id] = unpackCursor(cursor, Packed);
  return { submittedAt: new Date(submittedAt), id };
}
