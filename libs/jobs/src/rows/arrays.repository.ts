// Job arrays as rows: written with all their jobs or not at all, looked at as a whole, ended as a whole.
import type { JobState } from '@labmesh/contracts';
import type { Database, Prisma } from '@labmesh/db';
import { type Changed, changedOf } from './attempts.repository.js';
import { insertJobs } from './inserts.repository.js';
import type { Inserted, NewArray } from './new-job.js';
import { rowsOf } from './statements.repository.js';

export interface ArrayRow {
  readonly id: string;
  readonly owner: string;
  readonly name: string;
  readonly count: number;
  readonly parallel: number | null;
  /** Its jobs, those that were tried again too. */
  readonly states: Readonly<Partial<Record<JobState, number>>>;
  /** For those that have not ended. */
  readonly heldMicro: bigint;
  /** Of those that have. */
  readonly costMicro: bigint;
}

const FIND = `
  SELECT r.id, r.owner, r.name, r.count, r.parallel, s.states, s.held, s.cost FROM mechanic.job_arrays r, LATERAL (
    SELECT coalesce(json_object_agg(g.state, g.n), '{}') AS states, coalesce(sum(g.held), 0)::text AS held,
           coalesce(sum(g.cost), 0)::text AS cost
      FROM (SELECT j.state, count(*)::int AS n, sum(j.held_micro) FILTER (WHERE j.ended_at IS NULL) AS held, sum(j.cost_micro) AS cost
              FROM mechanic.jobs j WHERE j.array_id = r.id GROUP BY j.state) g) s
   WHERE r.id = $1`;

export class JobArrays {
  constructor(private readonly database: Database) {}

  async find(arrayId: string): Promise<ArrayRow | undefined> {
    const rows = await rowsOf<ArrayRow & { held: string; cost: string }>(this.database, FIND, [arrayId]);
    return rows.map(({ held, cost, ...row }) => ({ ...row, heldMicro: BigInt(held), costMicro: BigInt(cost) }))[0];
  }

  /** Whether all of it has ended, and whether one of its runs has without success, and is not tried again. */
  async stands(arrayId: string): Promise<{ readonly isOver: boolean; readonly hasFailed: boolean }> {
    const sql = 'SELECT is_over AS "isOver", has_failed AS "hasFailed" FROM mechanic.array_stands($1)';
    const [row] = await rowsOf<{ isOver: boolean; hasFailed: boolean }>(this.database, sql, [arrayId]);
    return row ?? { isOver: true, hasFailed: false };
  }

  /** As insertJobs. */
  async insert(tx: Prisma.TransactionClient, { arrayId, parallel, runs, ...work }: NewArray): Promise<Inserted> {
    await tx.$executeRaw`
      INSERT INTO mechanic.job_arrays (id, owner, name, count, parallel)
      VALUES (${arrayId}, ${work.owner}, ${work.spec.name}, ${runs.length}, ${parallel}::int)`;
    const numbered = runs.map((run, index) => ({ ...run, index }));
    const inserted = await insertJobs(tx, work, { runs: numbered, arrayId });
    if (!inserted.isNew) await tx.$executeRaw`DELETE FROM mechanic.job_arrays WHERE id = ${arrayId}`;
    return inserted;
  }

  /** As JobRows.cancel, of all its jobs. */
  async cancel(arrayId: string, by: string, graceMs: number): Promise<Changed[]> {
    const sql = 'SELECT id, state FROM mechanic.cancel_array($1, $2, $3)';
    return changedOf(await rowsOf(this.database, sql, [arrayId, by, graceMs]));
  }
}
