// The documents as they are installed, for specs that ask them.
import { fileURLToPath } from 'node:url';
import { Corpus } from '../corpus/corpus.js';
import type { Document } from '../corpus/document.js';
import { readInstallation } from '../corpus/installation.js';

export async function installedCorpus(): Promise<{ corpus: Corpus; documents: readonly Document[] }> {
  const { documents } = await readInstallation(fileURLToPath(new URL('../../../..', import.meta.url)));
  const corpus = new Corpus();
  for (const document of documents) corpus.add(document);
  return { corpus, documents };
}
