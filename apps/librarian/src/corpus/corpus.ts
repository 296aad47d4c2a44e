// All documents in memory with the index over their passages. It never reads a file or a database.
import { Bm25Index, tokenize } from '@labmesh/search';
import { type Chunk, chunksOf } from './chunking.js';
import type { Document } from './document.js';

/** A word in a heading tells more about a passage than one in its text. */
const HEADING_WEIGHT = 2;

export interface Passage extends Chunk {
  readonly score: number;
}

/** Passages of documents that are gone stay in the index until there are so many. */
const STALE_MAX = 1_000;

export class Corpus {
  readonly #documents = new Map<string, Document>();
  /** By their numbers in the index; undefined for those of documents that were replaced. */
  #chunks: Array<Chunk | undefined> = [];
  #index = new Bm25Index();
  #stale = 0;

  get documentCount(): number {
    return this.#documents.size;
  }

  /** Adds a document; one whose file is there already changes nothing. */
  add(document: Document): void {
    if (this.#documents.has(document.file)) return;
    this.#documents.set(document.file, document);
    this.#indexed(document);
  }

  /** Adds a document in place of the one whose file it has. */
  put(document: Document): void {
    const before = this.#documents.get(document.file);
    if (before?.text === document.text) return;
    this.#documents.set(document.file, document);
    if (before !== undefined) this.#forget(document.file);
    if (this.#stale <= STALE_MAX) this.#indexed(document);
    else this.#indexAll();
  }

  /** Takes a document away; one that is not there changes nothing. */
  remove(file: string): void {
    if (!this.#documents.delete(file)) return;
    this.#forget(file);
    if (this.#stale > STALE_MAX) this.#indexAll();
  }

  #forget(file: string): void {
    this.#chunks = this.#chunks.map((chunk) => {
      if (chunk?.file !== file) return chunk;
      this.#stale += 1;
      return undefined;
    });
  }

  #indexAll(): void {
    [this.#chunks, this.#index, this.#stale] = [[], new Bm25Index(), 0];
    for (const each of this.#documents.values()) this.#indexed(each);
  }

  #indexed(document: Document): void {
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
    const found = this.#index.search(terms, limit + this.#stale).flatMap(({ entry, score }) => {
      const chunk = this.#chunks[entry];
      return chunk === undefined ? [] : [{ ...chunk, score }];
    });
    return found.slice(0, limit);
  }

  /** How much a term tells passages apart: the rarer, the more. */
  inverseFrequency(term: string): number {
    return this.#index.inverseFrequency(term);
  }
}
