// What runs attempts: one interface for a process of this machine, a container, and a cluster that the lab already has.
// An executor starts, watches and ends what it was given; queues, rows, money and retries it never knows.
import type { EndReason, ExecutorKind, JobSpec, nodeTools } from '@labmesh/contracts';
import type { z } from 'zod';
import type { RunOfArray } from './rows/job-row.js';

type NodeOfList = z.output<(typeof nodeTools)['list_nodes']['output']>['nodes'][number];

/** What an executor can do here, as it was probed. */
export type ExecutorReport = NodeOfList['executors'][number];

/** One attempt, with everything in its place: files fetched, environment complete. */
export interface AttemptToRun {
  readonly jobId: string;
  readonly number: number;
  readonly spec: JobSpec;
  /** Program and arguments. A script is a file in the folder by now. */
  readonly command: readonly string[];
  /**
   * All of it: nothing of the worker's own environment is to be seen by the job. `CUDA_VISIBLE_DEVICES` is always set. `PATH` is of
   * this machine: an executor that runs images leaves it to the image.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute: the job's own folder, its working directory. It outlives the attempt by as long as its files are being kept. */
  readonly folder: string;
  /** Indexes of the GPUs that are this attempt's alone. */
  readonly gpus: readonly number[];
  /** Which run of which array it is: an executor may hand several over at once. Missing or null where it is none. */
  readonly array?: RunOfArray | null;
  readonly log: AttemptLog;
}

/** Where an attempt's output goes. Resolves when more may come: whoever writes waits for it. */
export interface AttemptLog {
  /** Bytes of each stream that the log has for good: there an attempt goes on whose worker was lost. */
  readonly written: Readonly<Record<'stdout' | 'stderr', number>>;
  /** Bytes as they came, in their order. @throws AppError too_large beyond what a job may write */
  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void>;
}

/** What an attempt has used until now, and at most. */
export interface Usage {
  readonly cpuMs: number;
  readonly gpuMs: number;
  /** Resident, of all its processes together. */
  readonly memoryBytes: number;
  readonly memoryPeakBytes: number;
}

export interface AttemptEnd {
  /** Null when a signal ended it, or when it never began. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What the executor knows better than the exit code says: a limit that was met. */
  readonly reason: Extract<
    EndReason,
    'memory' | 'disk' | 'processes' | 'log_size' | 'wall_time' | 'start_failed' | 'worker_lost'
  > | null;
  /** For people, with what to do; null where the reason says it all. */
  readonly message: string | null;
  readonly usage: Usage;
}

export interface RunningAttempt {
  /** By which another worker finds it again: kept in the attempt's row. */
  readonly handle: string;
  /** Resolves when it really runs, where an engine lets it wait in a queue of its own; never rejects. Missing: it runs at once. */
  readonly began?: Promise<void>;
  /** Resolves once, when nothing of it runs any more and all it wrote is in the log. Never rejects. */
  readonly ended: Promise<AttemptEnd>;
  usage(): Promise<Usage>;
  /** SIGTERM to the job. It may go on for as long as its grace; safe to call again. */
  terminate(): Promise<void>;
  /** Ends everything of it, whatever it does. */
  kill(): Promise<void>;
  /**
   * Stops following it, for a worker that stops: it goes on, and another worker adopts it. Resolves when nothing is written to the
   * log any more; `ended` never does. Missing where it would not outlive the worker.
   */
  leave?(): Promise<void>;
}

/** The runner of attempts holds them to their wall time, log and folder's size, whatever runs them. An executor does the rest. */
export interface Executor {
  readonly kind: ExecutorKind;
  /** Looks what this machine permits. @throws AppError unavailable when there is no such engine here */
  probe(): Promise<ExecutorReport>;
  /**
   * Refuses what it cannot keep: a limit that nothing enforces here, an image that does not exist.
   * @throws AppError invalid_input, not_found, unavailable
   */
  refuse(spec: JobSpec): Promise<void>;
  /** @throws AppError invalid_input with what to do, when it cannot be started; nothing of it is left then */
  start(attempt: AttemptToRun): Promise<RunningAttempt>;
  /**
   * Takes up what an earlier worker began, log and all, where the engine keeps running without the worker.
   * Undefined where it does not, or when nothing is left.
   */
  adopt(attempt: AttemptToRun, handle: string): Promise<RunningAttempt | undefined>;
  /**
   * Ends what may be left of an attempt whose worker is gone, also of one that never told its handle: whatever carries the job's
   * mark. Resolves when nothing of it runs.
   */
  reap(attempt: Pick<AttemptToRun, 'jobId' | 'number'>, handle: string | null): Promise<void>;
  /** Lets go of what it keeps ready for further attempts. Missing where it keeps nothing. */
  close?(): Promise<void>;
}
