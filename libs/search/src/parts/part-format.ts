// The form of a part: what one shelf holds of some documents, never changed once it is written. One buffer or one range of a file.
//
//   postings     of each term, in the order of the dictionary: see posting-list.ts
//   forward      of each entry: for each field that is not empty its number, how many terms, and their ordinals in order
//   stored       of each document, the bytes that its owner put with it, one after the other
//   dictionary   blocks of terms in the order of their UTF-16 units, each after the first without the start it shares with the
//                one before it, and with each the number of its entries and the length of its postings
//   tables       what a reader keeps in memory: documents, lengths of fields, where each entry, block and stored piece begins
//   footer       where the sections begin, and a checksum of all before it

export const TERMS_PER_BLOCK = 16;
export const POSTINGS_PER_BLOCK = 128;
const AHEAD_BYTES = 256 * 1024;
/** Whole numbers of 6 bytes, little-endian: where forward, stored, dictionary and tables begin, and where the tables end. */
export const FOOTER_NUMBERS = 5;
export const NUMBER_BYTES = 6;
/** With a CRC-32 behind them. */
export const FOOTER_BYTES = FOOTER_NUMBERS * NUMBER_BYTES + 4;

/** Bytes in memory or a range of a file. */
export interface ByteSource {
  readonly length: number;
  /** What it answers stays as it is. */
  read(offset: number, length: number): Uint8Array;
  /** The same, for who decodes it at once: the next look, into whatever source, may change it. */
  look(offset: number, length: number): Uint8Array;
}

export const inMemory = (bytes: Uint8Array): ByteSource => ({
  length: bytes.length,
  read: (offset, length) => bytes.subarray(offset, offset + length),
  look: (offset, length) => bytes.subarray(offset, offset + length),
});

/** The same, for who reads it from its start to its end: many small pieces in few reads. */
export function readAhead(source: ByteSource): ByteSource {
  let begin = 0;
  let window: Uint8Array = new Uint8Array();
  const read = (offset: number, length: number): Uint8Array => {
    if (offset < begin || offset + length > begin + window.length) {
      begin = offset;
      window = source.read(offset, Math.max(length, Math.min(AHEAD_BYTES, source.length - offset)));
    }
    return window.subarray(offset - begin, offset - begin + length);
  };
  return { length: source.length, read, look: read };
}

/** Where the bytes of a part go while it is made, from the first to the last. */
export interface ByteSink {
  write(bytes: Uint8Array): void;
}

/** How many UTF-16 units two terms share at their start; never half of a character. */
export function sharedStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  return at > 0 && (a.charCodeAt(at - 1) & 0xfc00) === 0xd800 ? at - 1 : at;
}
