// Writes a part from its first byte to its last: terms in order with their postings, then each entry's terms, then the rest. What
// it holds meanwhile is the dictionary and the tables, never all postings.
import { crc32 } from 'node:zlib';
import { ByteWriter } from './bytes.js';
import { type ByteSink, sharedStart, TERMS_PER_BLOCK } from './part-format.js';
import { type FieldLengths, PostingsWriter } from './posting-list.js';

export interface PartDocument {
  readonly key: string;
  /** How many entries it has; they stand together. */
  readonly entries: number;
}

export interface PartOutline {
  readonly documents: readonly PartDocument[];
  readonly lengths: FieldLengths;
}

/** Calls come in this order: `term` for each term that any entry holds, for each entry its `field`s and `endEntry`, then `finish`. */
export class PartWriter {
  readonly #postings: PostingsWriter;
  readonly #dictionary = new ByteWriter();
  readonly #blocks = new ByteWriter();
  readonly #forward = new ByteWriter();
  readonly #forwardLengths = new ByteWriter();
  #written = 0;
  #checksum = 0;
  #terms = 0;
  #lastTerm = '';
  #blockStart = 0;
  #blockPostings = 0;
  #forwardStart = 0;

  constructor(
    private readonly sink: ByteSink,
    private readonly outline: PartOutline,
  ) {
    this.#postings = new PostingsWriter(outline.lengths);
  }

  /** Terms come in the order of their UTF-16 units. `add` gives the postings; a term without any is left out. */
  term(term: string, add: (postings: PostingsWriter) => void): void {
    add(this.#postings);
    const { count } = this.#postings;
    if (count === 0) return;
    if (this.#terms % TERMS_PER_BLOCK === 0) this.#startBlock(term);
    const shared = this.#terms % TERMS_PER_BLOCK === 0 ? 0 : sharedStart(this.#lastTerm, term);
    const bytes = this.#postings.finish((part) => this.#write(part));
    this.#blockPostings += bytes;
    this.#dictionary.number(shared);
    this.#dictionary.text(term.slice(shared));
    this.#dictionary.number(count);
    this.#dictionary.number(bytes);
    this.#lastTerm = term;
    this.#terms += 1;
  }

  /** A field of the next entry, not empty; fields come in order. @param ordinals its terms as they follow each other, by their places in the dictionary */
  field(field: number, ordinals: ArrayLike<number>): void {
    this.#forward.number(field);
    this.#forward.number(ordinals.length);
    for (let at = 0; at < ordinals.length; at += 1) this.#forward.number(ordinals[at] ?? 0);
  }

  endEntry(): void {
    if (this.#forwardStart === 0) this.#forwardStart = this.#written;
    this.#forwardLengths.number(this.#forward.length);
    this.#write(this.#forward.written());
    this.#forward.reset();
  }

  finish(): void {
    const forward = this.#forwardStart === 0 ? this.#written : this.#forwardStart;
    const dictionary = this.#written;
    this.#endBlock();
    this.#write(this.#dictionary.written());
    const tables = this.#written;
    this.#write(this.#tables().written());
    const footer = Buffer.alloc(28);
    for (const [at, value] of [forward, dictionary, tables, this.#written].entries())
      footer.writeUIntLE(value, at * 6, 6);
    footer.writeUInt32LE(this.#checksum, 24);
    this.sink.write(footer);
  }

  #tables(): ByteWriter {
    const { documents, lengths } = this.outline;
    const tables = new ByteWriter();
    tables.number(lengths.length);
    tables.number(lengths[0]?.length ?? 0);
    tables.number(documents.length);
    for (const { key, entries } of documents) {
      tables.text(key);
      tables.number(entries);
    }
    for (const ofField of lengths) for (const length of ofField) tables.number(length);
    tables.bytes(this.#forwardLengths.written());
    tables.number(this.#terms);
    tables.bytes(this.#blocks.written());
    return tables;
  }

  #startBlock(term: string): void {
    this.#endBlock();
    this.#blocks.text(term);
    this.#blockStart = this.#dictionary.length;
    this.#blockPostings = 0;
  }

  #endBlock(): void {
    if (this.#terms === 0) return;
    this.#blocks.number(this.#dictionary.length - this.#blockStart);
    this.#blocks.number(this.#blockPostings);
  }

  #write(bytes: Uint8Array): void {
    this.#checksum = crc32(bytes, this.#checksum);
    this.#written += bytes.length;
    this.sink.write(bytes);
  }
}
