// A model on its way to the lab: its files in a tar, and nothing else. Reading believes nothing of it: what is not one of a model's
// files by its exact name, a plain file, and within its bounds, is refused before it is written.
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@labmesh/contracts';
import { extract, type Header, pack } from 'tar-stream';
import { MODEL_BYTES_MAX, MODEL_FILES, type ModelFile } from './encoder-spec.js';

export interface PackedFile {
  readonly name: ModelFile;
  readonly bytes: number;
  readonly content: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Headers and ends of files beside what is in them. */
export const MODEL_ARCHIVE_BYTES_MAX = MODEL_BYTES_MAX + 32 * 1024 * 1024;

/** Writes the archive; the same files are the same bytes. */
export async function packModel(files: readonly PackedFile[], path: string): Promise<void> {
  const tar = pack();
  const written = pipeline(tar as unknown as Readable, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  const packing = (async () => {
    for (const { name, bytes, content } of files) {
      const header = { name, size: bytes, mode: 0o644, mtime: new Date(0), type: 'file' as const };
      await new Promise<void>((resolve, reject) => {
        const entry = tar.entry(header, (error) => (error == null ? resolve() : reject(error)));
        pipeline(Readable.from(content()), entry as unknown as NodeJS.WritableStream).catch(reject);
      });
    }
    tar.finalize();
  })();
  packing.catch((error: Error) => tar.destroy(error));
  await Promise.all([packing, written]);
}

interface Entry extends AsyncIterable<Buffer> {
  readonly header: Header;
}

/** @throws AppError invalid_input for what is no such archive, too_large */
export async function unpackModel(source: AsyncIterable<Uint8Array>, folder: string): Promise<void> {
  const entries = extract();
  const feeding = Readable.from(source);
  feeding.on('error', (error) => entries.destroy(error));
  feeding.pipe(entries as unknown as NodeJS.WritableStream);
  const seen = new Set<string>();
  try {
    for await (const entry of entries as unknown as AsyncIterable<Entry>) {
      const { name, type, size = 0 } = entry.header;
      if (type !== 'file' || !isModelFile(name) || seen.has(name))
        throw refusal(`it holds ${name.slice(0, 100)}, which is no file of a model, or is there twice`);
      if (size > MODEL_FILES[name].bytesMax)
        throw new AppError(
          'too_large',
          `Cannot take the model: ${name} has ${size} bytes, and may have ${MODEL_FILES[name].bytesMax}.`,
        );
      seen.add(name);
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await pipeline(entry, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'invalid_input',
      'Cannot take the model: the upload is no whole tar. Use npx @labmesh/cli models add.',
      {
        cause: error,
      },
    );
  } finally {
    feeding.destroy();
    entries.destroy();
  }
  if (seen.size === 0) throw refusal('it holds nothing');
}

const isModelFile = (name: string): name is ModelFile => Object.hasOwn(MODEL_FILES, name);

const refusal = (why: string): AppError =>
  new AppError('invalid_input', `Cannot take the model: ${why}. Use npx @labmesh/cli models add.`);
