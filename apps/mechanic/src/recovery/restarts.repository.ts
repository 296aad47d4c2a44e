// Submits a job that the lab gave up once more: as a new job of the same owner, with the same files and checkpoints, at no cost, since
// the lab failed it. Once: it has a submission id that follows from the job's.
import { BlobReferences } from '@labmesh/blobs';
import type { Role } from '@labmesh/contracts';
import { DATABASE, type Database } from '@labmesh/db';
import { JobRows, ofArrayOf, type Prices } from '@labmesh/jobs';
import { newId } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { JobInheritance } from '../jobs/job-inheritance.repository.js';

const FREE: Prices = { cpuSecond: 0n, gpuSecond: 0n, gbSecond: 0n };

@Injectable()
export class Restarts {
  constructor(
    @Inject(DATABASE) private readonly database: Pick<Database, 'prisma'>,
    @Inject(JobRows) private readonly jobs: JobRows,
    @Inject(JobInheritance) private readonly inheritance: JobInheritance,
    @Inject(BlobReferences) private readonly references: BlobReferences,
  ) {}

  /** The new job's id; undefined when there is one already. @throws AppError quota_exceeded for its files */
  async restart(jobId: string): Promise<string | undefined> {
    const whole = await this.jobs.whole(jobId);
    if (whole === undefined || whole.job.state !== 'failed') return undefined;
    const { job } = whole;
    const { files, checkpoints } = await this.inheritance.of(jobId);
    const { gang: _, ...spec } = { ...job.spec, files: [], after: [] };
    const id = `job_${newId()}`;
    const { owner } = job;
    const isNew = await this.database.prisma.$transaction(async (tx) => {
      const named = [...files, ...checkpoints.map((file) => ({ ...file, mediaType: 'application/octet-stream' }))];
      const ids = await this.references.claim(
        tx,
        named.map(({ path, sha256, bytes, mediaType }) => ({
          ...{ sha256, bytes, mediaType, owner, role: job.role as Role },
          name: (path.split('/').at(-1) ?? path).slice(0, 255),
        })),
      );
      const inserted = await this.jobs.insert(tx, {
        ...{ id, owner, role: job.role, spec, specHash: job.specHash, submissionId: `recovery.${jobId}` },
        ...{ holdId: null, heldMicro: 0n, prices: FREE, ofArray: ofArrayOf(job) },
        files: files.map(({ path, mode }, at) => ({ path, mode, blobId: ids[at] ?? '' })),
      });
      if (!inserted.isNew) {
        await this.references.release(tx, ids);
        return false;
      }
      for (const [at, { path, sha256, bytes }] of checkpoints.entries())
        await tx.$executeRaw`
          INSERT INTO mechanic.job_artifacts (job_id, kind, path, attempt, blob_id, sha256, bytes)
          VALUES (${id}, 'checkpoint', ${path}, 1, ${ids[files.length + at] ?? ''}, ${sha256}, ${bytes})`;
      return true;
    });
    return isNew ? id : undefined;
  }
}
