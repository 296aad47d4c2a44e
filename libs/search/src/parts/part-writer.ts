// Writes a part from its first byte to its last: terms in order with their postings, then each entry's terms, then what is stored with
// documents, then the rest. What it holds meanwhile is the dictionary and the tables, never all postings.
import { crc32 } from 'node:zlib';
import { ByteWriter } from './bytes.js';
import { type ByteSink, FOOTER_BYTES, NUMBER_BYTES, sharedStart, TERMS_PER_BLOCK } from './part-format.js';
import { type FieldLengths, PostingsWriter } from './posting-list.js';

/** So many bytes are written at once. */
const WRITE_BYTES = 256 * 1024;

export interface PartDocument {
  readonly key: string;
  /** How many entries it has; they stand together. */
  readonly entries: number;
  /** How many pieces are stored with it. */
  readonly stored: number;
}

export interface PartOutline {
  readonly documents: readonly PartDocument[];
  readonly lengths: FieldLengths;
}

/**
 * Calls come in this order: `term` for each term that any entry holds, for each entry its `field`s and `endEntry`, `store` for what is
 * stored with documents, then `finish`.
 */
export class PartWriter {
  readonly #postings: PostingsWriter;
  readonly #dictionary = new ByteWriter();
  readonly #blocks = new ByteWriter();
  readonly #forward = new ByteWriter();
  readonly #forwardLengths = new ByteWriter();
  readonly #storedLengths = new ByteWriter();
  /** Gathered, since what is written at once is often a few bytes. */
  readonly #out = new ByteWriter();
  #written = 0;
  #checksum = 0;
  #terms = 0;
  #lastTerm = '';
  #blockStart = 0;
  #blockPostings = 0;
  #forwardStart: number | undefined;
  #storedStart: number | undefined;

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
    this.#forwardStart ??= this.#written;
    this.#forwardLengths.number(this.#forward.length);
    this.#write(this.#forward.written());
    this.#forward.reset();
  }

  /** Pieces as they follow each other, all of those of a document before the next one's. */
  store(bytes: Uint8Array, lengths: Iterable<number>): void {
    this.#forwardStart ??= this.#written;
    this.#storedStart ??= this.#written;
    for (const length of lengths) this.#storedLengths.number(length);
    this.#write(bytes);
  }

  finish(): void {
    const dictionary = this.#written;
    const [forward, stored] = [this.#forwardStart ?? dictionary, this.#storedStart ?? dictionary];
    this.#endBlock();
    this.#write(this.#dictionary.written());
    const tables = this.#written;
    this.#write(this.#tables().written());
    this.#flush();
    const footer = Buffer.alloc(FOOTER_BYTES);
    for (const [at, value] of [forward, stored, dictionary, tables, this.#written].entries())
      footer.writeUIntLE(value, at * NUMBER_BYTES, NUMBER_BYTES);
    footer.writeUInt32LE(this.#checksum, FOOTER_BYTES - 4);
    this.sink.write(footer);
  }

  #tables(): ByteWriter {
    const { documents, lengths } = this.outline;
    const tables = new ByteWriter();
    tables.number(lengths.length);
    tables.number(lengths[0]?.length ?? 0);
    tables.number(documents.length);
    for (const { key, entries, stored } of documents) {
      tables.text(key);
      tables.number(entries);
      tables.number(stored);
    }
    for (const ofField of lengths) for (const length of ofField) tables.number(length);
    tables.bytes(this.#forwardLengths.written());
    tables.bytes(this.#storedLengths.written());
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
    this.#written += bytes.length;
    this.#out.bytes(bytes);
    if (this.#out.length >= WRITE_BYTES) this.#flush();
  }

  #flush(): void {
    const bytes = this.#out.written();
    this.#checksum = crc32(bytes, this.#checksum);
    this.sink.write(bytes);
    this.#out.reset();
  }
}
