// Puts what mending made into a project's folder: all files or none, and permission bits of plain files only.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { placeFiles } from '../placing/place-files.js';
import { type ProjectFile, sha256Of } from '../project-file.js';
import type { Looked } from './look-through.js';

/**
 * @param before as they were looked at: a file that was changed meanwhile stays as it is
 * @throws AppError conflict when one was, unavailable when the disk says no; then no file was changed
 */
export async function mendFolder(
  target: string,
  before: readonly ProjectFile[],
  { changed, modes }: Pick<Looked, 'changed' | 'modes'>,
): Promise<void> {
  const known = new Map(before.map((file) => [file.path, sha256Of(file.bytes)]));
  if (changed.length > 0)
    await placeFiles({ target, put: changed.map((file) => ({ ...file, replaces: known.get(file.path) })) });
  for (const [path, mode] of modes) {
    const handle = await open(join(target, path), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      if ((await handle.stat()).isFile()) await handle.chmod(mode);
    } finally {
      await handle.close();
    }
  }
}
