// Reads a part. In memory are its documents, the lengths of fields and one term of 16; postings, the entries' terms, what is stored and
// the rest of the dictionary are read where they are needed.
import { ByteReader } from './bytes.js';
import { sizeOf } from './merge-plan.js';
import { type ByteSource, FOOTER_BYTES, FOOTER_NUMBERS, NUMBER_BYTES, TERMS_PER_BLOCK } from './part-format.js';
import { type FieldLengths, PostingList } from './posting-list.js';
import type { Recent } from './recent.js';

export interface FoundTerm {
  /** Its place in the dictionary. */
  readonly ordinal: number;
  /** How many entries hold it, those of removed documents too. */
  readonly count: number;
}

/** With where its postings are. */
interface PlacedTerm extends FoundTerm {
  readonly start: number;
  readonly end: number;
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
  /** What a merge of it costs (`merge-plan.ts`). */
  readonly size: number;
  /** 1 for the entries of removed documents. */
  readonly dead: Uint8Array;
  #deadCount = 0;
  readonly #gone: Uint8Array;
  #goneCount = 0;
  /** Of terms that removed documents hold: how many of their entries do. */
  readonly #deadByTerm = new Map<number, number>();
  readonly #forwardStarts: Float64Array;
  /** By document; one more than documents. */
  readonly #firstStored: Uint32Array;
  readonly #storedStarts: Float64Array;
  readonly #blockFirsts: string[] = [];
  readonly #blockStarts: number[] = [];
  readonly #blockPostings: number[] = [];

  constructor(
    /** Its bytes; the same bytes elsewhere may take their place. */
    public source: ByteSource,
    private readonly recent: RecentlyRead,
  ) {
    const footer = Buffer.from(source.read(source.length - FOOTER_BYTES, FOOTER_BYTES));
    const [forward = 0, stored = 0, dictionary = 0, tables = 0, end = 0] = Array.from(
      { length: FOOTER_NUMBERS },
      (_, at) => footer.readUIntLE(at * NUMBER_BYTES, NUMBER_BYTES),
    );
    const reader = new ByteReader(source.read(tables, end - tables));
    const fieldCount = reader.number();
    this.entryCount = reader.number();
    const documentCount = reader.number();
    this.firstEntries = new Uint32Array(documentCount + 1);
    this.documents = new Uint32Array(this.entryCount);
    this.dead = new Uint8Array(this.entryCount);
    this.#gone = new Uint8Array(documentCount);
    this.#firstStored = new Uint32Array(documentCount + 1);
    for (let document = 0; document < documentCount; document += 1) {
      this.keys.push(reader.text());
      const first = this.firstEntries[document] ?? 0;
      const next = first + reader.number();
      this.firstEntries[document + 1] = next;
      this.documents.fill(document, first, next);
      this.#firstStored[document + 1] = (this.#firstStored[document] ?? 0) + reader.number();
    }
    const numbers = (): Uint32Array => Uint32Array.from({ length: this.entryCount }, () => reader.number());
    this.lengths = Array.from({ length: fieldCount }, numbers);
    const terms = this.lengths.reduce((sum, each) => each.reduce((all, length) => all + length, sum), 0);
    this.size = sizeOf(this.entryCount, terms);
    this.#forwardStarts = startsOf(reader, forward, this.entryCount);
    this.#storedStarts = startsOf(reader, stored, this.#firstStored[documentCount] ?? 0);
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

  /** What of its size is of documents that are there, as their entries' share. */
  get liveSize(): number {
    return this.entryCount === 0 ? 0 : (this.size * this.liveCount) / this.entryCount;
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
    const { starts } = this.#block(Math.floor(found.ordinal / TERMS_PER_BLOCK));
    const at = found.ordinal % TERMS_PER_BLOCK;
    const [start = 0, end = 0] = [starts[at], starts[at + 1]];
    const list = new PostingList(this.source.read(start, end - start), found.count, this.lengths.length);
    this.recent.lists.set(key, list, list.byteLength);
    return list;
  }

  /** The fields of an entry that are not empty, in order. */
  fieldsOf(entry: number, source = this.source): EntryField[] {
    const [start = 0, end = 0] = [this.#forwardStarts[entry], this.#forwardStarts[entry + 1]];
    const reader = new ByteReader(source.look(start, end - start));
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

  /** One of the pieces that are stored with a document, to look at; undefined beyond the last. */
  stored(document: number, at: number): Uint8Array | undefined {
    if (at >= this.storedCount(document)) return undefined;
    const piece = (this.#firstStored[document] ?? 0) + at;
    const [start = 0, end = 0] = [this.#storedStarts[piece], this.#storedStarts[piece + 1]];
    return this.source.look(start, end - start);
  }

  /** How many pieces are stored with a document. */
  storedCount(document: number): number {
    return (this.#firstStored[document + 1] ?? 0) - (this.#firstStored[document] ?? 0);
  }

  /** All of them at once. */
  allStored(
    document: number,
    source = this.source,
  ): { readonly bytes: Uint8Array; readonly lengths: readonly number[] } {
    const [first = 0, next = 0] = [this.#firstStored[document], this.#firstStored[document + 1]];
    const starts = this.#storedStarts.subarray(first, next + 1);
    const lengths = Array.from({ length: next - first }, (_, at) => (starts[at + 1] ?? 0) - (starts[at] ?? 0));
    const [start = 0, end = 0] = [starts[0], starts.at(-1)];
    return { bytes: source.read(start, end - start), lengths };
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
  *terms(source = this.source): Generator<PlacedTerm & { readonly term: string }> {
    for (let block = 0; block < this.#blockFirsts.length; block += 1) {
      const { terms, counts, starts } = this.#readBlock(block, source);
      for (const [at, term] of terms.entries())
        yield {
          term,
          ordinal: block * TERMS_PER_BLOCK + at,
          count: counts[at] ?? 0,
          start: starts[at] ?? 0,
          end: starts[at + 1] ?? 0,
        };
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

  #readBlock(block: number, source = this.source): DictionaryBlock {
    const [start = 0, end = 0] = [this.#blockStarts[block], this.#blockStarts[block + 1]];
    const reader = new ByteReader(source.look(start, end - start));
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

/** Where each of so many lengths begins, and where the last ends. */
function startsOf(reader: ByteReader, from: number, count: number): Float64Array {
  const starts = new Float64Array(count + 1);
  let at = from;
  for (let each = 0; each < count; each += 1) {
    starts[each] = at;
    at += reader.number();
  }
  starts[count] = at;
  return starts;
}
