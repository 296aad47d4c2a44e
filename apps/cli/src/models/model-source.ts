// Where a model comes from: a folder, an archive (zip, wheel, tar, tar.gz) that has such a folder in it, or an address of one. It takes
// a model's own files and nothing else, and packs them for the lab.
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '@labmesh/contracts';
import {
  MODEL_ARCHIVE_BYTES_MAX,
  MODEL_FILE_NAMES,
  MODEL_FILES,
  type ModelFile,
  type PackedFile,
} from '@labmesh/encoder';
import { unzipSync } from 'fflate';
import { extract, type Header } from 'tar-stream';

const WANTED = 'a folder or an archive with config.json, model.safetensors and vocab.txt';

/** @throws AppError not_found, too_large, invalid_input where there is no model */
export async function modelFiles(path: string): Promise<PackedFile[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new AppError('not_found', `Cannot read ${path}: it is not there. Give ${WANTED}.`);
  const files = found.isDirectory() ? await inFolder(path) : await inArchive(path, found.size);
  const missing = MODEL_FILE_NAMES.find(
    (name) => MODEL_FILES[name].required && !files.some((file) => file.name === name),
  );
  if (missing !== undefined)
    throw new AppError('invalid_input', `Cannot take ${path}: it has no ${missing}. Give ${WANTED}.`);
  for (const { name, bytes } of files)
    if (bytes > MODEL_FILES[name].bytesMax)
      throw new AppError(
        'too_large',
        `Cannot take ${path}: ${name} has ${bytes} bytes, and may have ${MODEL_FILES[name].bytesMax}.`,
      );
  return files;
}

/** As the folder or file is called, in the form of a model's name. */
export const nameOf = (place: string): string =>
  basename(place)
    .replace(/(\.(zip|whl|tar|tgz|gz))+$/i, '')
    .replace(/-[0-9][^-]*-py[^-]*-[^-]*-[^-]*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 60);

async function inFolder(folder: string): Promise<PackedFile[]> {
  const files: PackedFile[] = [];
  for (const name of MODEL_FILE_NAMES) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() === true) files.push({ name, bytes: found.size, content: () => createReadStream(path) });
  }
  return files;
}

async function inArchive(path: string, bytes: number): Promise<PackedFile[]> {
  if (bytes > MODEL_ARCHIVE_BYTES_MAX)
    throw new AppError(
      'too_large',
      `Cannot take ${path}: it has ${bytes} bytes, and may have ${MODEL_ARCHIVE_BYTES_MAX}.`,
    );
  try {
    const entries = /\.(zip|whl)$/i.test(path) ? unzipped(await readFile(path)) : await untarred(path);
    return ofOneFolder(entries);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('invalid_input', `Cannot take ${path}: it is no whole zip, wheel, tar or tar.gz.`, {
      cause: error,
    });
  }
}

/** Whether it may be of a model, and is not larger than such a file is. */
function isWanted(path: string, bytes: number): boolean {
  const name = MODEL_FILE_NAMES.find((each) => path === each || path.endsWith(`/${each}`));
  return name !== undefined && bytes <= MODEL_FILES[name].bytesMax;
}

function unzipped(archive: Uint8Array): Map<string, Uint8Array> {
  const entries = unzipSync(archive, { filter: ({ name, originalSize }) => isWanted(name, originalSize) });
  return new Map(Object.entries(entries));
}

interface Entry extends AsyncIterable<Buffer> {
  readonly header: Header;
  resume(): void;
}

async function untarred(path: string): Promise<Map<string, Uint8Array>> {
  const entries = extract();
  const file = createReadStream(path);
  const bytes = /\.t?gz$/i.test(path) ? file.pipe(createGunzip()) : file;
  for (const stream of [file, bytes] as Readable[]) stream.on('error', (error) => entries.destroy(error));
  (bytes as Readable).pipe(entries as unknown as NodeJS.WritableStream);
  const found = new Map<string, Uint8Array>();
  try {
    for await (const entry of entries as unknown as AsyncIterable<Entry>) {
      const { name, type, size = 0 } = entry.header;
      const path = name.replace(/^(\.\/)+/, '');
      if (type !== 'file' || !isWanted(path, size)) {
        entry.resume();
        continue;
      }
      const pieces: Buffer[] = [];
      for await (const piece of entry) pieces.push(piece);
      found.set(path, Buffer.concat(pieces));
    }
  } finally {
    file.destroy();
  }
  return found;
}

/** Of the one folder that has weights: which of several is meant, nobody knows. */
function ofOneFolder(entries: ReadonlyMap<string, Uint8Array>): PackedFile[] {
  const folders = [...entries.keys()].flatMap((path) => /^(.*\/)?model\.safetensors$/.exec(path)?.slice(1) ?? []);
  if (folders.length > 1)
    throw new AppError(
      'invalid_input',
      `It holds several models: ${folders.join(', ')}. Unpack it, and give one folder.`,
    );
  const folder = folders[0] ?? '';
  return MODEL_FILE_NAMES.flatMap((name: ModelFile): PackedFile[] => {
    const bytes = entries.get(`${folder}${name}`);
    return bytes === undefined ? [] : [{ name, bytes: bytes.byteLength, content: () => Readable.from([bytes]) }];
  });
}
