// The files of a folder with their sizes and times. What goes meanwhile is not there; what is no file does not count.
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface FolderEntry {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

export async function* entriesOf(folder: string): AsyncGenerator<FolderEntry> {
  const entries = await unlessMissing(opendir(folder));
  if (entries === undefined) return;
  for await (const { name } of entries) {
    const path = join(folder, name);
    const found = await unlessMissing(stat(path));
    if (found?.isFile() === true) yield { name, path, bytes: found.size, modifiedAt: found.mtime };
  }
}

/** Undefined where there is no such file or folder. */
export async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
