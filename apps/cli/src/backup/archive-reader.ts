// Reads an archive entry by entry, in the order they have there. It holds one chunk of an entry at a time, and believes nothing:
// whoever reads compares what it counted and hashed.
import { createReadStream } from 'node:fs';
import { AppError } from '@labmesh/contracts';
import { extract } from 'tar-stream';
import { refuseAborted } from './archive-writer.js';
import { damaged, notABackup } from './manifest.js';

export interface ArchiveEntry {
  readonly name: string;
  readonly bytes: number;
  /** To be read to its end, or left: then it is passed over. */
  readonly content: AsyncIterable<Uint8Array>;
}

export interface ReaderOptions {
  readonly path: string;
  readonly signal: AbortSignal;
  /** @param read bytes of the archive so far */
  readonly onBytes?: (read: number) => void;
}

/** @throws AppError not_found, invalid_input; conflict where it ends too early or is no archive any more; cancelled */
export async function* archiveEntries({ path, signal, onBytes }: ReaderOptions): AsyncGenerator<ArchiveEntry> {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  const archive = extract();
  let read = 0;
  let entries = 0;
  const broken = (error: unknown): AppError => {
    if (error instanceof AppError) return error;
    return entries === 0 ? notABackup() : damaged(`it breaks off, or goes wrong, after ${read} bytes`);
  };
  file.on('data', (chunk) => {
    read += chunk.length;
    onBytes?.(read);
  });
  file.on('error', (error) => archive.destroy(unreadable(path, error)));
  file.pipe(archive);
  try {
    for await (const entry of archive) {
      refuseAborted(signal);
      const { name, size = 0, type } = entry.header;
      if (type !== 'file') throw damaged(`${name} is no file`);
      entries += 1;
      yield { name, bytes: size, content: chunksOf(entry as unknown as AsyncIterable<Uint8Array>, { signal, broken }) };
      entry.resume();
    }
  } catch (error) {
    throw broken(error);
  } finally {
    file.destroy();
    archive.destroy();
  }
}

interface Reading {
  readonly signal: AbortSignal;
  readonly broken: (error: unknown) => AppError;
}

async function* chunksOf(entry: AsyncIterable<Uint8Array>, { signal, broken }: Reading): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of entry) {
      refuseAborted(signal);
      yield chunk;
    }
  } catch (error) {
    throw broken(error);
  }
}

const unreadable = (path: string, cause: NodeJS.ErrnoException): AppError =>
  cause.code === 'ENOENT'
    ? new AppError('not_found', `Cannot find the backup ${path}.`, { cause })
    : new AppError('invalid_input', `Cannot read the backup ${path}: ${cause.message}`, { cause });
