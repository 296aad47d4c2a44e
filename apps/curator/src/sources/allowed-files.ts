// Opens files of sources: inside the folders that the operator allowed, regular files alone. Links, devices and ways out are refused.
import { constants, createWriteStream } from 'node:fs';
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@labmesh/contracts';

const refused = (path: string, why: string, cause?: unknown): AppError =>
  new AppError('forbidden', `Cannot read ${path}: ${why}.`, { cause });

/**
 * The file's own path, checked. `path` is inside `folder`, or absolute where that is left out.
 * @throws AppError forbidden for what is outside the allowed folders, a link, or no regular file; not_found when it is not there
 */
export async function allowedFile(
  path: string,
  { folder, allowed }: { folder?: string; allowed: readonly string[] },
): Promise<string> {
  if (path.includes('\0')) throw refused('this file', 'its name holds U+0000');
  if (folder !== undefined && (isAbsolute(path) || path.split(/[\\/]/).includes('..')))
    throw refused(path, 'it must be inside the folder of the source');
  const whole = folder === undefined ? path : join(folder, path);
  if (!isAbsolute(whole)) throw refused(whole, 'a source names its files by absolute paths');
  const base = await baseOf(whole, allowed);
  await refuseLinks(base, whole);
  return whole;
}

/** The allowed folder that it is in. */
async function baseOf(whole: string, allowed: readonly string[]): Promise<string> {
  if (allowed.length === 0)
    throw refused(whole, 'no folder is allowed. The operator allows some with LABMESH_SOURCE_FOLDERS');
  const base = allowed.find((folder) => isInside(folder, whole));
  if (base === undefined) throw refused(whole, 'it is in none of the folders of LABMESH_SOURCE_FOLDERS');
  const real = await realpath(base).catch((cause: unknown) => {
    throw refused(base, 'this folder of LABMESH_SOURCE_FOLDERS is not there', cause);
  });
  const found = await realpath(whole).catch((cause: unknown) => {
    throw new AppError('not_found', `Cannot read ${whole}: there is no such file.`, { cause });
  });
  if (!isInside(real, found)) throw refused(whole, 'a link on its way leads out of the folder');
  return base;
}

/** Each step below the allowed folder: a link may be turned somewhere else at any time. */
async function refuseLinks(base: string, whole: string): Promise<void> {
  let at = base;
  for (const step of relative(base, whole).split(sep)) {
    at = join(at, step);
    if ((await lstat(at)).isSymbolicLink()) throw refused(whole, `${at} is a link`);
  }
  if (!(await lstat(whole)).isFile()) throw refused(whole, 'it is no regular file');
}

/** The bytes of a file that `allowedFile` gave. @throws AppError forbidden when it changed meanwhile, too_large */
export const readAllowed = (path: string, bytesMax: number): Promise<Buffer> =>
  withFile(path, bytesMax, async (file, size) => {
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await file.read(bytes, 0, size, 0);
    return bytes.subarray(0, bytesRead);
  });

/** A copy of it as it was at one moment. @throws AppError as `readAllowed`; conflict when somebody writes it */
export const copyAllowed = (path: string, to: string, bytesMax: number): Promise<void> =>
  withFile(path, bytesMax, async (file) => {
    const before = await file.stat();
    await pipeline(file.createReadStream({ autoClose: false, start: 0 }), createWriteStream(to, { mode: 0o600 }));
    const after = await file.stat();
    if (before.mtimeMs === after.mtimeMs && before.size === after.size) return;
    throw new AppError('conflict', `Cannot read ${path}: somebody writes it at this moment. Try again later.`);
  });

async function withFile<T>(
  path: string,
  bytesMax: number,
  work: (file: FileHandle, size: number) => Promise<T>,
): Promise<T> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch((cause: unknown) => {
    throw refused(path, 'it cannot be opened', cause);
  });
  try {
    const { size, isFile } = await file.stat().then((found) => ({ size: found.size, isFile: found.isFile() }));
    if (!isFile) throw refused(path, 'it is no regular file');
    if (size > bytesMax)
      throw new AppError('too_large', `Cannot read ${path}: it has ${size} bytes, ${bytesMax} is the most.`);
    return await work(file, size);
  } finally {
    await file.close();
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}
