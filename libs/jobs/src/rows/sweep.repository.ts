// Finds what a crash left half done, and finishes it: nothing here is needed while all goes well.
import type { PlacedAttempt } from '../queue/attempt-queues.js';
import { type Changed, changedOf } from './attempts.repository.js';
import { type Pool, rowsOf } from './statements.repository.js';

/**
 * A worker of the same node has one further lease to reap what it left, and to keep its log; then nothing runs there that could be
 * found. Where the whole lab was away that lease begins when this process began to look.
 */
const LOST = `
  SELECT e.id, e.state FROM (
    SELECT a.job_id, a.number, w.lease_ms FROM mechanic.job_attempts a JOIN mechanic.workers w ON w.id = a.worker_id
     WHERE a.state = 'running' AND w.lease_until + make_interval(secs => w.lease_ms / 1000.0) <= clock_timestamp()
       AND w.lease_ms <= $1::float8
     ORDER BY a.job_id LIMIT 200) a,
    LATERAL mechanic.lose_attempt(a.job_id, a.number, a.lease_ms) e`;
const UNTAKEN = `
  SELECT a.job_id AS "jobId", a.number, a.node_id AS node FROM mechanic.job_attempts a
   WHERE a.state = 'placed' AND a.placed_at <= clock_timestamp() - make_interval(secs => $1::float8 / 1000.0) ORDER BY a.placed_at LIMIT 500`;
/** Placed where no worker is any more. */
const STRANDED = `
  SELECT e.id, e.state FROM (
    SELECT a.job_id, a.number FROM mechanic.job_attempts a
     WHERE a.state = 'placed' AND a.placed_at <= clock_timestamp() - make_interval(secs => $1::float8 / 1000.0)
       AND NOT EXISTS (SELECT 1 FROM mechanic.workers w WHERE w.node_id = a.node_id AND w.stopped_at IS NULL
                          AND w.lease_until > clock_timestamp())
     ORDER BY a.job_id LIMIT 200) a,
    LATERAL mechanic.end_attempt(a.job_id, a.number, NULL, 'lost', 'worker_lost', 'No worker is there.', NULL, NULL, 0, 0, 0) e`;
/** Of arrays, one after the other along the index, in which a turn may have been missed. */
const TURNS = `
  WITH RECURSIVE waiting AS (
    (SELECT array_id FROM mechanic.jobs WHERE array_waits AND ended_at IS NULL ORDER BY array_id LIMIT 1)
    UNION ALL
    SELECT (SELECT j.array_id FROM mechanic.jobs j WHERE j.array_waits AND j.ended_at IS NULL AND j.array_id > w.array_id
             ORDER BY j.array_id LIMIT 1)
      FROM waiting w WHERE w.array_id IS NOT NULL)
  SELECT mechanic.open_turns(array_id)::text FROM waiting WHERE array_id IS NOT NULL`;
const FORGOTTEN = `DELETE FROM mechanic.workers w
   WHERE w.lease_until < clock_timestamp() - interval '1 day'
     AND NOT EXISTS (SELECT 1 FROM mechanic.job_attempts a WHERE a.worker_id = w.id AND a.state <> 'ended')`;
const STANDING = `
  SELECT EXISTS (SELECT 1 FROM mechanic.jobs WHERE ended_at IS NULL) AS alive,
         extract(epoch FROM (SELECT min(ready_at) FROM mechanic.jobs WHERE state = 'waiting' AND unmet = 0) - clock_timestamp())::float8 * 1000
           AS "dueInMs"`;

export interface Swept {
  /** What went back to waiting, or ended. */
  readonly changed: readonly Changed[];
  /** Placed and not taken for a while: to be put into its queue again. */
  readonly untaken: ReadonlyArray<PlacedAttempt & { readonly node: string }>;
}

export interface Standing {
  /** Whether any job has not ended. */
  readonly alive: boolean;
  /** Until the next one may begin; negative when it may already, null when none waits. */
  readonly dueInMs: number | null;
}

export class Sweep {
  constructor(private readonly database: Pool) {}

  /**
   * Safe at several replicas at once.
   * @param untakenMs how long a placed attempt may wait for a worker
   * @param lookedMs for how long this process has been there to see leases renewed
   */
  async sweep(untakenMs: number, lookedMs = Number.POSITIVE_INFINITY): Promise<Swept> {
    const lost = changedOf(await rowsOf(this.database, LOST, [lookedMs]));
    const stranded = changedOf(await rowsOf(this.database, STRANDED, [untakenMs]));
    await rowsOf(this.database, TURNS);
    const untaken = await rowsOf<Swept['untaken'][number]>(this.database, UNTAKEN, [untakenMs]);
    return { changed: [...lost, ...stranded], untaken };
  }

  /** Workers whose lease was over long ago. */
  async forget(): Promise<void> {
    await rowsOf(this.database, FORGOTTEN);
  }

  async standing(): Promise<Standing> {
    const [row] = await rowsOf<Standing>(this.database, STANDING);
    return row ?? { alive: false, dueInMs: null };
  }
}
