// The baseline of a start: a process that opens an embedded database in a folder, as PGlite does by itself, and asks it one thing.
// It is the very PGlite that the lab has.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

interface Database {
  query(sql: string): Promise<unknown>;
  close(): Promise<void>;
}

const lab = createRequire(new URL('../../../libs/db/worker/pglite-worker.mjs', import.meta.url));
const { PGlite } = (await import(pathToFileURL(lab.resolve('@electric-sql/pglite')).href)) as {
  PGlite: { create(folder: string): Promise<Database> };
};

const db = await PGlite.create(process.argv[2] ?? '');
await db.query('SELECT 1');
process.stdout.write('answered\n');
// Until it is told to end, so that both are measured the same way.
process.once('SIGTERM', () => void db.close().then(() => process.exit(0)));
setInterval(() => undefined, 60_000);
