// Which files of the installation are LabMesh's own code, where it was installed with it. Only plain files are named: a link is not
// followed, and tests, what a program wrote and packages of others are left out.
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DOCUMENT_BYTES_MAX } from '../corpus/document.js';
import { isTemplate } from './template-words.js';

const ROOTS = ['apps', 'libs', 'tools', 'container', 'prisma/engine'];
const SOURCE = /\.(?:ts|tsx|mjs|py)$/;
const LEFT_OUT_FILES = /\.(?:spec|testing|test|d)\.[a-z]+$|(?:-suite|-cases)\.[a-z]+$|^conftest\.py$/;
const LEFT_OUT_FOLDERS = new Set([
  'node_modules',
  'dist',
  'generated',
  'test',
  'tests',
  'test-data',
  'coverage',
  '__pycache__',
]);
/** Bounds for folders that somebody filled with more than LabMesh. */
const FILES_MAX = 5_000;
const BYTES_MAX = 32 * 1024 * 1024;
const DEPTH_MAX = 12;

export interface SourceFiles {
  /** Their sizes in bytes, by their paths in the installation. */
  readonly files: ReadonlyMap<string, number>;
  /** Whether a bound left some out. */
  readonly cut: boolean;
}

/** In a fixed order; none where only what was built is installed. */
export async function sourceFilesUnder(root: string): Promise<SourceFiles> {
  const files = new Map<string, number>();
  let bytes = 0;
  for await (const path of pathsUnder(root)) {
    const found = await lstat(join(root, path)).catch(() => undefined);
    if (found?.isFile() !== true || found.size > DOCUMENT_BYTES_MAX) continue;
    bytes += found.size;
    if (files.size === FILES_MAX || bytes > BYTES_MAX) return { files, cut: true };
    files.set(path, found.size);
  }
  return { files, cut: false };
}

async function* pathsUnder(root: string): AsyncGenerator<string> {
  for (const folder of ROOTS) {
    const found = await lstat(join(root, folder)).catch(() => undefined);
    if (found?.isDirectory() === true) yield* sourcesIn(root, folder, DEPTH_MAX);
  }
}

async function* sourcesIn(root: string, folder: string, depth: number): AsyncGenerator<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const { name } = entry;
    if (name.startsWith('.')) continue;
    const path = `${folder}/${name}`;
    if (entry.isFile() && ((SOURCE.test(name) && !LEFT_OUT_FILES.test(name)) || isTemplate(path))) yield path;
    if (entry.isDirectory() && depth > 0 && !LEFT_OUT_FOLDERS.has(name)) yield* sourcesIn(root, path, depth - 1);
  }
}

/** The text of one that was found; undefined when it is gone, no plain file any more, or no UTF-8. */
export async function sourceText(root: string, path: string): Promise<string | undefined> {
  try {
    const found = await lstat(join(root, path));
    if (!found.isFile() || found.size > DOCUMENT_BYTES_MAX) return undefined;
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(join(root, path)));
  } catch {
    return undefined;
  }
}
