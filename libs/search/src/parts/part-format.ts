// The form of a part: what one shelf holds of some documents, never changed once it is written. One buffer or one range of a file.
//
//   postings     of each term, in the order of the dictionary: see posting-list.ts
//   forward      of each entry: for each field that is not empty its number, how many terms, and their ordinals in order
//   dictionary   blocks of terms in the order of their UTF-16 units, each after the first without the start it shares with the
//                one before it, and with each the number of its entries and the length of its postings
//   tables       what a reader keeps in memory: documents, lengths of fields, where each entry and each block begins
//   footer       where the sections begin, and a checksum of all before it

export const TERMS_PER_BLOCK = 16;
export const POSTINGS_PER_BLOCK = 128;
/** Four whole numbers of 6 bytes, little-endian (starts of forward, dictionary and tables, and the tables' end), and a CRC-32. */
export const FOOTER_BYTES = 4 * 6 + 4;

/** Bytes in memory or a range of a file. What `read` answers stays as it is. */
export interface ByteSource {
  readonly length: number;
  read(offset: number, length: number): Uint8Array;
}

export const inMemory = (bytes: Uint8Array): ByteSource => ({
  length: bytes.length,
  read: (offset, length) => bytes.subarray(offset, offset + length),
});

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
