// Whose logs and artefacts somebody may read: those of their own jobs, and whoever operates jobs those of all. Another wallet's job
// is told from none by nobody.
import type { Call } from '@labmesh/contracts';
import { type LoggedJob, LogReader } from '@labmesh/jobs';
import { Inject, Injectable } from '@nestjs/common';
import { isTheirs, noJob } from '../jobs/ownership.js';

@Injectable()
export class LogAccess {
  constructor(@Inject(LogReader) private readonly reader: LogReader) {}

  /** @throws AppError not_found */
  async job(jobId: string, call: Pick<Call, 'principal'>): Promise<LoggedJob> {
    const job = await this.reader.job(jobId);
    if (job === undefined || !isTheirs(job.owner, call.principal)) throw noJob(jobId);
    return job;
  }

  async may(jobId: string, call: Pick<Call, 'principal'>): Promise<boolean> {
    const job = await this.reader.job(jobId);
    return job !== undefined && isTheirs(job.owner, call.principal);
  }
}
