// A machine with workers for tests: real rows, queues, bytes and processes, and as much of a Mechanic as places jobs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobReferences, type Blobs, openBlobs } from '@labmesh/blobs';
import { AttemptQueues, AttemptRows, JobLogs, type JobNotice, LogChunks, WorkerRows } from '@labmesh/jobs';
import { createLogger, newId } from '@labmesh/runtime';
import { expect } from 'vitest';
import { type Asked, type JobsBed, submit } from '../../../libs/jobs/src/bed.testing.js';
import { readWorkerConfig, type WorkerConfig } from './config.js';
import { JOB_PATH } from './executors/process/programs.js';
import { makeWorker } from './make-worker.js';
import type { Worker } from './worker.js';

export interface Machine extends AsyncDisposable {
  readonly home: string;
  readonly bed: JobsBed;
  readonly blobs: Blobs;
  readonly references: BlobReferences;
  readonly workers: Worker[];
  /** One more worker, begun. */
  worker(more?: Partial<WorkerConfig>): Promise<Worker>;
  /** Submits a job and places what waits. */
  submit(asked: Asked): Promise<string>;
  place(): Promise<void>;
  /** Tells all workers. */
  tell(notice: JobNotice): void;
  cancel(jobId: string, graceMs?: number): Promise<void>;
  /** Places again and again until it has ended. */
  ended(jobId: string): Promise<Ended>;
  /** What an attempt wrote, both streams in their order. */
  log(jobId: string, number?: number): Promise<string>;
}

export interface Ended {
  readonly state: string;
  readonly reason: string | null;
  readonly message: string | null;
  readonly attempts: number;
}

export const NODE = 'test-node';
const TERMINAL = ['succeeded', 'failed', 'cancelled', 'dependency_failed'];

export async function machine(bed: JobsBed): Promise<Machine> {
  const home = await mkdtemp(join(tmpdir(), 'labmesh-worker-'));
  const { database } = bed;
  const blobs = await openBlobs({ folder: join(home, 'blobs') });
  const references = new BlobReferences({ database, store: blobs.of('mechanic'), agent: 'mechanic' });
  const chunks = new LogChunks(database, references);
  const queues = new AttemptQueues({ config: {}, database });
  const workers: Worker[] = [];
  const own: AttemptQueues[] = [queues];
  const tell = (notice: JobNotice): void => {
    for (const worker of workers) worker.hear(notice);
  };
  const place = async (): Promise<void> => {
    for (const { jobId, number, node } of await bed.placement.place()) {
      await queues.add(node, { jobId, number });
      tell({ jobId, attempt: number, kind: 'placed', node });
    }
  };
  const found = async (jobId: string): Promise<Ended> => {
    const job = await bed.jobs.find(jobId);
    if (job === undefined) throw new Error(`there is no ${jobId}`);
    return { state: job.state, reason: job.reason, message: job.message, attempts: job.attempts };
  };
  return {
    ...{ home, bed, blobs, references, workers, place, tell },
    worker: async (more = {}) => {
      const config: WorkerConfig = {
        ...readWorkerConfig(
          { home },
          {
            PATH: JOB_PATH,
            LABMESH_NODE: NODE,
            LABMESH_WORKER_CPUS: '8',
            LABMESH_WORKER_GPUS: '2',
            LABMESH_WORKER_MEMORY_MB: '4096',
          },
        ),
        ...{ leaseMs: 10_000, idleLeaseMs: 10_000, checkpointEveryMs: 50, drainGraceMs: 2_000, processes: 64 },
        ...more,
      };
      const mine = new AttemptQueues({ config: {}, database });
      own.push(mine);
      const worker = await makeWorker({
        ...{ config, workerId: newId(), references, queues: mine, tell },
        workers: new WorkerRows(database),
        rows: new AttemptRows(database),
        logs: new JobLogs({ folder: config.jobsFolder, chunks, bytesMax: config.logBytesMax }),
        log: createLogger('worker', 'silent'),
      });
      workers.push(worker);
      await worker.start();
      return worker;
    },
    submit: async (asked) => {
      const jobId = await submit(bed, { resources: { memoryMb: 64, diskMb: 64, cpus: 0.5 }, ...asked });
      await place();
      return jobId;
    },
    cancel: async (jobId, graceMs = 1_000) => {
      await bed.jobs.cancel(jobId, 'wal_operator', graceMs);
      tell({ jobId, kind: 'cancel' });
    },
    ended: async (jobId) => {
      await expect
        .poll(async () => {
          await place();
          return (await found(jobId)).state;
        })
        .toSatisfy((state: string) => TERMINAL.includes(state));
      return found(jobId);
    },
    log: async (jobId, number = 1) => {
      const texts: Buffer[] = [];
      for (const { sha256 } of await chunks.of({ jobId, number }))
        texts.push(Buffer.concat(await (await references.store.read(sha256)).toArray()));
      return Buffer.concat(texts).toString('latin1');
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
      await Promise.all(own.map((one) => one.close()));
      await blobs.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
