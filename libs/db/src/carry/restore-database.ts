// From a dump to a lab's database: only into one that holds nothing yet, at the version that the dump was made at, and forward from
// there. A process that ends on the way leaves the mark, and nothing of the dump: the same restore can be begun again.
import { AppError } from '@labmesh/contracts';
import type pg from 'pg';
import { openMemoryPool } from '../embedded/embedded-pool.js';
import { applyMigrations } from '../migrations/apply-migrations.js';
import { FOLDER, type Migration, readMigrations } from '../migrations/read-migrations.js';
import { poolTransaction } from '../pool-transaction.js';
import type { AppliedMigration, DumpPart } from './dump.js';
import { labTables, rowCounts } from './lab-tables.js';
import { type LoadedTable, loadDump } from './load.js';
import { markRestore, unfinishedRestore, unmarkRestore } from './unfinished.js';

type Asked = Pick<pg.ClientBase, 'query'>;

export interface DumpOrigin {
  /** Of the backup. */
  readonly id: string;
  readonly migrations: readonly AppliedMigration[];
}

export interface RestoreTarget {
  /** True when a restore was begun here before. */
  readonly again: boolean;
  /** Migrations that are applied after the rows have come. */
  readonly forward: readonly string[];
}

/**
 * Looks whether the dump can come into this database, and changes nothing.
 * @throws AppError conflict when it holds a lab, or has another version than the dump can be brought to
 */
export async function checkTarget(pool: pg.Pool, origin: DumpOrigin): Promise<RestoreTarget> {
  const forward = later(await readMigrations(FOLDER), origin);
  const applied = await appliedNames(pool);
  const unfit = applied.find((name) => !origin.migrations.some((migration) => migration.name === name));
  if (unfit !== undefined)
    throw new AppError(
      'conflict',
      `Cannot restore into this database: it has the migration ${unfit} already, which is newer than the backup. Give an empty database, without migrations; they are applied after the rows have come.`,
    );
  await refuseFilled(pool, applied);
  return { again: (await unfinishedRestore(pool)) !== undefined, forward };
}

/** Marks the database, and brings it to the version of the dump. @throws AppError as `checkTarget` */
export async function beginRestore(pool: pg.Pool, origin: DumpOrigin): Promise<void> {
  await markRestore(pool, origin.id);
  await applyMigrations(pool, FOLDER, new Set(origin.migrations.map(({ name }) => name)));
}

/**
 * All rows, in one transaction, and the migrations that came after the dump.
 * @param ready called when all rows are there, before they are kept
 */
export async function finishRestore(
  pool: pg.Pool,
  parts: AsyncIterable<DumpPart>,
  { ready, onTable }: { ready: () => Promise<void>; onTable?: (loaded: LoadedTable) => void },
): Promise<void> {
  await poolTransaction({ pool }, async (client) => {
    await loadDump(client, parts, onTable);
    await unmarkRestore(client);
    await ready();
  });
  await applyMigrations(pool);
  await pool.query('ANALYZE');
}

/** Those of ours that the dump does not have. @throws AppError conflict when it has others than we do */
function later(ours: readonly Migration[], { migrations }: DumpOrigin): string[] {
  const known = new Map(ours.map((migration) => [migration.name, migration.checksum]));
  for (const { name, checksum } of migrations) {
    const own = known.get(name);
    if (own === undefined)
      throw new AppError(
        'conflict',
        `Cannot restore this backup: it was made by a newer LabMesh, with the migration ${name}. Install that version, or a later one.`,
      );
    if (own !== checksum)
      throw new AppError(
        'conflict',
        `Cannot restore this backup: its migration ${name} is not the one of this LabMesh. Restore with the version that made it.`,
      );
  }
  const theirs = new Set(migrations.map(({ name }) => name));
  return ours.map(({ name }) => name).filter((name) => !theirs.has(name));
}

async function appliedNames(client: Asked): Promise<string[]> {
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS there`,
  );
  if (rows[0]?.there !== true) return [];
  const { rows: records } = await client.query<{ name: string }>(
    `SELECT migration_name AS name FROM public._prisma_migrations WHERE rolled_back_at IS NULL ORDER BY 1`,
  );
  return records.map(({ name }) => name);
}

/** Some rows come with migrations: a database that has no more than those is empty. */
async function refuseFilled(client: Asked, applied: readonly string[]): Promise<void> {
  const counts = await rowCounts(client, await labTables(client));
  if ([...counts.values()].every((rows) => rows === 0)) return;
  const fresh = await freshCounts(applied);
  const filled = [...counts].find(([table, rows]) => rows > (fresh.get(table) ?? 0));
  if (filled !== undefined)
    throw new AppError(
      'conflict',
      `Cannot restore into a lab that is in use: its table ${filled[0]} has ${filled[1]} rows. Nothing was changed. Give an empty folder or database.`,
    );
}

async function freshCounts(migrations: readonly string[]): Promise<Map<string, number>> {
  const { pool, release } = await openMemoryPool();
  try {
    await applyMigrations(pool, FOLDER, new Set(migrations));
    return await rowCounts(pool, await labTables(pool));
  } finally {
    await pool.end();
    await release();
  }
}
