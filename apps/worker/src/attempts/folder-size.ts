// How much room a folder takes, as the file system counts it: holes of sparse files take none, each entry takes a little.
import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const BLOCK_BYTES = 512;

/** Stops counting once it is more than `enough`. What goes away meanwhile counts as nothing; links are not followed. */
export async function folderBytes(folder: string, enough = Number.POSITIVE_INFINITY): Promise<number> {
  let bytes = 0;
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined && bytes <= enough; next = folders.pop()) {
    const entries: Dirent[] = await readdir(next, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (bytes > enough) break;
      const path = join(next, entry.name);
      const found = await lstat(path).catch(() => undefined);
      bytes += Math.max((found?.blocks ?? 0) * BLOCK_BYTES, BLOCK_BYTES);
      if (entry.isDirectory()) folders.push(path);
    }
  }
  return bytes;
}
