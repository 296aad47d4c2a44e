// Writes a job: its row, its files' names, what it waits for and what it begins with, in one transaction; and asks for its money
// before. A crash at any point leaves no job without its money, and no money without its job for long.
import { AgentClients } from '@labmesh/agent';
import { BlobReferences } from '@labmesh/blobs';
import { type Call, chancellor, HOLD_SECONDS, type JobSpec, type mechanic, microToAmount } from '@labmesh/contracts';
import { DATABASE, type Database, Outbox, type Prisma } from '@labmesh/db';
import {
  type FileOfJob,
  type Inserted,
  isPlain,
  JobArrays,
  JobRows,
  type NewRun,
  type NewWork,
  type OfArray,
  type Prices,
} from '@labmesh/jobs';
import { newId } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { AskedHolds } from './asked-holds.repository.js';
import { keepGangSize } from './gangs.repository.js';
import { mostMicro } from './job-cost.js';
import type { TakenFile } from './job-files.js';

export interface JobToWrite {
  readonly spec: JobSpec;
  readonly specHash: Buffer;
  readonly submissionId: string | null;
  readonly prices: Prices;
  readonly files: readonly TakenFile[];
  /** What the first attempt finds in the checkpoint folder. */
  readonly checkpoints: readonly FileOfJob[];
  /** Many runs of it: a job for each. */
  readonly array?: ArrayToWrite | undefined;
  /** It tries a run of this array again. */
  readonly ofArray?: OfArray | undefined;
}

export interface ArrayToWrite {
  readonly parallel: number | null;
  /** Of each run, by its index, what it has over the environment of the others. */
  readonly environments: ReadonlyArray<Readonly<Record<string, string>>>;
}

const BYTES = 'application/octet-stream';
/** Beyond all its tries: waiting, and the waits before tries. */
const WAITING_SECONDS = 30 * 86_400;

@Injectable()
export class NewJobs {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(JobRows) private readonly jobs: JobRows,
    @Inject(JobArrays) private readonly arrays: JobArrays,
    @Inject(BlobReferences) private readonly references: BlobReferences,
    @Inject(AskedHolds) private readonly asked: AskedHolds,
    @Inject(AgentClients) private readonly clients: AgentClients<typeof mechanic>,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {}

  /** @throws AppError what the Chancellor refuses the money with, quota_exceeded for files; then nothing is left */
  async write(job: JobToWrite, call: Call): Promise<Inserted> {
    const environments = job.array?.environments ?? [{}];
    const ids = environments.map(() => `job_${newId()}`);
    const heldMicro = mostMicro(job.spec, job.prices);
    const holdIds = heldMicro === 0n ? [] : await this.#hold(ids, { ...job, heldMicro }, call);
    const runs = ids.map((id, at) => ({ id, holdId: holdIds[at] ?? null, environment: environments[at] ?? {} }));
    try {
      const inserted = await this.#insert({ ...job, runs, heldMicro }, call);
      if (holdIds.length > 0 && !inserted.isNew) await this.asked.drop(ids);
      // One that waits for a job that has failed has ended already, which is told.
      if (job.spec.after.length > 0) this.outbox.poke();
      return inserted;
    } catch (error) {
      if (holdIds.length > 0) await this.asked.drop(ids);
      throw error;
    }
  }

  async #hold(
    jobIds: string[],
    { spec: { resources, tries }, array, heldMicro }: JobToWrite & { readonly heldMicro: bigint },
    call: Call,
  ): Promise<string[]> {
    await this.asked.ask(jobIds, call.principal.walletId);
    const turns = Math.ceil(jobIds.length / (array?.parallel ?? jobIds.length));
    const expiresInSeconds = Math.min(HOLD_SECONDS.most, resources.wallSeconds * tries * turns + WAITING_SECONDS);
    try {
      const ask = this.clients.of(chancellor, call);
      return (await ask.hold_for_work({ jobIds, amount: microToAmount(heldMicro), expiresInSeconds })).holdIds;
    } catch (error) {
      await this.asked.drop(jobIds);
      throw error;
    }
  }

  /** A job that is nothing but its row is one statement; all else is a transaction. */
  async #insert(job: Runs, { principal }: Call): Promise<Inserted> {
    const { runs, spec, files, checkpoints, array, ofArray, ...rest } = job;
    const [first] = runs;
    if (first === undefined) throw new Error('a submission of nothing');
    const { walletId: owner, role } = principal;
    // Contents of files are beside the row, and texts among them may be long. Runs of an array share them.
    const work = { ...rest, owner, role, spec: { ...spec, files: [] } };
    const alone = { ...work, ...first, files: [], ofArray };
    const { gang } = spec;
    if (array === undefined && gang === undefined && files.length + checkpoints.length === 0 && isPlain(alone))
      return await this.jobs.insertPlain(alone);
    return await this.database.prisma.$transaction(async (tx) => {
      if (gang !== undefined) await keepGangSize(tx, owner, gang);
      return await this.#rows(tx, { ...job, work, first }, principal);
    });
  }

  async #rows(
    tx: Prisma.TransactionClient,
    { runs, files, checkpoints, array, ofArray, work, first }: Runs & Written,
    { walletId: owner, role }: Call['principal'],
  ): Promise<Inserted> {
    const names = [...files, ...checkpoints.map((file) => ({ ...file, mediaType: BYTES }))];
    const ids = await this.references.claim(
      tx,
      names.map(({ path, sha256, bytes, mediaType }) => ({
        sha256,
        bytes,
        mediaType,
        name: nameOf(path),
        owner,
        role,
      })),
    );
    const blobIdOf = (at: number): string => ids[at] ?? '';
    const given = { ...work, files: files.map(({ path, mode }, at) => ({ path, mode, blobId: blobIdOf(at) })) };
    const inserted =
      array === undefined
        ? await this.jobs.insert(tx, { ...given, ...first, ofArray })
        : await this.arrays.insert(tx, { ...given, arrayId: `arr_${newId()}`, parallel: array.parallel, runs });
    if (!inserted.isNew) {
      await this.references.release(tx, ids);
      return inserted;
    }
    for (const [at, { path, sha256, bytes }] of checkpoints.entries())
      await tx.$executeRaw`
        INSERT INTO mechanic.job_artifacts (job_id, kind, path, attempt, blob_id, sha256, bytes)
        VALUES (${first.id}, 'checkpoint', ${path}, 1, ${blobIdOf(files.length + at)}, ${sha256}, ${bytes})`;
    return inserted;
  }
}

type Runs = JobToWrite & { readonly runs: readonly NewRun[]; readonly heldMicro: bigint };

interface Written {
  readonly work: Omit<NewWork, 'files'>;
  readonly first: NewRun;
}

const nameOf = (path: string): string => (path.split('/').at(-1) ?? path).slice(0, 255);
