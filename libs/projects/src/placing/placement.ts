// What is to be placed into a folder, and what that comes to there: which files are new, which take the place of others, which folders
// have to be made. Looks only, changes nothing.
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { checkedPaths } from '../checked-path.js';
import { byPath, type ProjectFile, sha256Of } from '../project-file.js';

export interface FilePut extends ProjectFile {
  /** SHA-256 of the file whose place it takes; left out, nothing may be there. */
  readonly replaces?: string | undefined;
  /** Only its owner may read it. */
  readonly private?: boolean;
}

export interface FileRemoval {
  readonly path: string;
  readonly sha256: string;
}

export interface Placement {
  /** The folder; the one above it exists. */
  readonly target: string;
  readonly put: readonly FilePut[];
  readonly remove?: readonly FileRemoval[];
}

/** Everything that will be done, by path. */
export interface Plan {
  /** Nothing is there: all of it comes at once, by one name. */
  readonly whole: boolean;
  readonly put: readonly FilePut[];
  readonly remove: readonly FileRemoval[];
  /** Inside the target, from the outermost. */
  readonly folders: readonly string[];
}

/** @throws AppError conflict naming what is in the way; nothing was changed */
export async function planOf({ target, put, remove = [] }: Placement): Promise<Plan> {
  checkedPaths([...put, ...remove].map(({ path }) => path));
  const there = await lstat(target).catch(() => undefined);
  if (there !== undefined && !there.isDirectory()) throw inTheWay(target, 'it is no folder');
  const whole = there === undefined || (await readdir(target)).length === 0;
  if (whole) {
    const gone = put.find(({ replaces }) => replaces !== undefined) ?? remove[0];
    if (gone !== undefined) throw inTheWay(join(target, gone.path), 'it is not there any more');
    return { whole, put: byPath(put), remove: [], folders: [] };
  }
  const folders = new Set<string>();
  const needed: FilePut[] = [];
  for (const file of byPath(put)) {
    for (const folder of await missingFolders(target, file.path)) folders.add(folder);
    if (await mustPut(target, file)) needed.push(file);
  }
  for (const { path, sha256 } of remove) {
    await missingFolders(target, path);
    const found = await plainFile(join(target, path));
    if (found?.sha256 !== sha256) throw inTheWay(join(target, path), 'it was changed meanwhile');
  }
  return { whole, put: needed, remove: byPath(remove), folders: [...folders].sort() };
}

/** False when the very same file is there. */
async function mustPut(target: string, file: FilePut): Promise<boolean> {
  const place = join(target, file.path);
  const found = await plainFile(place);
  if (found === undefined) {
    if (file.replaces !== undefined) throw inTheWay(place, 'it is not there any more');
    return true;
  }
  if (found.sha256 === sha256Of(file.bytes) && found.executable === file.executable) return false;
  if (file.replaces === undefined) throw inTheWay(place, 'there is another file already');
  if (found.sha256 !== file.replaces) throw inTheWay(place, 'it was changed meanwhile');
  return true;
}

/** Folders above the path that are not there. @throws AppError conflict where one is a link or a file */
async function missingFolders(target: string, path: string): Promise<string[]> {
  const parts = path.split('/').slice(0, -1);
  const above = parts.map((_, at) => parts.slice(0, at + 1).join('/'));
  const missing: string[] = [];
  for (const folder of above) {
    const found = await lstat(join(target, folder)).catch(() => undefined);
    if (found === undefined) missing.push(folder);
    else if (!found.isDirectory())
      throw inTheWay(join(target, folder), 'it is a link or a file, and a folder is needed');
  }
  return missing;
}

/** Undefined where nothing is. @throws AppError conflict for what is there and no plain file */
export async function plainFile(path: string): Promise<{ sha256: string; executable: boolean } | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isFile()) throw inTheWay(path, 'it is a link or a folder');
  return { sha256: sha256Of(await readFile(path)), executable: (found.mode & 0o100) !== 0 };
}

const inTheWay = (path: string, why: string): AppError =>
  new AppError('conflict', `Cannot write ${path}: ${why}. Nothing was changed. Move it away or choose another folder.`);
