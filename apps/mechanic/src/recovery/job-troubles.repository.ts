// What has gone wrong with attempts and nodes, as their rows say it; and the one guarded statement that mends each.
import { LAB_REASONS } from '@labmesh/contracts';
import { DATABASE, type Database } from '@labmesh/db';
import type { Changed } from '@labmesh/jobs';
import { Inject, Injectable } from '@nestjs/common';

export interface StuckAttempt {
  readonly jobId: string;
  readonly number: number;
  readonly node: string;
  readonly seconds: number;
}

export interface FailingNode {
  readonly node: string;
  readonly failed: number;
}

/** A worker of the node has one further lease to end what it left; then nothing of it can run any more. */
const LOST = `
  SELECT a.job_id AS "jobId", a.number, a.node_id AS node, extract(epoch FROM clock_timestamp() - w.lease_until)::float8 AS seconds
    FROM mechanic.job_attempts a JOIN mechanic.workers w ON w.id = a.worker_id
   WHERE a.state = 'running' AND w.lease_until + make_interval(secs => w.lease_ms / 1000.0) <= clock_timestamp() ORDER BY a.job_id LIMIT 200`;
const LOSE = `
  SELECT e.id AS "jobId", e.state FROM mechanic.job_attempts a JOIN mechanic.workers w ON w.id = a.worker_id,
         LATERAL mechanic.lose_attempt(a.job_id, a.number, w.lease_ms) e WHERE a.job_id = $1 AND a.number = $2 AND a.state = 'running'`;
const ALIVE = `EXISTS (SELECT 1 FROM mechanic.workers w WHERE w.node_id = a.node_id AND w.stopped_at IS NULL AND w.lease_until > clock_timestamp())`;
const PLACED = `
  SELECT a.job_id AS "jobId", a.number, a.node_id AS node, extract(epoch FROM clock_timestamp() - a.placed_at)::float8 AS seconds
    FROM mechanic.job_attempts a
   WHERE a.state = 'placed' AND a.placed_at <= clock_timestamp() - make_interval(secs => $1)`;
const STRAND = `
  SELECT e.id AS "jobId", e.state FROM mechanic.job_attempts a,
         LATERAL mechanic.end_attempt(a.job_id, a.number, NULL, 'lost', 'worker_lost', 'No worker is there.', NULL, NULL, 0, 0, 0) e
   WHERE a.job_id = $1 AND a.number = $2 AND a.state = 'placed' AND NOT ${ALIVE}`;
const IS_PLACED = `SELECT 1 AS n FROM mechanic.job_attempts WHERE job_id = $1 AND number = $2 AND state = 'placed'`;
/** Nodes that take jobs, on which nothing has succeeded since so many attempts ended before they had begun their work. */
const FAILING = `
  SELECT n.id AS node, count(*)::int AS failed FROM mechanic.nodes n
    JOIN mechanic.job_attempts a ON a.node_id = n.id AND a.state = 'ended' AND a.reason IN ('start_failed', 'input_failed', 'worker_lost')
                                AND a.ended_at > clock_timestamp() - interval '15 minutes'
   WHERE n.drained_at IS NULL
     AND NOT EXISTS (SELECT 1 FROM mechanic.job_attempts s WHERE s.node_id = n.id AND s.outcome = 'succeeded' AND s.ended_at >= a.ended_at)
     AND EXISTS (SELECT 1 FROM mechanic.nodes o JOIN mechanic.workers w ON w.node_id = o.id AND w.stopped_at IS NULL AND w.lease_until > clock_timestamp()
                  WHERE o.id <> n.id AND o.drained_at IS NULL)
   GROUP BY n.id HAVING count(DISTINCT a.job_id) >= $1 ORDER BY n.id`;
/** Given up by the lab after many losses, and not tried again by anybody yet. */
const GIVEN_UP = `
  SELECT j.id AS "jobId", j.reason FROM mechanic.jobs j
   WHERE j.state = 'failed' AND j.reason = ANY($1::text[]) AND j.ended_at > clock_timestamp() - interval '1 day'
     AND coalesce(j.submission_id, '') NOT LIKE 'recovery.%'
     AND NOT EXISTS (SELECT 1 FROM mechanic.jobs again WHERE again.owner = j.owner AND again.submission_id IN ('recovery.' || j.id, 'retry.' || j.id))
   ORDER BY j.id LIMIT 100`;

@Injectable()
export class JobTroublesRepository {
  constructor(@Inject(DATABASE) private readonly database: Pick<Database, 'pool'>) {}

  lost(): Promise<StuckAttempt[]> {
    return this.#rows(LOST);
  }

  /** Empty when it has ended, or its worker is back. */
  lose({ jobId, number }: Pick<StuckAttempt, 'jobId' | 'number'>): Promise<Changed[]> {
    return this.#rows(LOSE, [jobId, number]);
  }

  /** Placed for so long, where a worker is, or where none is. */
  untaken(seconds: number, workerIsThere: boolean): Promise<StuckAttempt[]> {
    return this.#rows(`${PLACED} AND ${workerIsThere ? '' : 'NOT '}${ALIVE} ORDER BY a.placed_at LIMIT 200`, [seconds]);
  }

  takeBack({ jobId, number }: Pick<StuckAttempt, 'jobId' | 'number'>): Promise<Changed[]> {
    return this.#rows(STRAND, [jobId, number]);
  }

  async isPlaced({ jobId, number }: Pick<StuckAttempt, 'jobId' | 'number'>): Promise<boolean> {
    return (await this.#rows(IS_PLACED, [jobId, number])).length > 0;
  }

  failingNodes(atLeast: number): Promise<FailingNode[]> {
    return this.#rows(FAILING, [atLeast]);
  }

  givenUp(): Promise<Array<{ readonly jobId: string; readonly reason: string }>> {
    return this.#rows(GIVEN_UP, [[...LAB_REASONS]]);
  }

  async #rows<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.database.pool.query<Row>(sql, [...values])).rows;
  }
}
