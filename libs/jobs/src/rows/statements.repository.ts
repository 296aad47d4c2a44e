// One statement on the lab's database, again when another one was in its way. A change of a job's state is one statement, so
// nothing of it is left when it fails.
import type { Database } from '@labmesh/db';

export type Pool = Pick<Database, 'pool'>;

/** Deadlock and serialization failure. */
const AGAIN = new Set(['40P01', '40001']);
const TRIES = 6;

export async function rowsOf<Row extends object>(
  { pool }: Pool,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  for (let tries = 1; ; tries++) {
    try {
      return (await pool.query<Row>(sql, [...values])).rows;
    } catch (error) {
      if (tries >= TRIES || !AGAIN.has((error as { code?: string }).code ?? '')) throw error;
    }
  }
}
