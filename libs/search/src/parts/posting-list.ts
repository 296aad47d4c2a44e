// Where one term occurs in a part, in blocks that can be left out unread: before the blocks stands, of each, its last entry, its
// length, and for each field in it the highest frequency and the shortest length. From these follows a bound on what any entry
// of the block can score, whatever the averages of the question's shelves are.
import { ByteReader, ByteWriter } from './bytes.js';
import { POSTINGS_PER_BLOCK } from './part-format.js';

/** A frequency in one field alone fits into one byte together with the field's number while it is below 8. */
const FIELD_SHIFT = 1;
const FREQUENCY_SHIFT = 4;

/** Lengths of the fields of a part's entries: `lengths[field][entry]`. */
export type FieldLengths = readonly Uint32Array[];

/** How a frequency in a field counts: `weight * tf / (base + slope * length)`. */
export interface FieldWeighing {
  readonly weight: Float64Array;
  readonly base: Float64Array;
  readonly slope: Float64Array;
}

export class PostingsWriter {
  readonly #skips = new ByteWriter();
  readonly #blocks = new ByteWriter();
  readonly #highest: Uint32Array;
  readonly #shortest: Uint32Array;
  #count = 0;
  #last = -1;
  #lastOfBlockBefore = -1;
  #blockStart = 0;

  constructor(private readonly lengths: FieldLengths) {
    this.#highest = new Uint32Array(lengths.length);
    this.#shortest = new Uint32Array(lengths.length);
  }

  get count(): number {
    return this.#count;
  }

