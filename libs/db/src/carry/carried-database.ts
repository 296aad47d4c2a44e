// The database of a lab as it is, for a backup of it or a restore into it: nothing is applied to it, and nothing else may use the
// folder meanwhile.
import { AppError } from '@labmesh/contracts';
import type pg from 'pg';
import { openEmbeddedPool } from '../embedded/embedded-pool.js';
import { mayMigrate } from '../migrations/await-migrations.js';
import { openServerPool } from '../server/server-pool.js';

export interface CarriedDatabase extends AsyncDisposable {
  readonly kind: 'embedded' | 'postgres';
  readonly pool: pg.Pool;
}

/** @throws AppError conflict when a lab holds the folder, unavailable, forbidden when the role does not own the tables */
export async function carriedDatabase(options: {
  readonly url?: string | undefined;
  readonly folder: string;
}): Promise<CarriedDatabase> {
  const { pool, release } = options.url
    ? await openServerPool(options.url)
    : await openEmbeddedPool(options.folder, 'empty');
  const close = async (): Promise<void> => {
    await pool.end();
    await release();
  };
  try {
    if (options.url && !(await mayMigrate(pool)))
      throw new AppError(
        'forbidden',
        'Cannot carry the whole lab with this role of the database: it sees its own schema alone. Use the address of the owner: the role that "npx @labmesh/cli mesh init" wrote into owner.env.',
      );
  } catch (error) {
    await close();
    throw error;
  }
  return { kind: options.url ? 'postgres' : 'embedded', pool, [Symbol.asyncDispose]: close };
}

/** Content that rows of the snapshot name must outlive the copying: for so long nobody looks for what no row names any more. */
const HOLD = "interval '6 hours'";

/** Before a dump. */
export async function holdContent(pool: Pick<pg.Pool, 'query'>): Promise<void> {
  const { rows } = await pool.query<{ sql: string }>(
    `SELECT format('%I.blob_upkeep', schemaname) AS sql FROM pg_tables WHERE tablename = 'blob_upkeep'`,
  );
  for (const { sql } of rows)
    await pool.query(`INSERT INTO ${sql} AS upkeep (id, next_at) VALUES (1, now() + ${HOLD})
      ON CONFLICT (id) DO UPDATE SET next_at = greatest(upkeep.next_at, excluded.next_at)`);
}
