// What a server's autovacuum does, for the embedded database, which has no such process: frees the room of old rows
// and refreshes the planner's statistics. It must never hold the connection longer than one table takes.
import type pg from 'pg';

const EVERY_MS = 6 * 60 * 60 * 1_000;

/** Returns what to call to stop it; a run under way then ends after its current table. */
export function startUpkeep(pool: pg.Pool): () => void {
  let stopped = false;
  const timer = setInterval(() => {
    void vacuumTables(pool, () => stopped).catch(() => undefined); // the next run makes up for it
  }, EVERY_MS);
  timer.unref();
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}

/** Vacuums and analyzes every table of ours, one statement each, so that others get their turn in between. */
export async function vacuumTables(pool: pg.Pool, isStopped: () => boolean = () => false): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  for (const { name } of rows) {
    if (isStopped()) return;
    await pool.query(`VACUUM (ANALYZE) ${name}`);
  }
}
