// Which tables and sequences are a lab's own: those of its agents' schemas. The job queue's are left out, as queues only say where
// to look, and the records of migrations, which travel by name. It only reads the catalogue.
import type pg from 'pg';

type Asked = Pick<pg.ClientBase, 'query'>;

export interface TableShape {
  readonly schema: string;
  readonly name: string;
  /** Those that hold something: what the database works out by itself is worked out again. */
  readonly columns: readonly string[];
}

export interface LabTable extends TableShape {
  /** `"schema"."name"`, as SQL. */
  readonly sql: string;
  readonly types: readonly string[];
  /** What rows are ordered by, as SQL: the same order in every database. */
  readonly order: string;
}

export interface SequenceState {
  /** `"schema"."name"`, as SQL. */
  readonly sql: string;
  /** Decimal: beyond what a number holds. */
  readonly last: string;
  readonly called: boolean;
}

/** Schemas that no agent owns. */
export const NOT_OURS = `('public', 'bullmq', 'information_schema')`;
const OWN = `n.nspname NOT IN ${NOT_OURS} AND n.nspname !~ '^pg_'`;

export const nameOf = ({ schema, name }: Pick<TableShape, 'schema' | 'name'>): string => `${schema}.${name}`;

/** In the order of their names. */
export async function labTables(client: Asked): Promise<LabTable[]> {
  const { rows } = await client.query<LabTable>(`
    SELECT n.nspname AS schema, c.relname AS name, format('%I.%I', n.nspname, c.relname) AS sql,
      (SELECT coalesce(json_agg(a.attname ORDER BY a.attnum), '[]') FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
      (SELECT coalesce(json_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum), '[]') FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS types,
      coalesce((SELECT string_agg(format('%I', a.attname) || CASE WHEN a.attcollation <> 0 THEN ' COLLATE "C"' ELSE '' END,
          ', ' ORDER BY k.place)
        FROM pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place), pg_attribute a
        WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid AND a.attnum = k.attnum),
        'r::text COLLATE "C"') AS order
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND ${OWN}
    ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C"`);
  return rows;
}

export async function labSequences(client: Asked): Promise<SequenceState[]> {
  const { rows } = await client.query<{ sql: string }>(`
    SELECT format('%I.%I', n.nspname, c.relname) AS sql FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'S' AND ${OWN} ORDER BY 1`);
  const states: SequenceState[] = [];
  for (const { sql } of rows) {
    const found = await client.query<{ last: string; called: boolean }>(
      `SELECT last_value::text AS last, is_called AS called FROM ${sql}`,
    );
    for (const { last, called } of found.rows) states.push({ sql, last, called });
  }
  return states;
}

/** How many rows each table has, by its name. */
export async function rowCounts(client: Asked, tables: readonly LabTable[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const table of tables) {
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) AS count FROM ${table.sql}`);
    counts.set(nameOf(table), Number(rows[0]?.count ?? 0));
  }
  return counts;
}
