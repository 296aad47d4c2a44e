// What a job left in its folder, looked at and read without ever being led out of it: a link is no file, and a folder that became
// one meanwhile is noticed before a byte is read.
import { constants, type Dirent } from 'node:fs';
import { type FileHandle, lstat, open, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobRef, BlobStore } from '@labmesh/blobs';
import { AppError, OWN_FOLDERS } from '@labmesh/contracts';

export interface LeftFile {
  /** In the job's folder. */
  readonly path: string;
  readonly bytes: number;
  /** Another one after each change. */
  readonly state: string;
}

/** More files than this are a mistake. */
const FILES_MAX = 10_000;
const DEPTH_MAX = 64;

/** Regular files below `within`, in the order of their paths. @throws AppError too_large */
export async function leftFiles(folder: string, within = ''): Promise<LeftFile[]> {
  const found: LeftFile[] = [];
  const walk = async (at: string, depth: number): Promise<void> => {
    const entries: Dirent[] = await readdir(join(folder, at), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory() && depth < DEPTH_MAX && !(at === '' && OWN_FOLDERS.has(entry.name)))
        await walk(path, depth + 1);
      if (!entry.isFile()) continue;
      const is = await lstat(join(folder, path), { bigint: true }).catch(() => undefined);
      if (is?.isFile() !== true) continue;
      if (found.length >= FILES_MAX)
        throw new AppError('too_large', `Cannot keep more than ${FILES_MAX} files of a job: pack them into one.`);
      found.push({ path, bytes: Number(is.size), state: `${is.ino} ${is.size} ${is.mtimeNs} ${is.ctimeNs}` });
    }
  };
  await walk(within, 0);
  return found.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** Undefined when it is no regular file of the folder any more. @throws whatever the place for bytes throws */
export async function putFile(
  store: BlobStore,
  folder: string,
  { path, bytes }: LeftFile,
): Promise<BlobRef | undefined> {
  const place = join(folder, path);
  const file = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  );
  if (file === undefined) return undefined;
  try {
    if (!(await isWithin(file, place, folder))) return undefined;
    return await store.put(file.createReadStream({ autoClose: false, end: Math.max(0, bytes - 1) }));
  } finally {
    await file.close();
  }
}

/** The system says where an open file lies, whatever its path is by now. */
async function isWithin(file: FileHandle, place: string, folder: string): Promise<boolean> {
  if (!(await file.stat()).isFile()) return false;
  const lies = await realpath(process.platform === 'linux' ? `/proc/self/fd/${file.fd}` : place).catch(() => '');
  return lies.startsWith(`${await realpath(folder)}/`);
}
