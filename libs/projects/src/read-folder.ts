// Reads the files of a project from its folder. It follows no link, and leaves out what is made by tools, what is secret, and what
// `.labmeshignore` names.
import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import ignore from 'ignore';
import { byPath, checkedFiles, type ProjectFile, tooMany } from './project-file.js';
import { PROJECT_LIMITS } from './project-limits.js';

/** One pattern a line, as in .gitignore; read from the project's root alone. */
export const IGNORE_FILE = '.labmeshignore';
/** Never of a project: history, what a package manager or interpreter makes, keys, trained weights. */
export const ALWAYS_IGNORED = [
  '.git',
  'node_modules',
  '.venv',
  'venv',
  '__pycache__',
  '.ipynb_checkpoints',
  '.pytest_cache',
  '.ruff_cache',
  '.mypy_cache',
  '*.egg-info',
  'dist',
  '.env',
  '.env.local',
  '*.pyc',
  '*.pt',
  '*.pth',
  '*.ckpt',
  '.DS_Store',
  '.*.labmesh-*',
] as const;

export interface ReadOptions {
  /** Paths that are of the project whatever is ignored, as its template made them. */
  readonly also?: readonly string[];
}

/** By path. @throws AppError not_found when there is no such folder; too_large, invalid_input as `checkedFiles` */
export async function readFolder(folder: string, { also = [] }: ReadOptions = {}): Promise<ProjectFile[]> {
  const found = await lstat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true)
    throw new AppError('not_found', `Cannot read the project: there is no folder ${folder}.`);
  const own = await readPlain(join(folder, IGNORE_FILE));
  const rules = ignore().add([...ALWAYS_IGNORED]);
  if (own !== undefined) rules.add(Buffer.from(own.bytes).toString('utf8'));
  const files: ProjectFile[] = [];
  const skips = (path: string): boolean =>
    rules.ignores(path) && !also.some((known) => known === path || (path.endsWith('/') && known.startsWith(path)));
  await walk({ folder, skips, files, bytes: 0 }, '');
  return byPath(checkedFiles(files));
}

interface Walk {
  readonly folder: string;
  readonly skips: (path: string) => boolean;
  readonly files: ProjectFile[];
  bytes: number;
}

async function walk(state: Walk, below: string): Promise<void> {
  const entries = await readdir(join(state.folder, below), { withFileTypes: true });
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!state.skips(`${path}/`)) await walk(state, path);
      continue;
    }
    if (!entry.isFile() || state.skips(path)) continue;
    const read = await readPlain(join(state.folder, path));
    if (read === undefined) continue;
    state.bytes += read.bytes.byteLength;
    state.files.push({ path, ...read });
    if (state.files.length > PROJECT_LIMITS.files) throw tooMany(`more than ${PROJECT_LIMITS.files} files`);
    if (state.bytes > PROJECT_LIMITS.bytes) throw tooMany(`more than ${PROJECT_LIMITS.bytes} bytes`);
  }
}

/** Undefined for what is no plain file, or is gone. The handle is asked, so what is read is what was looked at. */
async function readPlain(path: string): Promise<Omit<ProjectFile, 'path'> | undefined> {
  const handle = await open(path, READ_FLAGS).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ELOOP' || error.code === 'EMLINK') return undefined;
    throw new AppError('unavailable', `Cannot read ${path}: ${error.message}.`, { cause: error });
  });
  if (handle === undefined) return undefined;
  try {
    const state = await handle.stat();
    if (!state.isFile()) return undefined;
    if (state.size > PROJECT_LIMITS.fileBytes)
      throw tooMany(
        `a file of more than ${PROJECT_LIMITS.fileBytes} bytes (${path}); name it in ${IGNORE_FILE} to leave it out`,
      );
    return { bytes: await handle.readFile(), executable: (state.mode & 0o100) !== 0 };
  } finally {
    await handle.close();
  }
}

/** Windows has neither of the last two; there an entry that is a link was left out before. */
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
