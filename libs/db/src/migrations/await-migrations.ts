// For a process whose role may not change the database's form: waits until whoever may has brought it up to date, and says what
// to do when nobody does. It must never write.
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@labmesh/contracts';
import type pg from 'pg';
import { missingMigrations } from './apply-migrations.js';
import { FOLDER, readMigrations } from './read-migrations.js';

/** A migration job that starts together with the processes has so long. */
const WAIT_MS = 60_000;
const LOOK_EVERY_MS = 500;

/** Whether this role may make schemas: without that it can apply no migration. */
export async function mayMigrate(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ may: boolean }>(
    `SELECT has_database_privilege(current_database(), 'CREATE') AS may`,
  );
  return rows[0]?.may === true;
}

export interface Waiting {
  readonly folder?: string;
  readonly limitMs?: number;
  /** Told once, when there is something to wait for. */
  readonly onWait?: ((why: string) => void) | undefined;
}

/** @throws AppError unavailable when migrations are still missing at the end, conflict as `applyMigrations` */
export async function awaitMigrations(pool: pg.Pool, waiting: Waiting = {}): Promise<void> {
  const migrations = await readMigrations(waiting.folder ?? FOLDER);
  const giveUpAt = performance.now() + (waiting.limitMs ?? WAIT_MS);
  for (let told = false; ; told = true) {
    const missing = await missingMigrations(pool, migrations);
    if (missing.length === 0) return;
    const names = `${missing[0]?.name}${missing.length > 1 ? ` and ${missing.length - 1} more` : ''}`;
    if (!told) waiting.onWait?.(`waiting for somebody to apply the migrations ${names}`);
    if (performance.now() >= giveUpAt) {
      const { rows } = await pool.query<{ role: string }>('SELECT current_user AS role');
      throw new AppError(
        'unavailable',
        `Cannot use the database: it lacks ${names}, and the role ${rows[0]?.role} may not apply migrations. Run "npx @labmesh/cli migrate" with the owner's DATABASE_URL, then start this again.`,
      );
    }
    await pause(LOOK_EVERY_MS);
  }
}
