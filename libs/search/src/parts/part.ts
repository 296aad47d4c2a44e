// Reads a part. In memory are its documents, the lengths of fields and one term of 16; postings, the entries' terms and the rest of
// the dictionary are read where they are needed.
import { ByteReader } from './bytes.js';
import { type ByteSource, FOOTER_BYTES, TERMS_PER_BLOCK } from './part-format.js';
import { type FieldLengths, PostingList } from './posting-list.js';
import type { Recent } from './recent.js';

export interface FoundTerm {
  /** Its place in the dictionary. */
  readonly ordinal: number;
  /** How many entries hold it, those of removed documents too. */
  readonly count: number;
}

/** The ordinals of a field's terms as they follow each other. */
export interface EntryField {
  readonly field: number;
  readonly ordinals: readonly number[];
}

export interface DictionaryBlock {
  readonly terms: readonly string[];
  readonly counts: readonly number[];
  /** Where the postings begin; one more than terms. */
  readonly starts: readonly number[];
}

/** Read lately by any part of an index. */
export interface RecentlyRead {
  readonly blocks: Recent<DictionaryBlock>;
  readonly lists: Recent<PostingList>;
}

/** Apart from all other keys of a cache: parts have numbers, and blocks and terms fewer than 2^32. */
const KEYS_PER_PART = 2 ** 32;

let partsRead = 0;

export class Part {
  readonly #id = partsRead++;
  readonly keys: string[] = [];
  /** By document; one more than documents. */
  readonly firstEntries: Uint32Array;
  /** The document of each entry. */
  readonly documents: Uint32Array;
  readonly lengths: FieldLengths;
  readonly termCount: number;
  readonly entryCount: number;
  /** 1 for the entries of removed documents. */
  readonly dead: Uint8Array;
  #deadCount = 0;
  readonly #gone: Uint8Array;
  #goneCount = 0;
  /** Of terms that removed documents hold: how many of their entries do. */
  readonly #deadByTerm = new Map<number, number>();
  readonly #forwardStarts: Float64Array;
  readonly #blockFirsts: string[] = [];
  readonly #blockStarts: number[] = [];
  readonly #blockPostings: number[] = [];

  constructor(
    /** Its bytes; the same bytes elsewhere may take their place. */
    public source: ByteSource,
    private readonly recent: RecentlyRead,
  ) {
    const footer = Buffer.from(source.read(source.length - FOOTER_BYTES, FOOTER_BYTES));
    const [forward = 0, dictionary = 0, tables = 0, end = 0] = [0, 6, 12, 18].map((at) => footer.readUIntLE(at, 6));
    const reader = new ByteReader(source.read(tables, end - tables));
    const fieldCount = reader.number();
    this.entryCount = reader.number();
    const documentCount = reader.number();
    this.firstEntries = new Uint32Array(documentCount + 1);
    this.documents = new Uint32Array(this.entryCount);
    this.dead = new Uint8Array(this.entryCount);
    this.#gone = new Uint8Array(documentCount);
    for (let document = 0; document < documentCount; document += 1) {
      this.keys.push(reader.text());
      const first = this.firstEntries[document] ?? 0;
      const next = first + reader.number();
      this.firstEntries[document + 1] = next;
      this.documents.fill(document, first, next);
    }
    const numbers = (): Uint32Array => Uint32Array.from({ length: this.entryCount }, () => reader.number());
    this.lengths = Array.from({ length: fieldCount }, numbers);
    this.#forwardStarts = new Float64Array(this.entryCount + 1);
    let at = forward;
    for (let entry = 0; entry < this.entryCount; entry += 1) {
      this.#forwardStarts[entry] = at;
      at += reader.number();
    }
    this.#forwardStarts[this.entryCount] = at;
    this.termCount = reader.number();
    let [blockStart, postings] = [dictionary, 0];
    for (let block = 0; block * TERMS_PER_BLOCK < this.termCount; block += 1) {
      this.#blockFirsts.push(reader.text());
      this.#blockStarts.push(blockStart);
      this.#blockPostings.push(postings);
      blockStart += reader.number();
      postings += reader.number();
    }
    this.#blockStarts.push(blockStart);
  }

  /** Entries of documents that are there. */
  get liveCount(): number {
    return this.entryCount - this.#deadCount;
  }

  /** Whether no document is left. */
  get empty(): boolean {
    return this.#goneCount === this.keys.length;
  }

