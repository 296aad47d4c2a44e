// The rows that reading logs needs: jobs with their attempts, and the chunks that are kept.
import { BlobReferences } from '@labmesh/blobs';
import { DATABASE, type Database } from '@labmesh/db';
import { LogChunks, LoggedJobs } from '@labmesh/jobs';
import { Inject, Injectable } from '@nestjs/common';

@Injectable()
export class LogRows {
  readonly jobs: LoggedJobs;
  readonly chunks: LogChunks;

  constructor(@Inject(DATABASE) database: Database, @Inject(BlobReferences) references: BlobReferences) {
    this.jobs = new LoggedJobs(database);
    this.chunks = new LogChunks(database, references);
  }
}
