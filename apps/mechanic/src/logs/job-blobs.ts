// Bytes of jobs: what they left, were given and wrote, for whoever may read the job.
import { type BlobReference, BlobReferences } from '@labmesh/blobs';
import type { Call } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { Artifacts } from './artifacts.repository.js';
import { LogAccess } from './log-access.js';

@Injectable()
export class JobBlobs {
  constructor(
    @Inject(LogAccess) private readonly access: LogAccess,
    @Inject(Artifacts) private readonly artifacts: Artifacts,
    @Inject(BlobReferences) private readonly references: BlobReferences,
  ) {}

  /** Undefined for what is no job's, and for another wallet's. */
  async find(id: string, call: Call): Promise<BlobReference | undefined> {
    const jobId = await this.artifacts.jobOf(id);
    const may = jobId !== undefined && (await this.access.may(jobId, call));
    return may ? this.references.find(id) : undefined;
  }
}
