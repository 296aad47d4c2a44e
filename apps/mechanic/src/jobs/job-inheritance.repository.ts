// What a job leaves to one that tries it again: the content of its files, and its checkpoints.
import { DATABASE, type Database } from '@labmesh/db';
import type { FileOfJob } from '@labmesh/jobs';
import { Inject, Injectable } from '@nestjs/common';
import type { TakenFile } from './job-files.js';

interface Row {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: string;
}

@Injectable()
export class JobInheritance {
  constructor(@Inject(DATABASE) private readonly database: Pick<Database, 'pool'>) {}

  async of(jobId: string): Promise<{ files: TakenFile[]; checkpoints: FileOfJob[] }> {
    const files = await this.database.pool.query<Row & { mode: number; mediaType: string }>(
      `SELECT f.path, f.mode, b.sha256, b.bytes, b.media_type AS "mediaType"
         FROM mechanic.job_files f JOIN mechanic.blobs b ON b.id = f.blob_id WHERE f.job_id = $1 ORDER BY f.path`,
      [jobId],
    );
    const checkpoints = await this.database.pool.query<Row>(
      `SELECT path, sha256, bytes FROM mechanic.job_artifacts WHERE job_id = $1 AND kind = 'checkpoint' ORDER BY path`,
      [jobId],
    );
    return {
      files: files.rows.map((row) => ({ ...row, bytes: Number(row.bytes) })),
      checkpoints: checkpoints.rows.map((row) => ({ ...row, bytes: Number(row.bytes) })),
    };
  }
}
