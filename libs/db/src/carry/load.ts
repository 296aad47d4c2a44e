// Puts a dump into a database that holds nothing yet, all of it or nothing. What guards the rows in daily life (triggers that let
// money move in one way only, references between tables) rests meanwhile; references are checked again, all of them, at the end.
import { AppError } from '@labmesh/contracts';
import type pg from 'pg';
import { type DumpPart, EXACT_TEXT } from './dump.js';
import { labTables, type LabTable, NOT_OURS, nameOf } from './lab-tables.js';

type Asked = Pick<pg.ClientBase, 'query'>;

const BATCH_CHARS = 1024 * 1024;

export interface LoadedTable {
  readonly table: string;
  readonly rows: number;
}

/** In the transaction of `client`. @throws AppError conflict when the tables are others than those of the dump */
export async function loadDump(
  client: Asked,
  parts: AsyncIterable<DumpPart>,
  onTable: (loaded: LoadedTable) => void = () => undefined,
): Promise<void> {
  await client.query(EXACT_TEXT);
  const tables = await labTables(client);
  const references = await restReferences(client, tables);
  const known = new Map(tables.map((table) => [nameOf(table), table]));
  let at: LoadedTable | undefined;
  let target: LabTable | undefined;
  const told = (): void => {
    if (at !== undefined) onTable(at);
  };
  for await (const part of parts) {
    switch (part.kind) {
      case 'start':
        break;
      case 'table':
        told();
        target = fitting(known.get(nameOf(part.table)), part.table);
        at = { table: nameOf(part.table), rows: 0 };
        break;
      case 'rows':
        if (target === undefined || at === undefined) throw new AppError('conflict', 'Rows came before their table.');
        for (const lines of batches(part.lines)) await insert(client, target, lines);
        at = { ...at, rows: at.rows + part.lines.length };
        break;
      case 'end':
        for (const { sql, last, called } of part.sequences)
          await client.query(`SELECT setval($1::regclass, $2::bigint, $3::boolean)`, [sql, last, called]);
    }
  }
  told();
  for (const { again } of references) await client.query(again);
  for (const { sql } of tables) await client.query(`ALTER TABLE ${sql} ENABLE TRIGGER USER`);
}

interface Reference {
  readonly drop: string;
  readonly again: string;
}

/** Tables are locked by it until the transaction ends. Answers what makes the references anew. */
async function restReferences(client: Asked, tables: readonly LabTable[]): Promise<readonly Reference[]> {
  const { rows } = await client.query<Reference>(`
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::regclass, k.conname) AS drop,
      format('ALTER TABLE %s ADD CONSTRAINT %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid)) AS again
    FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
    WHERE k.contype = 'f' AND n.nspname NOT IN ${NOT_OURS} AND n.nspname !~ '^pg_' ORDER BY 1`);
  for (const { drop } of rows) await client.query(drop);
  for (const { sql } of tables) await client.query(`ALTER TABLE ${sql} DISABLE TRIGGER USER`);
  // What migrations put there is in the dump, too.
  if (tables.length > 0) await client.query(`TRUNCATE ${tables.map(({ sql }) => sql).join(', ')}`);
  return rows;
}

function fitting(target: LabTable | undefined, source: { schema: string; name: string; columns: readonly string[] }) {
  const name = nameOf(source);
  if (target === undefined)
    throw new AppError('conflict', `Cannot load the table ${name}: the database has none of this name.`);
  if (target.columns.join() !== source.columns.join())
    throw new AppError('conflict', `Cannot load the table ${name}: its columns are others in the database.`);
  return target;
}

function* batches(lines: readonly string[]): Generator<readonly string[]> {
  let batch: string[] = [];
  let chars = 0;
  for (const line of lines) {
    if (chars + line.length > BATCH_CHARS && batch.length > 0) {
      yield batch;
      batch = [];
      chars = 0;
    }
    batch.push(line);
    chars += line.length;
  }
  if (batch.length > 0) yield batch;
}

/** PostgreSQL takes the rows apart by itself: each value's text becomes the value by its type's own input. */
async function insert(client: Asked, { sql, columns, types }: LabTable, lines: readonly string[]): Promise<void> {
  const names = columns.map((column) => `"${column.replaceAll('"', '""')}"`).join(', ');
  const values = types.map((type, at) => `(r.value->>${at})::${type}`).join(', ');
  await client.query(
    `INSERT INTO ${sql} (${names}) OVERRIDING SYSTEM VALUE
     SELECT ${values} FROM json_array_elements($1::json) WITH ORDINALITY AS r (value, place) ORDER BY place`,
    [`[${lines.join(',')}]`],
  );
}
