// A job before it is a row.
import type { JobSpec } from '@labmesh/contracts';
import type { JobRow, OfArray } from './job-row.js';

/** Of a second, in 10^-6 $webxos. */
export interface Prices {
  readonly cpuSecond: bigint;
  readonly gpuSecond: bigint;
  /** Of 1024 MB of memory. */
  readonly gbSecond: bigint;
}

/** What the runs of one submission have in common. */
export interface NewWork {
  readonly owner: string;
  readonly role: string;
  readonly spec: JobSpec;
  /** SHA-256 of what was asked for: the same submission with another one is refused. */
  readonly specHash: Buffer;
  readonly submissionId: string | null;
  /** Of each. */
  readonly heldMicro: bigint;
  readonly prices: Prices;
  readonly files: ReadonlyArray<{ readonly path: string; readonly blobId: string; readonly mode: number }>;
}

export interface NewJob extends NewWork {
  /** `job_<UUIDv7>` */
  readonly id: string;
  readonly holdId: string | null;
  /** Of a run that is tried again: it is one more job of its array. */
  readonly ofArray?: OfArray | undefined;
}

/** Nothing is beside its row: no file, nothing that it waits for, no array. */
export const isPlain = ({ files, spec, ofArray }: Pick<NewJob, 'files' | 'spec' | 'ofArray'>): boolean =>
  files.length === 0 && spec.after.length === 0 && ofArray === undefined;

export interface NewRun {
  readonly id: string;
  readonly holdId: string | null;
  /** What it has over the environment of the others. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface NewArray extends NewWork {
  /** `arr_<UUIDv7>` */
  readonly arrayId: string;
  readonly parallel: number | null;
  /** By their index. */
  readonly runs: readonly NewRun[];
}

export interface Inserted {
  /** Of an array its first. */
  readonly jobId: string;
  /** False: the same submission was here before; nothing was written. */
  readonly isNew: boolean;
  /** What the earlier one asked for. */
  readonly specHash: Buffer;
  /** Where the statement that wrote it brought it. */
  readonly row?: JobRow;
}