  /** Entries come in rising order. @param frequencies one number per field, not all of them 0 */
  add(entry: number, frequencies: Uint32Array): void {
    let mask = 0;
    let only = 0;
    let fields = 0;
    for (let field = 0; field < frequencies.length; field += 1) {
      const frequency = frequencies[field] ?? 0;
      if (frequency === 0) continue;
      mask |= 1 << field;
      only = field;
      fields += 1;
      const length = this.lengths[field]?.[entry] ?? 0;
      if (this.#highest[field] === 0 || length < (this.#shortest[field] ?? 0)) this.#shortest[field] = length;
      if (frequency > (this.#highest[field] ?? 0)) this.#highest[field] = frequency;
    }
    this.#blocks.number(entry - this.#last);
    if (fields === 1) this.#blocks.number(((frequencies[only] ?? 0) << FREQUENCY_SHIFT) | (only << FIELD_SHIFT));
    else {
      this.#blocks.number((mask << 1) | 1);
      for (const frequency of frequencies) if (frequency > 0) this.#blocks.number(frequency);
    }
    this.#last = entry;
    this.#count += 1;
    if (this.#count % POSTINGS_PER_BLOCK === 0) this.#endBlock();
  }

  /** Writes the list and starts the next one. Answers with its length in bytes. */
  finish(write: (bytes: Uint8Array) => void): number {
    if (this.#count % POSTINGS_PER_BLOCK !== 0) this.#endBlock();
    const length = this.#skips.length + this.#blocks.length;
    write(this.#skips.written());
    write(this.#blocks.written());
    this.#skips.reset();
    this.#blocks.reset();
    [this.#count, this.#last, this.#lastOfBlockBefore, this.#blockStart] = [0, -1, -1, 0];
    return length;
  }

  #endBlock(): void {
    this.#skips.number(this.#last - this.#lastOfBlockBefore);
    this.#skips.number(this.#blocks.length - this.#blockStart);
    let mask = 0;
    for (let field = 0; field < this.#highest.length; field += 1) if (this.#highest[field] !== 0) mask |= 1 << field;
    this.#skips.number(mask);
    for (let field = 0; field < this.#highest.length; field += 1) {
      if (this.#highest[field] === 0) continue;
      this.#skips.number(this.#highest[field] ?? 0);
      this.#skips.number(this.#shortest[field] ?? 0);
      this.#highest[field] = 0;
    }
    this.#lastOfBlockBefore = this.#last;
    this.#blockStart = this.#blocks.length;
  }
}

export class PostingList {
  readonly blockCount: number;
  /** The last entry of each block. */
  readonly lasts: Uint32Array;
  readonly #starts: Uint32Array;
  /** `[block * fieldCount + field]`; 0 where the block has the term in no such field. */
  readonly #highest: Uint32Array;
  readonly #shortest: Uint32Array;

  constructor(
    private readonly bytes: Uint8Array,
    readonly count: number,
    private readonly fieldCount: number,
  ) {
    this.blockCount = Math.ceil(count / POSTINGS_PER_BLOCK);
    this.lasts = new Uint32Array(this.blockCount);
    this.#starts = new Uint32Array(this.blockCount);
    this.#highest = new Uint32Array(this.blockCount * fieldCount);
    this.#shortest = new Uint32Array(this.blockCount * fieldCount);
    const skips = new ByteReader(bytes);
    let last = -1;
    let start = 0;
    for (let block = 0; block < this.blockCount; block += 1) {
      last += skips.number();
      this.lasts[block] = last;
      this.#starts[block] = start;
      start += skips.number();
      const mask = skips.number();
      for (let field = 0; field < fieldCount; field += 1) {
        if ((mask & (1 << field)) === 0) continue;
        this.#highest[block * fieldCount + field] = skips.number();
        this.#shortest[block * fieldCount + field] = skips.number();
      }
    }
    for (let block = 0; block < this.blockCount; block += 1)
      this.#starts[block] = (this.#starts[block] ?? 0) + skips.at;
  }

  get byteLength(): number {
    return this.bytes.length + this.blockCount * 4 * (2 + 2 * this.fieldCount);
  }

  /** No entry of the block has a higher weighed frequency. */
  bound(block: number, { weight, base, slope }: FieldWeighing): number {
    let bound = 0;
    for (let field = 0, at = block * this.fieldCount; field < this.fieldCount; field += 1, at += 1) {
      const highest = this.#highest[at] ?? 0;
      if (highest === 0) continue;
      const norm = (base[field] ?? 0) + (slope[field] ?? 0) * (this.#shortest[at] ?? 0);
      bound += ((weight[field] ?? 0) * highest) / norm;
    }
    return bound;
  }

  /** How many postings the block has. */
  countOf(block: number): number {
    return block + 1 < this.blockCount ? POSTINGS_PER_BLOCK : this.count - block * POSTINGS_PER_BLOCK;
  }

  /** Entries of a block and their weighed frequencies, summed over the fields in the fields' order. */
  weigh(block: number, by: { weighing: FieldWeighing; lengths: FieldLengths }, into: DecodedBlock): void {
    const { entries, frequencies } = into;
    const { weight, base, slope } = by.weighing;
    const { bytes } = this;
    const count = this.countOf(block);
    const reader = new ByteReader(bytes, this.#starts[block] ?? 0);
    let entry = block === 0 ? -1 : (this.lasts[block - 1] ?? 0);
    for (let at = 0; at < count; at += 1) {
      const step = bytes[reader.at] ?? 0;
      if (step < 0x80) {
        entry += step;
        reader.at += 1;
      } else entry += reader.number();
      entries[at] = entry;
      const code = reader.number();
      if ((code & 1) === 0) {
        const field = (code >>> FIELD_SHIFT) & 7;
        const norm = (base[field] ?? 0) + (slope[field] ?? 0) * (by.lengths[field]?.[entry] ?? 0);
        frequencies[at] = ((weight[field] ?? 0) * (code >>> FREQUENCY_SHIFT)) / norm;
      } else {
        let sum = 0;
        for (let mask = code >>> 1, field = 0; mask !== 0; mask >>>= 1, field += 1) {
          if ((mask & 1) === 0) continue;
          const norm = (base[field] ?? 0) + (slope[field] ?? 0) * (by.lengths[field]?.[entry] ?? 0);
          sum += ((weight[field] ?? 0) * reader.number()) / norm;
        }
        frequencies[at] = sum;
      }
    }
  }
}

/** Reads whole lists one after the other, as a merge does: without what a question needs to leave out blocks. */
export class PostingsReader {
  readonly #frequencies: Uint32Array;

  constructor(fieldCount: number) {
    this.#frequencies = new Uint32Array(fieldCount);
  }

  /** Visits every entry with its frequencies per field, in order. The array is the same each time. */
  each(bytes: Uint8Array, count: number, visit: (entry: number, frequencies: Uint32Array) => void): void {
    const frequencies = this.#frequencies;
    const reader = new ByteReader(bytes);
    passSkips(reader, Math.ceil(count / POSTINGS_PER_BLOCK));
    let entry = -1;
    for (let at = 0; at < count; at += 1) {
      entry += reader.number();
      frequencies.fill(0);
      const code = reader.number();
      if ((code & 1) === 0) frequencies[(code >>> FIELD_SHIFT) & 7] = code >>> FREQUENCY_SHIFT;
      else
        for (let mask = code >>> 1, field = 0; mask !== 0; mask >>>= 1, field += 1)
          if ((mask & 1) === 1) frequencies[field] = reader.number();
      visit(entry, frequencies);
    }
  }
}

/** Of each block: its last entry, its length, and two numbers for each field in it. */
function passSkips(reader: ByteReader, blocks: number): void {
  for (let block = 0; block < blocks; block += 1) {
    reader.number();
    reader.number();
    for (let mask = reader.number(); mask !== 0; mask >>>= 1) {
      if ((mask & 1) === 0) continue;
      reader.number();
      reader.number();
    }
  }
}

/** Room for one block. */
export interface DecodedBlock {
  readonly entries: Uint32Array;
  readonly frequencies: Float64Array;
}

export const decodedBlock = (): DecodedBlock => ({
  entries: new Uint32Array(POSTINGS_PER_BLOCK),
  frequencies: new Float64Array(POSTINGS_PER_BLOCK),
});
