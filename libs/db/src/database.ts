// Opens the database the settings ask for, brings it up to date and hands out Prisma and a raw pool on it.
// Whoever uses a Database never needs to know which of the two kinds it is.

import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@labmesh/contracts';
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { refuseUnfinished } from './carry/unfinished.js';
import { openEmbeddedPool } from './embedded/embedded-pool.js';
import { PrismaClient } from './generated/prisma/client.js';
import { applyMigrations, missingMigrations } from './migrations/apply-migrations.js';
import { awaitMigrations, mayMigrate } from './migrations/await-migrations.js';
import { FOLDER, readMigrations } from './migrations/read-migrations.js';
import { openServerPool } from './server/server-pool.js';

/** Injection token of the process's one Database. */
export const DATABASE: unique symbol = Symbol('DATABASE');

export interface Database {
  readonly kind: 'embedded' | 'postgres';
  /** Made when it is first asked for: reading the models and its query compiler takes longer than a start's own queries. */
  readonly prisma: PrismaClient;
  /** For raw SQL. Embedded, its clients take turns on one connection: a client owns it from BEGIN to COMMIT. */
  readonly pool: pg.Pool;
  /** Milliseconds one trivial query takes. AppError `unavailable` when the database does not answer. */
  ping(): Promise<number>;
  /** Waits for what is running, then gives everything back. The second call does nothing. */
  close(): Promise<void>;
}

/** How long a transaction may wait for its turn, and last. Longer work belongs in a job, step by step. */
const TRANSACTION_LIMITS = { maxWait: 10_000, timeout: 10_000 };

const CLOSE_LIMIT_MS = 5_000;

/**
 * With `url` a PostgreSQL server, without it an embedded database kept in `folder` (absolute, made when missing).
 * Returns when no migration is missing: applied here, or, by a role that may not do that, waited for.
 * AppError `conflict`: another process holds the folder, a restore was not finished, or a migration was edited or has failed;
 * `unavailable`: the server does not answer, migrations stay missing, or the folder cannot be written.
 */
export async function openDatabase(options: {
  url?: string;
  folder: string;
  onWait?: (why: string) => void;
}): Promise<Database> {
  const { pool, release } = options.url
    ? await openServerPool(options.url)
    : await openEmbeddedPool(options.folder, 'migrated');
  try {
    await refuseUnfinished(pool);
    if (!options.url || (await mayMigrate(pool))) await applyMigrations(pool);
    else await awaitMigrations(pool, { onWait: options.onWait });
  } catch (error) {
    await endPool(pool);
    await release();
    throw error;
  }
  let prisma: PrismaClient | undefined;
  let closing: Promise<void> | undefined;
  return {
    kind: options.url ? 'postgres' : 'embedded',
    get prisma() {
      prisma ??= new PrismaClient({ adapter: new PrismaPg(pool), transactionOptions: TRANSACTION_LIMITS });
      return prisma;
    },
    pool,
    ping: () => ping(pool),
    close() {
      closing ??= (async () => {
        await prisma?.$disconnect();
        await endPool(pool);
        await release();
      })();
      return closing;
    },
  };
}

/**
 * Applies what is missing to the database of a server, as the role of the address, and says what that was.
 * @throws AppError as `openDatabase`; forbidden when the role may not
 */
export async function migrateDatabase(url: string): Promise<string[]> {
  const { pool, release } = await openServerPool(url);
  try {
    if (!(await mayMigrate(pool)))
      throw new AppError(
        'forbidden',
        'Cannot apply migrations: this role may not make schemas in the database. Use the address of the owner: the role that "npx @labmesh/cli mesh init" wrote into owner.env.',
      );
    return await applyMigrations(pool);
  } finally {
    await endPool(pool);
    await release();
  }
}

/** What `migrateDatabase` would apply there. Reads only. @throws AppError conflict for what cannot be applied */
export async function pendingMigrations(url: string): Promise<string[]> {
  const { pool, release } = await openServerPool(url);
  try {
    const missing = await missingMigrations(pool, await readMigrations(FOLDER));
    const begun = missing.find((one) => one.begun);
    if (begun !== undefined)
      throw new AppError(
        'conflict',
        `${begun.name} was begun and has not ended: it is applied at this moment, or whoever did was killed. Look again in a minute.`,
      );
    return missing.map(({ name }) => name);
  } finally {
    await endPool(pool);
    await release();
  }
}

/** A client that someone forgot to give back must not keep the process from stopping. */
async function endPool(pool: pg.Pool): Promise<void> {
  const limit = new AbortController();
  await Promise.race([pool.end(), pause(CLOSE_LIMIT_MS, undefined, { signal: limit.signal }).catch(() => undefined)]);
  limit.abort();
}

async function ping(pool: pg.Pool): Promise<number> {
  const startedAt = performance.now();
  try {
    await pool.query('SELECT 1');
  } catch (cause) {
    throw new AppError('unavailable', 'The database does not answer. Look at its log, and try again.', { cause });
  }
  return performance.now() - startedAt;
}
