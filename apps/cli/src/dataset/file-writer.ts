// Writes a file whole or not at all: beside it first, then in its place, when the hash of what came is the one that was told.
// What came before the line broke is kept beside it, and the next try goes on from there.
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { AppError } from '@labmesh/contracts';

export interface Wanted {
  readonly path: string;
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** The bytes from a place on. */
export type Source = (from: number) => AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>;

/** Only the same content is gone on with: its hash is part of the name. */
export const partOf = ({ path, sha256 }: Pick<Wanted, 'path' | 'sha256'>): string =>
  `${path}.${sha256.slice(0, 12)}.part`;

/**
 * @param onBytes told how many are there
 * @throws AppError conflict when other bytes came than those that were told; invalid_input when the file cannot be written
 */
export async function writeChecked(source: Source, wanted: Wanted, onBytes: (bytes: number) => void): Promise<void> {
  const part = partOf(wanted);
  const hash = createHash('sha256');
  const file = await open(part, 'a').catch((cause: NodeJS.ErrnoException) => {
    throw new AppError(
      'invalid_input',
      `Cannot write ${wanted.path}: ${cause.code === 'ENOENT' ? 'its folder is not there; make it first' : cause.message}`,
      { cause },
    );
  });
  try {
    await fill(file, { part, hash, source, wanted, onBytes });
    await file.sync();
  } finally {
    await file.close();
  }
  const seen = hash.digest('hex');
  if (seen !== wanted.sha256) {
    await rm(part, { force: true });
    throw new AppError(
      'conflict',
      `Cannot keep ${wanted.path}: what came has the SHA-256 ${seen}, not ${wanted.sha256}. Nothing was written; try again.`,
    );
  }
  await rename(part, wanted.path);
}

interface Filling {
  readonly part: string;
  readonly hash: Hash;
  readonly source: Source;
  readonly wanted: Wanted;
  readonly onBytes: (bytes: number) => void;
}

async function fill(file: FileHandle, { part, hash, source, wanted, onBytes }: Filling): Promise<void> {
  let bytes = (await file.stat()).size;
  if (bytes > wanted.bytes) {
    await file.truncate(0);
    bytes = 0;
  }
  if (bytes > 0) for await (const chunk of createReadStream(part)) hash.update(chunk as Buffer);
  onBytes(bytes);
  if (bytes === wanted.bytes) return;
  for await (const chunk of await source(bytes)) {
    hash.update(chunk);
    await file.writeFile(chunk);
    bytes += chunk.length;
    onBytes(bytes);
  }
}
