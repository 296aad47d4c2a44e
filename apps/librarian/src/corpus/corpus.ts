// All documents in memory with the index over their passages. It never reads a file or a database, and never forgets one.
import { Bm25Index, tokenize } from '@labmesh/search';
import { type Chunk, chunksOf } from './chunking.js';
import type { Document } from './document.js';

/** A word in a heading tells more about a passage than one in its text. */
const HEADING_WEIGHT = 2;

export interface Passage extends Chunk {
  readonly score: number;
}

export class Corpus {
  readonly #documents = new Map<string, Document>();
  readonly #chunks: Chunk[] = [];
  readonly #index = new Bm25Index();

  get documentCount(): number {
    return this.#documents.size;
  }

  /** Adds a document; one whose file is there already changes nothing. */
  add(document: Document): void {
    if (this.#documents.has(document.file)) return;
    this.#documents.set(document.file, document);
    for (const chunk of chunksOf(document)) {
      this.#chunks.push(chunk);
      this.#index.add([
        { terms: tokenize(chunk.heading), weight: HEADING_WEIGHT },
        { terms: tokenize(chunk.text), weight: 1 },
      ]);
    }
  }

  /** By the exact name; undefined when no such document was added. */
  document(file: string): Document | undefined {
    return this.#documents.get(file);
  }

  /** In the order in which they were added. */
  documents(): Document[] {
    return [...this.#documents.values()];
  }

  /** The passages that fit the terms best, best first. Equal ones keep the order in which they were added. */
  search(terms: readonly string[], limit: number): Passage[] {
    return this.#index.search(terms, limit).flatMap(({ entry, score }) => {
      const chunk = this.#chunks[entry];
      return chunk === undefined ? [] : [{ ...chunk, score }];
    });
  }

  /** How much a term tells passages apart: the rarer, the more. */
  inverseFrequency(term: string): number {
    return this.#index.inverseFrequency(term);
  }
}
