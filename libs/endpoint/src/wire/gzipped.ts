// A long text that is sent often, each time with a short end of its own: compressed once. Never for what holds a secret
// beside what a caller chose: the length of a compressed text tells of both.
import { constants, crc32, deflateRawSync } from 'node:zlib';

/** What one stored block holds (RFC 1951, 3.2.4). */
export const END_BYTES_MAX = 0xffff;

/** Magic number, deflate, no flags, no time, no extra flags, unknown system (RFC 1952, 2.3). */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const STORED_AND_LAST = 1;

export class Gzipped {
  /** The gzip file as far as it is always the same. */
  readonly start: Buffer;
  readonly #crc: number;
  readonly #bytes: number;

  constructor(text: Buffer) {
    // The flush ends on a whole byte and leaves the stream open for one more block.
    const deflated = deflateRawSync(text, { level: 9, finishFlush: constants.Z_SYNC_FLUSH });
    this.start = Buffer.concat([HEADER, deflated]);
    this.#crc = crc32(text);
    this.#bytes = text.length;
  }

  /** What makes `start` the gzip file of the text with `end` behind it; `end` has at most END_BYTES_MAX bytes. */
  endingIn(end: Buffer): Buffer {
    const { length } = end;
    const rest = Buffer.allocUnsafe(5 + length + 8);
    rest.writeUInt8(STORED_AND_LAST, 0);
    rest.writeUInt16LE(length, 1);
    rest.writeUInt16LE(length ^ 0xffff, 3);
    end.copy(rest, 5);
    rest.writeUInt32LE(crc32(end, this.#crc), 5 + length);
    rest.writeUInt32LE((this.#bytes + length) % 2 ** 32, 9 + length);
    return rest;
  }
}

/** Whether `Accept-Encoding` wants gzip (RFC 9110, 12.5.3); a star alone is no wish for it. */
export const wantsGzip = (acceptEncoding: string | string[] | undefined): boolean =>
  /(?:^|,)\s*gzip\s*(?:;\s*q=(?:1|0?\.0*[1-9])[\d.]*\s*)?(?:,|$)/i.test(String(acceptEncoding ?? ''));
