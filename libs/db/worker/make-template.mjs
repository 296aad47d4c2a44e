// Run by the build: makes a database once, in dist/template as the engine makes it, and in dist/template-migrated with every migration
// of the lab, for every later first start to copy. Copying takes a fraction of the time and the memory of making one. Nothing of a lab
// is ever in either.
import { chmod, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { openEmbeddedPool } from '../dist/embedded/embedded-pool.js';
import { applyMigrations } from '../dist/migrations/apply-migrations.js';
import { FOLDER, fingerprintOf, readMigrations } from '../dist/migrations/read-migrations.js';
import { CREATE, START } from './settings.mjs';

const template = fileURLToPath(new URL('../dist/template', import.meta.url));
const manifest = join(dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite')), '../package.json');
const engine = `${JSON.parse(await readFile(manifest, 'utf8')).version} ${[...CREATE, ...START].join(' ')}`;

await unlessMade(template, engine, async (folder) => {
  const db = await PGlite.create({ dataDir: folder, startParams: START, initDbStartParams: CREATE });
  await db.close();
});
await unlessMade(`${template}-migrated`, `${engine} ${fingerprintOf(await readMigrations(FOLDER))}`, async (folder) => {
  const { pool, release } = await openEmbeddedPool(folder, 'empty'); // a copy of the other
  await applyMigrations(pool);
  await pool.end();
  await release();
});

/** What stands in its stamp says what a template was made with: of the same, it stays. */
async function unlessMade(folder, madeWith, make) {
  const stamp = `${folder}.made-with`;
  if ((await readFile(stamp, 'utf8').catch(() => '')) === madeWith) return;
  await rm(stamp, { force: true });
  await rm(folder, { recursive: true, force: true });
  const unfinished = `${folder}.${process.pid}`;
  await make(unfinished);
  await openToAll(unfinished);
  await rename(unfinished, folder);
  await writeFile(stamp, madeWith);
}

/** The user who starts a lab need not be the one who built it; copies are closed again. */
async function openToAll(folder) {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else await chmod(path, 0o644);
  }
}
