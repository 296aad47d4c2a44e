// Files that are there whole or not at all, and stay when the power goes: written under a temporary name, brought to the disk, renamed.
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Nobody else on the machine reads the lab's bytes. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o400;
/** A write of so many bytes costs no more than many small ones. */
const GATHER_BYTES = 1024 * 1024;

/** A file that has no name yet. */
export interface TemporaryFile {
  readonly path: string;
  /** Gives it its name, in place of what had it. */
  keepAs(path: string): Promise<void>;
  /** Removes it, where it still is. */
  discard(): Promise<void>;
}

/** All of `source` on the disk, in a file in `folder`. When anything fails, nothing is left. */
export async function writeTemporary(folder: string, source: AsyncIterable<Uint8Array>): Promise<TemporaryFile> {
  await makeFolder(folder);
  const path = join(folder, randomUUID());
  const discard = (): Promise<void> => rm(path, { force: true });
  try {
    const file = await open(path, 'wx', FILE_MODE);
    try {
      for await (const chunk of gathered(source)) await file.appendFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    path,
    discard,
    async keepAs(kept) {
      await makeFolder(dirname(kept));
      await rename(path, kept);
      await syncFolder(dirname(kept));
    },
  };
}

async function* gathered(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    held.push(chunk);
    bytes += chunk.byteLength;
    if (bytes < GATHER_BYTES) continue;
    yield Buffer.concat(held);
    held = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(held);
}

/** Makes it and what is above it, each of them for good. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** A new name is in the folder's own data. Windows knows no such thing. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
