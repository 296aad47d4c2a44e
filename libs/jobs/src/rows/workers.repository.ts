// Workers and their leases. A worker whose lease is over has lost all that it ran; it never comes back, but as a new one.

import type { ExecutorKind } from '@labmesh/contracts';
import type { ExecutorReport } from '../executor.js';
import type { PlacedAttempt } from '../queue/attempt-queues.js';
import { type Pool, rowsOf } from './statements.repository.js';

export interface NewWorker {
  /** UUIDv7, of this one run of the process. */
  readonly workerId: string;
  readonly node: string;
  readonly cpuMilli: number;
  readonly memoryMb: number;
  readonly gpus: number;
  readonly executors: readonly ExecutorReport[];
  readonly leaseMs: number;
}

export interface Heartbeat {
  /** False: the lease was over. Everything of mine is another's to end. */
  readonly held: boolean;
  /** Whether an attempt waits on my node for somebody to take it. */
  readonly placed: boolean;
  readonly attempts: ReadonlyArray<{
    readonly jobId: string;
    readonly number: number;
    readonly ask: 'cancel' | 'drain' | null;
    /** From SIGTERM to SIGKILL, where somebody cancelled it. */
    readonly graceMs: number | null;
  }>;
}

export interface AbandonedAttempt {
  readonly jobId: string;
  readonly number: number;
  readonly handle: string | null;
  readonly executor: ExecutorKind;
}

const ENROLL = `
  WITH node AS (
    INSERT INTO mechanic.nodes (id, cpu_milli, memory_mb, gpus, executors, seen_at)
    VALUES ($2, $3, $4, $5, $6::jsonb, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET cpu_milli = excluded.cpu_milli, memory_mb = excluded.memory_mb, gpus = excluded.gpus,
                                   executors = excluded.executors, seen_at = excluded.seen_at
    RETURNING id)
  INSERT INTO mechanic.workers (id, node_id, lease_until, lease_ms)
  SELECT $1::uuid, node.id, clock_timestamp() + make_interval(secs => $7::int / 1000.0), $7::int FROM node
  ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until, lease_ms = excluded.lease_ms, stopped_at = NULL`;

const HEARTBEAT = `
  WITH me AS (
    UPDATE mechanic.workers w SET lease_until = clock_timestamp() + make_interval(secs => $2::int / 1000.0), lease_ms = $2::int
     WHERE w.id = $1::uuid AND w.stopped_at IS NULL AND w.lease_until > clock_timestamp() RETURNING w.node_id)
  SELECT EXISTS (SELECT 1 FROM mechanic.job_attempts p WHERE p.node_id = me.node_id AND p.state = 'placed') AS placed,
         coalesce((SELECT json_agg(json_build_object('jobId', a.job_id, 'number', a.number, 'graceMs', j.cancel_grace_ms, 'ask',
                     CASE WHEN j.cancel_asked_at IS NOT NULL THEN 'cancel'
                          WHEN n.drained_at IS NOT NULL AND n.drain_ends THEN 'drain' END) ORDER BY a.job_id)
                     FROM mechanic.job_attempts a JOIN mechanic.jobs j ON j.id = a.job_id
                    WHERE a.worker_id = $1::uuid AND a.state <> 'ended'), '[]'::json) AS attempts
    FROM me JOIN mechanic.nodes n ON n.id = me.node_id`;

const RETIRE = `UPDATE mechanic.workers SET stopped_at = clock_timestamp() WHERE id = $1::uuid AND stopped_at IS NULL`;

const ABANDONED = `
  SELECT a.job_id AS "jobId", a.number, a.handle, j.executor
    FROM mechanic.job_attempts a JOIN mechanic.jobs j ON j.id = a.job_id
   WHERE a.node_id = $1 AND a.state = 'running' AND mechanic.is_gone(a.worker_id, 0) ORDER BY a.job_id`;

const ALIVE = `SELECT job_id AS "jobId", number FROM mechanic.job_attempts WHERE job_id = ANY($1) AND state <> 'ended'`;

export class WorkerRows {
  constructor(private readonly database: Pool) {}

  /**
   * Makes the node known as it is now, and begins a lease on it. A worker that lost its lease may begin another: what it had it has
   * ended by then, and says so.
   */
  async enroll(worker: NewWorker): Promise<void> {
    const { workerId, node, cpuMilli, memoryMb, gpus, executors, leaseMs } = worker;
    await rowsOf(this.database, ENROLL, [workerId, node, cpuMilli, memoryMb, gpus, JSON.stringify(executors), leaseMs]);
  }

  /** Renews the lease from now, and says what is asked of what this worker runs: one statement. */
  async heartbeat({ workerId, leaseMs }: Pick<NewWorker, 'workerId' | 'leaseMs'>): Promise<Heartbeat> {
    const [row] = await rowsOf<Omit<Heartbeat, 'held'>>(this.database, HEARTBEAT, [workerId, leaseMs]);
    return row === undefined ? { held: false, placed: false, attempts: [] } : { held: true, ...row };
  }

  /** It stops of its own will: what it might have left running is at once another's to end. */
  async retire({ workerId }: Pick<NewWorker, 'workerId'>): Promise<void> {
    await rowsOf(this.database, RETIRE, [workerId]);
  }

  /** What runs on a node and is nobody's any more: to be reaped or adopted. */
  abandoned({ node }: Pick<NewWorker, 'node'>): Promise<AbandonedAttempt[]> {
    return rowsOf(this.database, ABANDONED, [node]);
  }

  /** Attempts of these jobs that have not ended, on whatever node: several may share a file system. */
  alive(jobIds: readonly string[]): Promise<PlacedAttempt[]> {
    return rowsOf(this.database, ALIVE, [jobIds]);
  }
}
