// Wires a worker: its settings, its rows, its logs, what it hears. What runs jobs is loaded once the process serves.
import { BLOBS, BlobReferences, type Blobs } from '@labmesh/blobs';
import { mechanic } from '@labmesh/contracts';
import { DATABASE, type Database } from '@labmesh/db';
import {
  AttemptQueues,
  AttemptRows,
  JobLogs,
  LogChunks,
  LogNews,
  logQuestionsController,
  nodeCareController,
  WorkerRows,
} from '@labmesh/jobs';
import { LAB_CONFIG, type LabConfig, newId, ResourceChanges } from '@labmesh/runtime';
import { type FactoryProvider, Module } from '@nestjs/common';
import { ownNode, readWorkerConfig, WORKER_CONFIG, type WorkerConfig } from './config.js';
import { JobNotices } from './job-notices.js';
import { WORKER_ID, WorkerProcess } from './worker-process.js';

/** Of this process. One that lost its lease goes on under it, once everything that it ran has ended. */
const workerId = newId();

/** The Mechanic's rows and bytes: a worker writes to those of the attempts that it holds. */
const ROWS: FactoryProvider[] = [
  { provide: WorkerRows, inject: [DATABASE], useFactory: (database: Database) => new WorkerRows(database) },
  { provide: AttemptRows, inject: [DATABASE], useFactory: (database: Database) => new AttemptRows(database) },
  {
    provide: AttemptQueues,
    inject: [LAB_CONFIG, DATABASE],
    useFactory: (config: LabConfig, database: Database) => new AttemptQueues({ config, database }),
  },
  {
    provide: BlobReferences,
    inject: [DATABASE, BLOBS],
    useFactory: (database: Database, blobs: Blobs) =>
      new BlobReferences({ database, store: blobs.of(mechanic.name), agent: mechanic.name }),
  },
  {
    provide: LogChunks,
    inject: [DATABASE, BlobReferences],
    useFactory: (database: Database, references: BlobReferences) => new LogChunks(database, references),
  },
  {
    provide: JobLogs,
    inject: [WORKER_CONFIG, LogChunks, ResourceChanges],
    useFactory: ({ jobsFolder, logBytesMax }: WorkerConfig, chunks: LogChunks, changes: ResourceChanges) => {
      const news = new LogNews(changes);
      return new JobLogs({
        ...{ folder: jobsFolder, bytesMax: logBytesMax, chunks },
        told: (jobId) => news.written(jobId),
      });
    },
  },
];

@Module({
  controllers: [JobNotices, logQuestionsController(workerId), nodeCareController(ownNode())],
  providers: [
    { provide: WORKER_ID, useValue: workerId },
    { provide: WORKER_CONFIG, inject: [LAB_CONFIG], useFactory: (lab: LabConfig) => readWorkerConfig(lab) },
    ...ROWS,
    WorkerProcess,
  ],
})
export class WorkerModule {}