  find(term: string): FoundTerm | undefined {
    let [low, high] = [0, this.#blockFirsts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#blockFirsts[middle] ?? '') <= term) low = middle;
      else high = middle - 1;
    }
    if (high < 0) return undefined;
    const { terms, counts } = this.#block(low);
    const at = terms.indexOf(term);
    return at === -1 ? undefined : { ordinal: low * TERMS_PER_BLOCK + at, count: counts[at] ?? 0 };
  }

  termAt(ordinal: number): string {
    return this.#block(Math.floor(ordinal / TERMS_PER_BLOCK)).terms[ordinal % TERMS_PER_BLOCK] ?? '';
  }

  /** How many entries of documents that are there hold the term. */
  liveCountOf({ ordinal, count }: FoundTerm): number {
    return count - (this.#deadByTerm.get(ordinal) ?? 0);
  }

  postings(found: FoundTerm): PostingList {
    const key = this.#id * KEYS_PER_PART + found.ordinal;
    const known = this.recent.lists.get(key);
    if (known !== undefined) return known;
    const list = this.readPostings(found);
    this.recent.lists.set(key, list, list.byteLength);
    return list;
  }

  /** The same, for who reads everything once. */
  readPostings({ ordinal, count }: FoundTerm): PostingList {
    const { starts } = this.#block(Math.floor(ordinal / TERMS_PER_BLOCK));
    const at = ordinal % TERMS_PER_BLOCK;
    const [start = 0, end = 0] = [starts[at], starts[at + 1]];
    return new PostingList(this.source.read(start, end - start), count, this.lengths.length);
  }

  /** The fields of an entry that are not empty, in order. */
  fieldsOf(entry: number): EntryField[] {
    const [start = 0, end = 0] = [this.#forwardStarts[entry], this.#forwardStarts[entry + 1]];
    const reader = new ByteReader(this.source.read(start, end - start));
    const fields: EntryField[] = [];
    while (reader.at < end - start) {
      const field = reader.number();
      const count = reader.number();
      const ordinals: number[] = [];
      for (let at = 0; at < count; at += 1) ordinals.push(reader.number());
      fields.push({ field, ordinals });
    }
    return fields;
  }

  gone(document: number): boolean {
    return this.#gone[document] === 1;
  }

  /** The documents that were taken away. */
  goneDocuments(): number[] {
    return [...this.#gone.keys()].filter((document) => this.gone(document));
  }

  /** Takes a document away: from now on none of its entries counts in any number of this part. */
  kill(document: number): void {
    if (this.gone(document)) return;
    this.#gone[document] = 1;
    this.#goneCount += 1;
    for (let entry = this.firstEntries[document] ?? 0; entry < (this.firstEntries[document + 1] ?? 0); entry += 1) {
      this.dead[entry] = 1;
      this.#deadCount += 1;
      for (const ordinal of new Set(this.fieldsOf(entry).flatMap(({ ordinals }) => ordinals)))
        this.#deadByTerm.set(ordinal, (this.#deadByTerm.get(ordinal) ?? 0) + 1);
    }
  }

  /** Every term in order, with its place. */
  *terms(): Generator<FoundTerm & { readonly term: string }> {
    for (let block = 0; block < this.#blockFirsts.length; block += 1) {
      const { terms, counts } = this.#readBlock(block);
      for (const [at, term] of terms.entries())
        yield { term, ordinal: block * TERMS_PER_BLOCK + at, count: counts[at] ?? 0 };
    }
  }

  #block(block: number): DictionaryBlock {
    const key = this.#id * KEYS_PER_PART + block;
    const known = this.recent.blocks.get(key);
    if (known !== undefined) return known;
    const read = this.#readBlock(block);
    this.recent.blocks.set(
      key,
      read,
      read.terms.reduce((sum, { length }) => sum + length + 48, 0),
    );
    return read;
  }

  #readBlock(block: number): DictionaryBlock {
    const [start = 0, end = 0] = [this.#blockStarts[block], this.#blockStarts[block + 1]];
    const reader = new ByteReader(this.source.read(start, end - start));
    const terms: string[] = [];
    const counts: number[] = [];
    const starts = [this.#blockPostings[block] ?? 0];
    let before = '';
    while (reader.at < end - start) {
      before = before.slice(0, reader.number()) + reader.text();
      terms.push(before);
      counts.push(reader.number());
      starts.push((starts.at(-1) ?? 0) + reader.number());
    }
    return { terms, counts, starts };
  }
}
