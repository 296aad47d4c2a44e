// A job as its row says it, for lists and looks.
import type { EndReason, ExecutorKind, JobSpec, JobState, UsageSeries } from '@labmesh/contracts';

/** Which run of which array it is. */
export interface OfArray {
  /** `arr_<UUIDv7>` */
  readonly arrayId: string;
  readonly index: number;
}

/** And how many that has. */
export interface RunOfArray extends OfArray {
  readonly count: number;
}

/** Without what was asked to run: lists do not read that. */
export interface JobSummaryRow {
  readonly id: string;
  readonly owner: string;
  readonly name: string;
  readonly executor: ExecutorKind;
  readonly state: JobState;
  readonly reason: EndReason | null;
  readonly message: string | null;
  readonly priority: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly cpuMilli: number;
  readonly memoryMb: number;
  readonly gpus: number;
  readonly wallSeconds: number;
  readonly attempts: number;
  readonly heldMicro: bigint;
  readonly costMicro: bigint | null;
  readonly submittedAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  /** Of its newest attempt. */
  readonly node: string | null;
  readonly exitCode: number | null;
  readonly arrayId: string | null;
  readonly arrayIndex: number | null;
}

export interface JobRow extends JobSummaryRow {
  readonly role: string;
  readonly spec: JobSpec;
  readonly specHash: Buffer;
  readonly submissionId: string | null;
  readonly gang: string | null;
  readonly gangSize: number | null;
  readonly failures: number;
  readonly failuresMax: number;
  readonly holdId: string | null;
  readonly unmet: number;
  readonly readyAt: Date;
  readonly cancelAskedAt: Date | null;
  /** For its turn in its array. */
  readonly arrayWaits: boolean;
}

export interface AttemptRow {
  readonly number: number;
  readonly node: string;
  readonly workerId: string | null;
  readonly state: 'placed' | 'running' | 'ended';
  readonly outcome: 'succeeded' | 'failed' | 'cancelled' | 'lost' | null;
  readonly reason: EndReason | null;
  readonly message: string | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly gpus: number[];
  readonly placedAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly cpuMs: number;
  readonly gpuMs: number;
  readonly memoryPeakBytes: number;
  /** Of the newest attempt alone. */
  readonly usage: UsageSeries | null;
}

export interface WaitedFor {
  readonly jobId: string;
  readonly on: 'success' | 'end';
  readonly state: JobState;
}

export interface GivenFile {
  readonly path: string;
  readonly bytes: number;
}

/** All that `get_job` tells. */
export interface WholeJob {
  readonly job: JobRow;
  readonly history: readonly AttemptRow[];
  readonly after: readonly WaitedFor[];
  readonly files: readonly GivenFile[];
}

/** bigint columns come as text from the driver. */
export type Raw<T, K extends keyof T> = Omit<T, K> & Readonly<Record<K, string | null>>;

export const SUMMARY_COLUMNS = `j.id, j.owner, j.name, j.executor, j.state, j.reason, j.message, j.priority, j.labels,
  j.cpu_milli AS "cpuMilli", j.memory_mb AS "memoryMb", j.gpus, j.wall_seconds AS "wallSeconds", j.attempts,
  j.held_micro AS "heldMicro", j.cost_micro AS "costMicro", j.submitted_at AS "submittedAt", j.started_at AS "startedAt",
  j.ended_at AS "endedAt", newest.node_id AS node, newest.exit_code AS "exitCode",
  j.array_id AS "arrayId", j.array_index AS "arrayIndex"`;

export const WHOLE_COLUMNS = `${SUMMARY_COLUMNS}, j.role, j.spec, j.spec_hash AS "specHash", j.submission_id AS "submissionId",
  j.gang, j.gang_size AS "gangSize", j.failures, j.failures_max AS "failuresMax", j.hold_id AS "holdId", j.unmet,
  j.ready_at AS "readyAt", j.cancel_asked_at AS "cancelAskedAt",
  j.array_waits AS "arrayWaits"`;

/** Of which array it is a run. */
export const ofArrayOf = ({
  arrayId,
  arrayIndex,
}: Pick<JobSummaryRow, 'arrayId' | 'arrayIndex'>): OfArray | undefined =>
  arrayId === null || arrayIndex === null ? undefined : { arrayId, index: arrayIndex };

/** By primary key: one row for each job that is answered. */
export const NEWEST_ATTEMPT =
  'LEFT JOIN mechanic.job_attempts newest ON newest.job_id = j.id AND newest.number = j.attempts';

export const jobOf = <T extends JobSummaryRow>(raw: Raw<T, 'heldMicro' | 'costMicro'>): T =>
  ({
    ...raw,
    heldMicro: BigInt(raw.heldMicro ?? 0),
    costMicro: raw.costMicro === null ? null : BigInt(raw.costMicro),
  }) as unknown as T;
