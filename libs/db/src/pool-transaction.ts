// One transaction on a client of the pool, for statements that are SQL. It never tries again: whoever may, says so.
import type pg from 'pg';

export interface TransactionOptions {
  /** May lock something, and look at something, in the same breath: `work` is given what it answered. */
  readonly begin?: string;
  /** The last statement of `work` commits, in the same breath as what it does. */
  readonly commits?: boolean;
}

/**
 * Commits what `work` did on the client and answers what it answers; when it throws, nothing of it happened. A client that cannot
 * even take back is not given to anybody again.
 */
export async function poolTransaction<T>(
  { pool }: { readonly pool: pg.Pool },
  work: (client: pg.PoolClient, begun: unknown) => Promise<T>,
  { begin = 'BEGIN', commits = false }: TransactionOptions = {},
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    const done = await work(client, await client.query(begin));
    if (!commits) await client.query('COMMIT');
    return done;
  } catch (error) {
    await client.query('ROLLBACK').catch((failed: Error) => {
      broken = failed;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
