// Walks files and folders for a scan: one at a time, never through a link, in bounded memory. Reads, and changes nothing.
import { createReadStream } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';

/** Git keeps what it has compressed: a key in there is found in `git log -p`, not by looking at files. */
const PASSED_FOLDERS: ReadonlySet<string> = new Set(['.git']);
const CHUNK_BYTES = 256 * 1_024;
/** So far in, a zero byte says that a file is no text. */
const TEXT_CHECK_BYTES = 8_192;

export interface Skipped {
  readonly file: string;
  readonly why: 'binary' | 'unreadable';
}

/** Every regular file at and below the paths; a link is followed only where it is named itself. @throws AppError not_found for a path that is not there */
export async function* filesAt(paths: readonly string[], skip: (skipped: Skipped) => void): AsyncGenerator<string> {
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined)
      throw new AppError('not_found', `Cannot scan ${path}: it is not there. Name files or folders.`);
    if (found.isDirectory()) yield* filesBelow(path, skip);
    else if (found.isFile()) yield path;
  }
}

async function* filesBelow(top: string, skip: (skipped: Skipped) => void): AsyncGenerator<string> {
  const folders = [top];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await opendir(folder).catch(() => undefined);
    if (entries === undefined) {
      skip({ file: folder, why: 'unreadable' });
      continue;
    }
    for await (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !PASSED_FOLDERS.has(entry.name)) folders.push(path);
      else if (entry.isFile()) yield path;
    }
  }
}

/** The bytes of a text file, piece by piece; nothing of one that is no text or cannot be read. */
export async function* textOf(file: string, skip: (skipped: Skipped) => void): AsyncGenerator<Uint8Array> {
  let first = true;
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES })) {
      const bytes = chunk as Buffer;
      if (first && bytes.subarray(0, TEXT_CHECK_BYTES).includes(0)) return skip({ file, why: 'binary' });
      first = false;
      yield bytes;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    skip({ file, why: 'unreadable' });
  }
}
