// Which bytes of a whole a request wants (RFC 9110, section 14): one range, or all of it. Several ranges are answered with the whole,
// as that section allows: one answer has one piece.
import type { ByteRange } from '@labmesh/blobs';

/** `whole` also for what is not understood, which is to be ignored; `none` for a range that holds no byte of it. */
export type WantedBytes = 'whole' | 'none' | ByteRange;

/** @param header of a GET; only there a range has a meaning */
export function wantedBytes(header: string | undefined, bytes: number): WantedBytes {
  const [, first, last] = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return 'whole';
  if (first === '') {
    const length = Math.min(bytes, Number(last));
    return length === 0 ? 'none' : { start: bytes - length, end: bytes - 1 };
  }
  const start = Number(first);
  const end = last === '' ? bytes - 1 : Math.min(bytes - 1, Number(last));
  // A range that ends before it begins is none at all; one that begins behind the end is one without a byte.
  if (last !== '' && Number(last) < start) return 'whole';
  return start >= bytes ? 'none' : { start, end };
}
