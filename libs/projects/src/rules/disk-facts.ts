// What only the folder of a project can tell: modes of its `.env` files and what git tracks. It follows no link and starts no program.
import { lstat, readdir, readFile } from 'node:fs/promises';
import * as fs from 'node:fs';
import { join, relative, sep } from 'node:path';
import { isEnvironment } from './project/settings-of.js';
import type { DiskFacts } from './project/project.js';

const PERMISSIONS = 0o777;
/** Longer than this it is no `.env`. */
const ENVIRONMENT_BYTES_MAX = 256 * 1024;

/** @throws NodeJS.ErrnoException when there is no such folder */
export async function readDiskFacts(folder: string): Promise<DiskFacts> {
  const names = (await readdir(folder)).filter((name) => isEnvironment(name) && !/example|sample|template/.test(name));
  const modes = new Map<string, number>();
  const environment = [];
  for (const path of names) {
    const state = await lstat(join(folder, path));
    if (!state.isFile() || state.size > ENVIRONMENT_BYTES_MAX) continue;
    // Windows knows no such bits and answers the same for every file.
    if (process.platform !== 'win32') modes.set(path, state.mode & PERMISSIONS);
    environment.push({ path, bytes: await readFile(join(folder, path)), executable: false });
  }
  const tracked = await trackedIn(folder);
  return { modes, environment, ...(tracked === undefined ? {} : { tracked }) };
}

/** Undefined outside of a work tree, and where git's index cannot be read. */
async function trackedIn(folder: string): Promise<ReadonlySet<string> | undefined> {
  const git = await import('isomorphic-git');
  try {
    const dir = await git.findRoot({ fs, filepath: folder });
    const below = relative(dir, folder).split(sep).join('/');
    const files = await git.listFiles({ fs, dir });
    const inside = below === '' ? files : files.filter((path) => path.startsWith(`${below}/`));
    return new Set(inside.map((path) => (below === '' ? path : path.slice(below.length + 1))));
  } catch {
    return undefined;
  }
}
