// All rows of a lab as they were at one instant, table by table, in a form that any PostgreSQL takes back: each row is the list of
// its columns in PostgreSQL's own text, which is exact. It writes nothing, and holds no more than a batch of rows.
import type pg from 'pg';
import { labSequences, labTables, type LabTable, type SequenceState, type TableShape } from './lab-tables.js';

/** A migration as the database remembers it. */
export interface AppliedMigration {
  readonly name: string;
  /** SHA-256 of its file, in hexadecimal. */
  readonly checksum: string;
}

export type DumpPart =
  | { readonly kind: 'start'; readonly takenAt: string; readonly migrations: readonly AppliedMigration[] }
  | { readonly kind: 'table'; readonly table: TableShape }
  /** Each is a JSON array of texts and nulls, of the table that came last. */
  | { readonly kind: 'rows'; readonly lines: readonly string[] }
  | { readonly kind: 'end'; readonly sequences: readonly SequenceState[] };

/** What texts of values look like, whatever the server's settings are. */
export const EXACT_TEXT = `SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres';
  SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL search_path = pg_catalog;
  SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0`;

const FIRST_ROWS = 200;
const ROWS_MAX = 5_000;
const BATCH_CHARS = 1024 * 1024;

const AS_TEXT = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;

/**
 * One snapshot of everything. Embedded, the others wait while it is read, as there is one connection.
 * Whoever stops reading ends the transaction by that.
 */
export async function* dumpOf(pool: pg.Pool): AsyncGenerator<DumpPart> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(EXACT_TEXT);
    yield { kind: 'start', ...(await beginning(client)) };
    for (const table of await labTables(client)) {
      const { schema, name, columns } = table;
      yield { kind: 'table', table: { schema, name, columns } };
      for await (const lines of rowsOf(client, table)) yield { kind: 'rows', lines };
    }
    // A sequence is outside of all transactions: read last, it is never behind the rows.
    yield { kind: 'end', sequences: await labSequences(client) };
  } finally {
    await client.query('ROLLBACK').catch((error: Error) => {
      broken = error;
    });
    client.release(broken);
  }
}

async function beginning(client: pg.PoolClient): Promise<{ takenAt: string; migrations: AppliedMigration[] }> {
  const { rows: times } = await client.query<{ at: Date }>('SELECT transaction_timestamp() AS at');
  const { rows: migrations } = await client.query<AppliedMigration>(
    `SELECT migration_name AS name, checksum FROM public._prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name COLLATE "C"`,
  );
  return { takenAt: (times[0]?.at ?? new Date()).toISOString(), migrations };
}

/** By a cursor: a table may be larger than memory. How many rows come at once follows from how long they are. */
async function* rowsOf(client: pg.PoolClient, { sql, columns, order }: LabTable): AsyncGenerator<string[]> {
  const names = columns.map((column) => `"${column.replaceAll('"', '""')}"`).join(', ');
  await client.query(`DECLARE carried NO SCROLL CURSOR FOR SELECT ${names} FROM ${sql} AS r ORDER BY ${order}`);
  for (let wanted = FIRST_ROWS; ; ) {
    const { rows } = await client.query<unknown[]>({
      text: `FETCH FORWARD ${wanted} FROM carried`,
      rowMode: 'array',
      types: AS_TEXT,
    });
    if (rows.length === 0) break;
    const lines = rows.map((row) => JSON.stringify(row));
    yield lines;
    const chars = lines.reduce((sum, line) => sum + line.length, 0);
    wanted = Math.min(ROWS_MAX, Math.max(1, Math.floor((rows.length * BATCH_CHARS) / Math.max(chars, 1))));
  }
  await client.query('CLOSE carried');
}
