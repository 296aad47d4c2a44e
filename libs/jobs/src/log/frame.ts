// How a job's log lies on the disk: frames, one behind the other. A frame is written once and never changed; a torn or damaged
// one is never taken for what a job wrote.
import { crc32 } from 'node:zlib';

export const STREAMS = ['stdout', 'stderr'] as const;
export type StreamName = (typeof STREAMS)[number];

/** What a frame holds: bytes of the job, where a chunk begins, or the index of one that is complete. */
type Kind = StreamName | 'head' | 'index';
const KINDS: readonly Kind[] = ['head', 'stdout', 'stderr', 'index'];

/** Checksum (4 bytes, of all that follows), length of the content (4), Unix milliseconds (6), kind (1), mark (1). */
export const FRAME_HEAD_BYTES = 16;
/** Most bytes of a job in one frame. */
export const FRAME_BYTES_MAX = 64 * 1024;
const MARK = 0x4c;

export interface Frame {
  readonly kind: Kind;
  /** When its first byte came, Unix milliseconds. */
  readonly at: number;
  readonly bytes: Buffer;
}

export interface PlacedFrame extends Frame {
  /** Where it begins and ends in what was read. */
  readonly offset: number;
  readonly end: number;
}

/** A frame as it is written. */
export function frameOf({ kind, at, bytes }: { kind: Kind; at: number; bytes: Uint8Array }): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEAD_BYTES + bytes.length);
  frame.writeUInt32LE(bytes.length, 4);
  frame.writeUIntLE(at, 8, 6);
  frame.writeUInt8(KINDS.indexOf(kind), 14);
  frame.writeUInt8(MARK, 15);
  frame.set(bytes, FRAME_HEAD_BYTES);
  frame.writeUInt32LE(crc32(frame.subarray(4)), 0);
  return frame;
}

/** The frame at this place; undefined where there is none that is whole. Its bytes are a view of `from`. */
export function frameAt(from: Buffer, offset: number): PlacedFrame | undefined {
  if (offset + FRAME_HEAD_BYTES > from.length) return undefined;
  const end = offset + FRAME_HEAD_BYTES + from.readUInt32LE(offset + 4);
  if (end > from.length || from.readUInt8(offset + 15) !== MARK) return undefined;
  const kind = KINDS[from.readUInt8(offset + 14)];
  if (kind === undefined || crc32(from.subarray(offset + 4, end)) !== from.readUInt32LE(offset)) return undefined;
  return {
    kind,
    at: from.readUIntLE(offset + 8, 6),
    bytes: from.subarray(offset + FRAME_HEAD_BYTES, end),
    offset,
    end,
  };
}

/** Whole frames from a place on, up to the first that is not. */
export function* framesIn(from: Buffer, offset = 0): Generator<PlacedFrame> {
  for (let frame = frameAt(from, offset); frame !== undefined; frame = frameAt(from, frame.end)) yield frame;
}

export function linesIn(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) lines += 1;
  return lines;
}
