// Prepares the folder of an embedded database: makes a new one from a template of the build's, leaves an old one as it is.
// It must never touch a folder that holds anything else.
import { cpSync } from 'node:fs';
import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { AppError } from '@labmesh/contracts';
import { FOLDER, fingerprintOf, readMigrations } from '../migrations/read-migrations.js';

/** What a new database begins as: with every migration of the lab, or as the engine makes it, for rows of another lab. */
export type Beginning = 'migrated' | 'empty';

const EMPTY = fileURLToPath(new URL('../../dist/template', import.meta.url));
const MIGRATED = `${EMPTY}-migrated`;

/**
 * Returns what to call when the engine runs on the folder. Until then a mark stands beside it: a process killed in
 * its very first start leaves files that never open again, and as nobody was given that database, the next start
 * begins anew. AppError `conflict` when the folder holds other files; errors of the disk pass.
 */
export async function prepareFolder(folder: string, beginning: Beginning): Promise<() => Promise<void>> {
  const mark = `${folder}.unfinished`;
  if (await exists(mark)) await rm(folder, { recursive: true, force: true });
  if (await exists(`${folder}/PG_VERSION`)) return () => Promise.resolve();
  if (await isFilled(folder)) {
    throw new AppError(
      'conflict',
      `Cannot keep the database in ${folder}: it holds other files. Choose an empty folder.`,
    );
  }
  await writeFile(mark, '');
  const template = beginning === 'migrated' && (await isOfTheseMigrations()) ? MIGRATED : EMPTY;
  if (await exists(template)) {
    // A thousand files: file by file through the thread pool takes three times as much of the processor, and nothing else can begin yet.
    cpSync(template, folder, { recursive: true });
    await chmod(folder, 0o700);
  } // without a template the engine makes a database itself: the same, only slower
  return () => rm(mark);
}

/** One that was made before a migration changed would be taken for a database whose migrations somebody edited. */
const isOfTheseMigrations = async (): Promise<boolean> =>
  (await readFile(`${MIGRATED}.made-with`, 'utf8').catch(() => '')).endsWith(
    ` ${fingerprintOf(await readMigrations(FOLDER))}`,
  );

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const isFilled = (path: string): Promise<boolean> =>
  readdir(path).then(
    (names) => names.length > 0,
    () => false,
  );
