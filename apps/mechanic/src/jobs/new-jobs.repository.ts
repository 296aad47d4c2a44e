// Writes a job: its row, its files' names, what it waits for and what it begins with, in one transaction; and asks for its money
// before. A crash at any point leaves no job without its money, and no money without its job for long.
import { AgentClients } from '@labmesh/agent';
import { BlobReferences } from '@labmesh/blobs';
import {
  AppError,
  type Call,
  chancellor,
  HOLD_SECONDS,
  type JobSpec,
  type mechanic,
  microToAmount,
} from '@labmesh/contracts';
import { DATABASE, type Database, Outbox, type Prisma } from '@labmesh/db';
import { type FileOfJob, type Inserted, JobRows, type Prices } from '@labmesh/jobs';
import { newId } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { AskedHolds } from './asked-holds.repository.js';
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
}

const BYTES = 'application/octet-stream';
/** Beyond all its tries: waiting, and the waits before tries. */
const WAITING_SECONDS = 30 * 86_400;

@Injectable()
export class NewJobs {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(JobRows) private readonly jobs: JobRows,
    @Inject(BlobReferences) private readonly references: BlobReferences,
    @Inject(AskedHolds) private readonly asked: AskedHolds,
    @Inject(AgentClients) private readonly clients: AgentClients<typeof mechanic>,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {}

  /** @throws AppError what the Chancellor refuses the money with, quota_exceeded for files; then nothing is left */
  async write(job: JobToWrite, call: Call): Promise<Inserted> {
    const id = `job_${newId()}`;
    const heldMicro = mostMicro(job.spec, job.prices);
    const holdId = heldMicro === 0n ? null : await this.#hold(id, job.spec, heldMicro, call);
    try {
      const inserted = await this.database.prisma.$transaction((tx) =>
        this.#rows(tx, { ...job, id, holdId, heldMicro }, call),
      );
      if (holdId !== null && !inserted.isNew) await this.asked.drop(id);
      // One that waits for a job that has failed has ended already, which is told.
      if (job.spec.after.length > 0) this.outbox.poke();
      return inserted;
    } catch (error) {
      if (holdId !== null) await this.asked.drop(id);
      throw error;
    }
  }

  async #hold(jobId: string, { resources, tries }: JobSpec, micro: bigint, call: Call): Promise<string> {
    await this.asked.ask(jobId, call.principal.walletId);
    const expiresInSeconds = Math.min(HOLD_SECONDS.most, resources.wallSeconds * tries + WAITING_SECONDS);
    try {
      const ask = this.clients.of(chancellor, call);
      return (await ask.hold_for_work({ jobId, amount: microToAmount(micro), expiresInSeconds })).holdId;
    } catch (error) {
      await this.asked.drop(jobId);
      throw error;
    }
  }

  async #rows(
    tx: Prisma.TransactionClient,
    job: JobToWrite & { id: string; holdId: string | null; heldMicro: bigint },
    { principal }: Call,
  ): Promise<Inserted> {
    const { id, spec, files, checkpoints, ...rest } = job;
    const { walletId: owner, role } = principal;
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
    const inserted = await this.jobs.insert(tx, {
      ...rest,
      id,
      owner,
      role,
      // Their content is beside the row, and texts among them may be long.
      spec: { ...spec, files: [] },
      files: files.map(({ path, mode }, at) => ({ path, mode, blobId: blobIdOf(at) })),
    });
    if (!inserted.isNew) {
      await this.references.release(tx, ids);
      return inserted;
    }
    for (const [at, { path, sha256, bytes }] of checkpoints.entries())
      await tx.$executeRaw`
        INSERT INTO mechanic.job_artifacts (job_id, kind, path, attempt, blob_id, sha256, bytes)
        VALUES (${id}, 'checkpoint', ${path}, 1, ${blobIdOf(files.length + at)}, ${sha256}, ${bytes})`;
    if (job.holdId !== null && !(await this.asked.used(tx, id)))
      throw new AppError('deadline_exceeded', 'Cannot submit the job: it took too long. Nothing was kept; try again.');
    return inserted;
  }
}

const nameOf = (path: string): string => (path.split('/').at(-1) ?? path).slice(0, 255);
