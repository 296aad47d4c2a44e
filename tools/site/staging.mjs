// Lays the documents out for VitePress: the very files that the Librarian reads, a few more, and what they show and point at. Nothing is reworded.
import { copyFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { readInstallation } from '../../apps/librarian/dist/corpus/installation.js';
import { faultsOf, morePages } from './navigation.mjs';
import { pageOf, ROOT, SOURCE } from './places.mjs';

const LINK = /\]\((?!\w+:|#)([^)\s#]+)[^)]*\)/g;
const PICTURE = /\.(png|svg)$/;

/** @throws Error that names documents without a place in the navigation */
export async function stageDocuments() {
  const { documents } = await readInstallation(ROOT);
  const known = documents.map(({ file }) => file);
  const faults = faultsOf(known);
  if (faults.length > 0) throw new Error(`tools/site/navigation.mjs:\n${faults.join('\n')}`);
  const more = morePages(known).map(async (file) => ({ file, text: await readFile(join(ROOT, file), 'utf8') }));
  await rm(SOURCE, { recursive: true, force: true });
  for (const { file, text } of [...documents, ...(await Promise.all(more))]) {
    await put(pageOf(file), (target) => writeFile(target, text));
    for (const beside of linkedFiles(file, text)) {
      const info = await stat(join(ROOT, beside)).catch(() => undefined);
      // Pictures become part of the pages; other files are served as they are.
      const place = PICTURE.test(beside) ? beside : `public/${beside}`;
      if (info?.isFile()) await put(place, (target) => copyFile(join(ROOT, beside), target));
    }
  }
}

/** Paths in the repository of what a document shows or points at, documents aside. */
const linkedFiles = (file, text) =>
  [...text.matchAll(LINK)]
    .map(([, link]) => posix.join(posix.dirname(file), link))
    .filter((path) => !path.endsWith('.md') && !path.startsWith('..'));

async function put(path, write) {
  const target = join(SOURCE, path);
  await mkdir(dirname(target), { recursive: true });
  await write(target);
}
