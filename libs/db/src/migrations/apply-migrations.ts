// Brings a database up to date with prisma/migrations, and keeps the very records that Prisma's own commands keep,
// so that either may be used on any database. It must never run a migration twice or skip one.
import { randomUUID } from 'node:crypto';
import { AppError } from '@labmesh/contracts';
import type pg from 'pg';
import { FOLDER, type Migration, readMigrations } from './read-migrations.js';

/** The advisory lock Prisma's commands take for the same purpose. */
const LOCK_ID = 72707369;
const LOCK_LIMIT = '60s';

/** As Prisma's schema engine creates it. */
const CREATE_RECORDS = `CREATE TABLE IF NOT EXISTS public._prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

interface MigrationRecord {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
  /** What the database said of one that failed. */
  readonly logs: string | null;
}

/**
 * Returns the names it applied. AppError `conflict` when a migration was edited after it was applied or failed
 * earlier; the database's own error when one fails now. Reads only while nothing is pending.
 * @param only those of these names, for a database that is to be older
 */
export async function applyMigrations(
  pool: pg.Pool,
  folder: string = FOLDER,
  only?: ReadonlySet<string>,
): Promise<string[]> {
  const migrations = (await readMigrations(folder)).filter(({ name }) => only === undefined || only.has(name));
  const client = await pool.connect();
  try {
    if ((await missingMigrations(client, migrations)).length === 0) return [];
    await client.query(`SELECT set_config('lock_timeout', $1, false)`, [LOCK_LIMIT]);
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_ID]);
    try {
      await client.query('RESET lock_timeout');
      await client.query(CREATE_RECORDS);
      const pending = await missingMigrations(client, migrations); // another process may have been faster
      const unfinished = pending.find(({ begun }) => begun);
      if (unfinished !== undefined) throw failedEarlier(unfinished.name);
      for (const migration of pending) await applyOne(client, migration);
      return pending.map(({ name }) => name);
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [LOCK_ID]);
    }
  } finally {
    client.release();
  }
}

export interface MissingMigration extends Migration {
  /** Somebody applies it at this moment, or was ended while doing so: only whoever has the lock can tell. */
  readonly begun: boolean;
}

/** Reads only. @throws AppError conflict for a migration that failed, or was edited after it was applied */
export async function missingMigrations(
  client: Pick<pg.ClientBase, 'query'>,
  migrations: readonly Migration[],
): Promise<MissingMigration[]> {
  const { rows: found } = await client.query<{ table: string | null }>(
    `SELECT to_regclass('public._prisma_migrations')::text AS table`,
  );
  if (!found[0]?.table) return migrations.map((migration) => ({ ...migration, begun: false }));
  const { rows } = await client.query<MigrationRecord>(
    'SELECT migration_name, checksum, finished_at, logs FROM public._prisma_migrations WHERE rolled_back_at IS NULL',
  );
  const records = new Map(rows.map((row) => [row.migration_name, row]));
  return migrations
    .filter((migration) => isMissing(migration, records.get(migration.name)))
    .map((migration) => ({ ...migration, begun: records.has(migration.name) }));
}

const failedEarlier = (name: string): AppError =>
  new AppError(
    'conflict',
    `Cannot bring the database up to date: migration ${name} failed earlier. See the column logs in _prisma_migrations, repair the database, then run: npx prisma migrate resolve --rolled-back ${name}`,
  );

function isMissing(migration: Migration, record: MigrationRecord | undefined): boolean {
  if (!record) return true;
  if (!record.finished_at) {
    if (record.logs !== null) throw failedEarlier(migration.name);
    return true;
  }
  if (record.checksum !== migration.checksum) {
    throw new AppError(
      'conflict',
      `Cannot bring the database up to date: migration ${migration.name} was edited after it was applied. Restore the file, and put the change into a new migration.`,
    );
  }
  return false;
}

async function applyOne(client: pg.PoolClient, { name, sql, checksum }: Migration): Promise<void> {
  const id = randomUUID();
  await client.query('INSERT INTO public._prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [
    id,
    checksum,
    name,
  ]);
  try {
    await client.query(sql); // one message: the server runs the whole file in one transaction
  } catch (cause) {
    await client.query('ROLLBACK'); // a file may have begun a transaction of its own
    const logs = cause instanceof Error ? cause.message : String(cause);
    await client.query('UPDATE public._prisma_migrations SET logs = $2 WHERE id = $1', [id, logs]);
    throw new AppError('internal', `Migration ${name} failed: ${logs}`, { cause });
  }
  await client.query(
    'UPDATE public._prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1',
    [id],
  );
}
