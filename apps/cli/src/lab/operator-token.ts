// Finds the operator's token of a lab on this machine. It is for that lab alone: never sent to another machine.
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@labmesh/contracts';

const FILE = 'operator.token';
const HOME = '.labmesh';
/** Four levels up from apps/cli/{src,dist}/lab: the folder LabMesh is installed in. */
export const INSTALL_ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');

export interface FoundToken {
  readonly token: string;
  /** Where it came from, for messages. */
  readonly source: string;
}

export interface TokenSearch {
  readonly url: string;
  readonly cwd: string;
  readonly home: string | undefined;
  readonly installRoot: string;
}

/**
 * LABMESH_HOME when it is set; else .labmesh here and in each folder above, then where LabMesh is installed.
 * Undefined when there is none, or when the lab is not on this machine.
 * @throws AppError forbidden when the file is there and cannot be read
 */
export async function findOperatorToken(search: TokenSearch): Promise<FoundToken | undefined> {
  if (!isLoopback(new URL(search.url).hostname)) return undefined;
  for (const folder of foldersOf(search)) {
    const file = join(folder, FILE);
    const token = await readToken(file);
    if (token !== undefined) return { token, source: file };
  }
  return undefined;
}

export const isLoopback = (hostname: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);

/** The lab's folder on this machine: the first that is there, else where a start would make it. */
export async function homeOf({ cwd, home }: Pick<TokenSearch, 'cwd' | 'home'>): Promise<string> {
  const folders = foldersOf({ cwd, home, installRoot: INSTALL_ROOT });
  for (const folder of folders) if ((await stat(folder).catch(() => undefined))?.isDirectory()) return folder;
  return folders.at(-1) ?? resolve(cwd, HOME);
}

function foldersOf({ cwd, home, installRoot }: Omit<TokenSearch, 'url'>): string[] {
  if (home !== undefined) return [resolve(cwd, home)];
  const folders: string[] = [];
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    folders.push(join(folder, HOME));
    if (dirname(folder) === folder) break;
  }
  return [...folders, join(installRoot, HOME)];
}

async function readToken(file: string): Promise<string | undefined> {
  try {
    const token = (await readFile(file, 'utf8')).trim();
    return token === '' ? undefined : token;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw new AppError(
      'forbidden',
      `Cannot read ${file}: run this as the user who runs the lab, or set LABMESH_TOKEN`,
      { cause },
    );
  }
}
