// Jobs, nodes and workers in figures, for health. A few statements by index, however many jobs there were.
import { DATABASE, type Database } from '@labmesh/db';
import { type Marked, NodeRows } from '@labmesh/jobs';
import { Inject, Injectable } from '@nestjs/common';
import type { SystemHealth } from './measurements.js';

export type JobFigures = NonNullable<SystemHealth['jobs']>;
export type NodeFigures = SystemHealth['nodes'][number];

const JOBS = `
  SELECT count(*) FILTER (WHERE state = 'waiting')::int AS waiting, count(*) FILTER (WHERE state = 'starting')::int AS starting,
         count(*) FILTER (WHERE state = 'running')::int AS running,
         extract(epoch FROM clock_timestamp() - min(ready_at) FILTER (WHERE state = 'waiting' AND unmet = 0
           AND ready_at <= clock_timestamp()))::float8 AS "oldestWaitingSeconds"
    FROM mechanic.jobs WHERE ended_at IS NULL`;
const ATTEMPTS = `
  SELECT node_id AS node, count(*) FILTER (WHERE state = 'placed')::int AS placed, count(*) FILTER (WHERE state = 'running')::int AS running,
         extract(epoch FROM clock_timestamp() - min(placed_at) FILTER (WHERE state = 'placed'))::float8 AS "oldestPlacedSeconds"
    FROM mechanic.job_attempts WHERE state <> 'ended' GROUP BY node_id`;
/** Those that may still be there, and those that were lost within the last minutes. */
const WORKERS = `
  SELECT id AS worker, node_id AS node, (lease_ms / 1000.0 - extract(epoch FROM lease_until - clock_timestamp()))::float8 AS "leaseAgeSeconds",
         extract(epoch FROM lease_until - clock_timestamp())::float8 AS "leaseLeftSeconds"
    FROM mechanic.workers WHERE stopped_at IS NULL AND lease_until > clock_timestamp() - interval '10 minutes' ORDER BY node_id, id LIMIT 1000`;
const ENDED = `
  SELECT a.job_id AS "jobId", a.number, a.state = 'ended' AS ended FROM mechanic.job_attempts a
    JOIN unnest($1::text[], $2::int[]) AS asked(job_id, number) ON a.job_id = asked.job_id AND a.number = asked.number`;

@Injectable()
export class JobFiguresRepository {
  constructor(@Inject(DATABASE) private readonly database: Pick<Database, 'pool'>) {}

  async jobs(): Promise<JobFigures> {
    const [row] = await this.#rows<JobFigures>(JOBS);
    return row ?? { waiting: 0, starting: 0, running: 0, oldestWaitingSeconds: null };
  }

  async nodes(): Promise<NodeFigures[]> {
    const [nodes, attempts, workers] = await Promise.all([
      new NodeRows(this.database).all(),
      this.#rows<{ node: string; placed: number; running: number; oldestPlacedSeconds: number | null }>(ATTEMPTS),
      this.#rows<NodeFigures['workers'][number] & { node: string }>(WORKERS),
    ]);
    const on = new Map(attempts.map((one) => [one.node, one]));
    return nodes.map(({ id: node, drainedAt, running: holding, workers: alive, executors }) => ({
      node,
      state: drainedAt === null ? (alive === 0 ? 'gone' : 'ready') : holding > 0 ? 'draining' : 'drained',
      placed: on.get(node)?.placed ?? 0,
      oldestPlacedSeconds: on.get(node)?.oldestPlacedSeconds ?? null,
      running: on.get(node)?.running ?? 0,
      workers: workers.filter((one) => one.node === node).map(({ node: _, ...worker }) => worker),
      notes: executors.flatMap(({ kind, notes }) => notes.map((note) => `${kind}: ${note}`)),
    }));
  }

  /** Those of these attempts that are of this lab, and whether each has ended. */
  async ended(attempts: readonly Marked[]): Promise<Array<Marked & { readonly ended: boolean }>> {
    if (attempts.length === 0) return [];
    return this.#rows(ENDED, [attempts.map(({ jobId }) => jobId), attempts.map(({ number }) => number)]);
  }

  async #rows<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.database.pool.query<Row>(sql, [...values])).rows;
  }
}
