// One transaction on a client of the pool, for statements that are SQL. It never tries again: whoever may, says so.
import type pg from 'pg';

/**
 * Commits what `work` did on the client and answers what it answers; when it throws, nothing of it happened. A client that cannot
 * even take back is not given to anybody again. `begin` may lock something in the same breath.
 */
export async function poolTransaction<T>(
  { pool }: { readonly pool: pg.Pool },
  work: (client: pg.PoolClient) => Promise<T>,
  { begin = 'BEGIN' }: { readonly begin?: string } = {},
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const done = await work(client);
    await client.query('COMMIT');
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
