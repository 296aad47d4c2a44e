// A job before it is a row.
import type { JobSpec } from '@labmesh/contracts';

/** Of a second, in 10^-6 $webxos. */
export interface Prices {
  readonly cpuSecond: bigint;
  readonly gpuSecond: bigint;
  /** Of 1024 MB of memory. */
  readonly gbSecond: bigint;
}

export interface NewJob {
  /** `job_<UUIDv7>` */
  readonly id: string;
  readonly owner: string;
  readonly role: string;
  readonly spec: JobSpec;
  /** SHA-256 of what was asked for: the same submission with another one is refused. */
  readonly specHash: Buffer;
  readonly submissionId: string | null;
  readonly holdId: string | null;
  readonly heldMicro: bigint;
  readonly prices: Prices;
  readonly files: ReadonlyArray<{ readonly path: string; readonly blobId: string; readonly mode: number }>;
}
