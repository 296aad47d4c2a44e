// The worker for as long as its process serves: begun once it does, drained when it stops.
import { BlobReferences } from '@labmesh/blobs';
import type { Bus } from '@labmesh/bus';
import { AttemptQueues, AttemptRows, JobLogs, type JobNotice, tellJobs, WorkerRows } from '@labmesh/jobs';
import { BUS, Lifecycle, LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { WORKER_CONFIG, type WorkerConfig } from './config.js';
import type { Worker } from './worker.js';

export const WORKER_ID = Symbol('WORKER_ID');

@Injectable()
export class WorkerProcess implements OnModuleInit, OnModuleDestroy {
  #worker: Promise<Worker | undefined> | undefined;
  #begun: Worker | undefined;
  #isStopping = false;

  constructor(
    @Inject(WORKER_ID) readonly workerId: string,
    @Inject(WORKER_CONFIG) private readonly config: WorkerConfig,
    @Inject(WorkerRows) private readonly workers: WorkerRows,
    @Inject(AttemptRows) private readonly rows: AttemptRows,
    @Inject(AttemptQueues) private readonly queues: AttemptQueues,
    @Inject(BlobReferences) private readonly references: BlobReferences,
    @Inject(JobLogs) private readonly logs: JobLogs,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(Lifecycle) private readonly lifecycle: Lifecycle,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    if (this.config.executors.length === 0) return;
    this.lifecycle.onServing(() => {
      this.#worker = this.#begin().catch((error: unknown) => {
        if (this.#isStopping) return undefined;
        this.log.error({ err: error }, 'the worker cannot begin: no jobs run here');
        return undefined;
      });
    });
  }

  hear(notice: JobNotice): void {
    this.#begun?.hear(notice);
  }

  /** Resolves when it takes attempts; undefined where it runs none. */
  get begun(): Promise<Worker | undefined> {
    return this.#worker ?? Promise.resolve(undefined);
  }

  /** Does not wait for a worker that is still looking at its machine: it holds nothing yet. */
  async onModuleDestroy(): Promise<void> {
    this.#isStopping = true;
    await this.#begun?.stop();
    await this.queues.close();
  }

  async #begin(): Promise<Worker | undefined> {
    const { config, workers, rows, queues, references, logs, log, bus, workerId } = this;
    const { makeWorker } = await import('./make-worker.js');
    const tell = (notice: JobNotice): void => tellJobs(bus, notice);
    const worker = await makeWorker({ config, workerId, workers, rows, queues, references, logs, tell, log });
    if (this.#isStopping) return undefined;
    this.#begun = worker;
    await worker.start();
    return worker;
  }
}
