// Prepares the folder of an embedded database: makes a new one from the build's template, leaves an old one as it is.
// It must never touch a folder that holds anything else.
import { chmod, cp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { AppError } from '@labmesh/contracts';

const TEMPLATE = fileURLToPath(new URL('../../dist/template', import.meta.url));

/**
 * Returns what to call when the engine runs on the folder. Until then a mark stands beside it: a process killed in
 * its very first start leaves files that never open again, and as nobody was given that database, the next start
 * begins anew. AppError `conflict` when the folder holds other files; errors of the disk pass.
 */
export async function prepareFolder(folder: string): Promise<() => Promise<void>> {
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
  if (await exists(TEMPLATE)) {
    await cp(TEMPLATE, folder, { recursive: true });
    await chmod(folder, 0o700);
  } // without a template the engine makes a database itself: the same, only slower
  return () => rm(mark);
}

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
