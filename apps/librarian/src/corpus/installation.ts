// Reads the documents that are installed with LabMesh. Only plain files at the places listed here: a link is not followed,
// so nothing outside the installation ever becomes readable.
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DOCUMENT_BYTES_MAX, type Document, newDocument } from './document.js';

const ROOT_FILES = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'];
const VIALS = 'apps/architect/vials';
/** Bounds for a folder that someone filled with more than documentation. */
const FILES_MAX = 1_000;
const DEPTH_MAX = 8;

export interface Installation {
  readonly documents: readonly Document[];
  /** Files that were there but left out, with the reason. */
  readonly skipped: readonly string[];
}

/** The documents under `root`, in a fixed order. What is missing is left out. */
export async function readInstallation(root: string): Promise<Installation> {
  const names = [
    ...ROOT_FILES,
    ...(await markdownUnder(root, 'docs', DEPTH_MAX)),
    ...(await foldersIn(root, 'apps')).map((app) => `${app}/README.md`),
    ...(await foldersIn(root, VIALS)).map((vial) => `${vial}/README.md`),
  ];
  const documents: Document[] = [];
  const skipped = names.slice(FILES_MAX).map((file) => `${file}: more than ${FILES_MAX} documents`);
  for (const file of names.slice(0, FILES_MAX)) {
    const info = await lstat(join(root, file)).catch(() => undefined);
    if (info === undefined) continue;
    if (!info.isFile()) skipped.push(`${file}: not a plain file`);
    else if (info.size > DOCUMENT_BYTES_MAX) skipped.push(`${file}: more than ${DOCUMENT_BYTES_MAX} bytes`);
    else {
      const collection = file.startsWith(`${VIALS}/`) ? 'vials' : 'docs';
      documents.push(newDocument({ file, collection, text: await readFile(join(root, file), 'utf8') }));
    }
  }
  return { documents, skipped };
}

async function markdownUnder(root: string, folder: string, depth: number): Promise<string[]> {
  const entries = await entriesOf(root, folder);
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map(({ name }) => `${folder}/${name}`);
  if (depth === 0) return files;
  for (const below of await foldersIn(root, folder)) files.push(...(await markdownUnder(root, below, depth - 1)));
  return files;
}

async function foldersIn(root: string, folder: string): Promise<string[]> {
  const entries = await entriesOf(root, folder);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${folder}/${name}`);
}

/** In the order of their names, whatever the file system says; nothing hidden, no dependencies. */
async function entriesOf(root: string, folder: string) {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  return entries
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
