// Looking at jobs, and asking for their end.
import { AppError, type Call, type mechanic, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { type Bus } from '@labmesh/bus';
import { JobPages, type JobRow, JobRows, type PlaceInList, tellJobs } from '@labmesh/jobs';
import { BUS } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { describeJob, describeWhole, type JobDetails, type JobSummary } from './describe-job.js';
import { isTheirs, mayOperate, noJob } from './ownership.js';
import { Placing } from './placing.js';
import { ToldEnds } from './told-ends.repository.js';

type Tools = typeof mechanic.tools;

const Packed = z.tuple([z.iso.datetime(), z.string().max(50)]);

@Injectable()
export class JobList {
  constructor(
    @Inject(JobRows) private readonly jobs: JobRows,
    @Inject(JobPages) private readonly pages: JobPages,
    @Inject(Placing) private readonly placing: Pick<Placing, 'soon'>,
    @Inject(ToldEnds) private readonly ends: Pick<ToldEnds, 'poke'>,
    @Inject(BUS) private readonly bus: Pick<Bus, 'broadcast'>,
  ) {}

  /** @throws AppError not_found */
  async get(jobId: string, { principal }: Pick<Call, 'principal'>): Promise<JobDetails> {
    const whole = await this.jobs.whole(jobId);
    if (whole === undefined || !isTheirs(whole.job.owner, principal)) throw noJob(jobId);
    return describeWhole(whole);
  }

  async list(input: ToolInput<Tools['list_jobs']>, { principal }: Call): Promise<ToolOutput<Tools['list_jobs']>> {
    const { state: states, name, label, since, limit, cursor } = input;
    const owner = mayOperate(principal) ? input.owner : principal.walletId;
    if (input.owner !== undefined && owner !== input.owner)
      throw new AppError(
        'forbidden',
        'Cannot list the jobs of another wallet: the operator alone may. Leave owner out.',
      );
    const filter = { owner, states, name, label, since: since === undefined ? undefined : new Date(since) };
    // One more than asked for tells whether there are more.
    const rows = await this.pages.page(filter, limit + 1, cursor === undefined ? undefined : unpack(cursor));
    const last = rows[limit - 1];
    return {
      jobs: rows.slice(0, limit).map(describeJob),
      ...(rows.length > limit && last !== undefined ? { nextCursor: pack(last) } : {}),
    };
  }

  /** Ends what waits; asks the worker of what runs. Again it is the same, and what has ended stays. @throws AppError not_found */
  async cancel(jobId: string, graceSeconds: number, { principal }: Call): Promise<JobSummary> {
    const row = await this.#mine(jobId, principal);
    if (row.endedAt !== null) return describeJob(row);
    await this.jobs.cancel(jobId, principal.walletId, Math.round(graceSeconds * 1_000));
    tellJobs(this.bus, { jobId, kind: 'cancel' });
    this.ends.poke();
    this.placing.soon();
    return describeJob(await this.#mine(jobId, principal));
  }

  async #mine(jobId: string, principal: Call['principal']): Promise<JobRow> {
    const row = await this.jobs.find(jobId);
    if (row === undefined || !isTheirs(row.owner, principal)) throw noJob(jobId);
    return row;
  }
}

const pack = ({ submittedAt, id }: PlaceInList): string =>
  Buffer.from(JSON.stringify([submittedAt.toISOString(), id])).toString('base64url');

function unpack(cursor: string): PlaceInList {
  try {
    const [submittedAt, id] = Packed.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { submittedAt: new Date(submittedAt), id };
  } catch (cause) {
    throw new AppError(
      'invalid_input',
      'Cannot go on from this cursor: use the nextCursor of the page before, unchanged.',
      { cause },
    );
  }
}
