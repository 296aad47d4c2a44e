// What running an attempt needs of the rest of its worker.
import type { BlobReferences, BlobStore } from '@labmesh/blobs';
import type { AttemptLog, AttemptRows, ClaimedAttempt, Executor, GpuFigures, JobNotice } from '@labmesh/jobs';
import type { Logger } from '@labmesh/runtime';

export type AttemptName = Pick<ClaimedAttempt, 'jobId' | 'number'>;

export interface OpenLog extends AttemptLog {
  /** All of it is kept, or left for whoever opens it again. */
  close(): Promise<void>;
}

export interface AttemptLogs {
  /** `isNew`: nobody has begun it before, so there is nothing to go on with. */
  open(attempt: AttemptName, options?: { readonly isNew: boolean }): Promise<OpenLog>;
  /** Keeps what a worker that is gone left on this machine. */
  recover(attempt: AttemptName): Promise<void>;
}

/** Virtual environments of Python, made once for the same requirements. */
export interface Environments {
  /** Kept until it is disposed of. @throws AppError invalid_input with what the installer said; cancelled */
  of(
    requirements: readonly string[],
    more: { readonly attempt: AttemptName; readonly log: AttemptLog; readonly signal: AbortSignal },
  ): Promise<UsedEnvironment>;
}

export interface UsedEnvironment extends Disposable {
  readonly folder: string;
}

export interface AttemptParts {
  readonly workerId: string;
  readonly executor: Executor;
  readonly rows: AttemptRows;
  readonly references: BlobReferences;
  readonly store: BlobStore;
  readonly logs: AttemptLogs;
  readonly environments: Environments;
  readonly folderOf: (attempt: AttemptName) => string;
  /** Removes what attempts left here that are not alive. */
  readonly removeLeft: (alive: (jobIds: readonly string[]) => Promise<readonly AttemptName[]>) => Promise<void>;
  readonly tell: (notice: JobNotice) => void;
  readonly log: Logger;
  readonly measureGpus: () => Promise<readonly GpuFigures[]>;
  readonly checkpointEveryMs: number;
  /** Before the end of an attempt is told again. */
  readonly retryMs: number;
}
