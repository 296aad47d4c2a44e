// Puts a worker together from its settings: loaded when there is one to begin, as executors and what runs attempts are much code.
import type { BlobReferences } from '@labmesh/blobs';
import type { ExecutorKind } from '@labmesh/contracts';
import {
  type AttemptQueues,
  type AttemptRows,
  type Executor,
  type JobLogs,
  type JobNotice,
  measureGpus,
  type WorkerRows,
} from '@labmesh/jobs';
import type { Logger } from '@labmesh/runtime';
import { attemptFolder } from './attempts/attempt-run.js';
import { removeLeft } from './attempts/left-folders.js';
import { VirtualEnvironments } from './attempts/virtual-environments.js';
import type { WorkerConfig } from './config.js';
import { settingsOf } from './executors/engine-settings.js';
import { type EngineKind, openExecutor } from './executors/open-executor.js';
import { ProcessExecutor } from './executors/process/process-executor.js';
import { JOB_PATH, programIn } from './executors/process/programs.js';
import { Worker } from './worker.js';

export interface MadeOf {
  readonly config: WorkerConfig;
  readonly workerId: string;
  readonly workers: WorkerRows;
  readonly rows: AttemptRows;
  readonly queues: AttemptQueues;
  readonly references: BlobReferences;
  readonly logs: JobLogs;
  readonly tell: (notice: JobNotice) => void;
  readonly log: Logger;
}

/** Attempts at once: what a node has room for is decided where they are placed. */
const CONCURRENCY = 1_000;
const RETRY_MS = 200;

export async function makeWorker(made: MadeOf): Promise<Worker> {
  const { config, workerId, workers, rows, queues, references, logs, tell, log } = made;
  const processes = new ProcessExecutor({
    hidden: config.hidden,
    jobs: config.jobsFolder,
    environments: config.environmentsFolder,
    processes: config.processes,
  });
  const executors = new Map<ExecutorKind, Executor>();
  for (const kind of config.executors) executors.set(kind, kind === 'process' ? processes : await engine(kind, config));
  const gpus = config.gpus ?? (await measureGpus().catch(() => [])).length;
  const { node, cpuMilli, memoryMb, leaseMs, idleLeaseMs, drainGraceMs, checkpointEveryMs } = config;
  return new Worker({
    workerId,
    options: { node, cpuMilli, memoryMb, gpus, leaseMs, idleLeaseMs, drainGraceMs, concurrency: CONCURRENCY },
    executors,
    workers,
    rows,
    queues,
    tell,
    log,
    attempts: {
      references,
      store: references.store,
      logs,
      environments: environmentsOf(config, processes),
      folderOf: attemptFolder(config.jobsFolder),
      removeLeft: (alive) => removeLeft(config.jobsFolder, alive),
      measureGpus,
      checkpointEveryMs,
      retryMs: RETRY_MS,
    },
  });
}

function environmentsOf(config: WorkerConfig, executor: Executor): VirtualEnvironments {
  const path = `${config.path}:${JOB_PATH}`;
  return new VirtualEnvironments(
    {
      folder: config.environmentsFolder,
      python: programIn(path, config.python) ?? config.python,
      uv: programIn(path, 'uv'),
      variables: config.installerVariables,
      kept: config.environmentsKept,
    },
    executor,
  );
}

const engine = (kind: EngineKind, { engines }: WorkerConfig): Promise<Executor> =>
  openExecutor(kind, settingsOf(engines, kind));
