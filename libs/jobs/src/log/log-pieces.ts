// Bytes of a log as they travel to people: text where they are UTF-8, base64 where they are not. Nothing is replaced or lost.
import { isUtf8 } from 'node:buffer';
import { LOG_PIECE_BYTES, type LogPiece } from '@labmesh/contracts';
import type { LogRun } from './log-slice.js';

/** A piece with the place behind it: whoever has it goes on there. */
export interface PlacedPiece {
  readonly piece: LogPiece;
  /** Of the job. */
  readonly bytes: number;
  readonly end: number;
}

/** Bytes that follow the first of a letter. */
const continues = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;
const LETTER_BYTES_MAX = 4;

/** Where the letter begins that would be cut here; here when none would be. */
function letterBorder(bytes: Buffer, at: number): number {
  if (at >= bytes.length) return bytes.length;
  for (let back = 0; back < LETTER_BYTES_MAX && at - back > 0; back += 1)
    if (!continues(bytes[at - back])) return at - back;
  return at;
}

export function* piecesOf(run: LogRun, attempt: number): Generator<PlacedPiece> {
  const { stream, at, bytes } = run;
  for (const [from, end] of bordersOf(bytes)) {
    const part = bytes.subarray(from, end);
    const piece = { stream, attempt, offset: run.offset + from, at: new Date(at).toISOString(), ...saidOf(part) };
    yield { piece, bytes: part.length, end: run.place + end };
  }
}

/** Parts of at most a piece's size, with what is no whole letter at the beginning or end of otherwise good text for itself. */
function* bordersOf(bytes: Buffer): Generator<readonly [from: number, end: number]> {
  for (let from = 0; from < bytes.length; ) {
    const end = from + LOG_PIECE_BYTES < bytes.length ? letterBorder(bytes, from + LOG_PIECE_BYTES) : bytes.length;
    const part = bytes.subarray(from, end);
    const [head, tail] = isUtf8(part) ? [0, part.length] : wholeLetters(part);
    if (head > 0) yield [from, from + head];
    yield [from + head, from + tail];
    if (tail < part.length) yield [from + tail, end];
    from = end;
  }
}

/** Where the text lies in what begins or ends in the middle of a letter; all of it when that is not what is wrong with it. */
function wholeLetters(part: Buffer): [head: number, tail: number] {
  let head = 0;
  while (head < LETTER_BYTES_MAX - 1 && continues(part[head])) head += 1;
  const last = letterBorder(Buffer.concat([part, Buffer.of(0x80)]), part.length);
  const tails = [part.length, last].filter((tail) => tail > head);
  const tail = tails.find((one) => isUtf8(part.subarray(head, one)));
  return tail === undefined ? [0, part.length] : [head, tail];
}

export const bytesOfPiece = ({ text, base64 }: LogPiece): Buffer =>
  text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text);

/** Its first letters, so many bytes at most; a part of one in base64 when not even that fits. */
export function cutPiece({ piece, bytes, end }: PlacedPiece, bytesMax: number): PlacedPiece {
  const all = bytesOfPiece(piece);
  const part = all.subarray(0, piece.text === undefined ? bytesMax : letterBorder(all, bytesMax));
  const { stream, attempt, offset, at } = piece;
  return {
    piece: { stream, attempt, offset, at, ...saidOf(part) },
    bytes: part.length,
    end: end - bytes + part.length,
  };
}

const saidOf = (part: Buffer): Pick<LogPiece, 'text' | 'base64'> =>
  isUtf8(part) ? { text: part.toString('utf8') } : { base64: part.toString('base64') };
