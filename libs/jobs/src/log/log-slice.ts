// A part of a log as it is read: whole frames, from a mark on. Open chunks, other processes and stored chunks give the same.

import type { LogMark } from './chunk-index.js';
import { FRAME_BYTES_MAX, FRAME_HEAD_BYTES, framesIn, type PlacedFrame, type StreamName } from './frame.js';

export interface LogSlice {
  /** Place and stdout's bytes before the first frame. */
  readonly place: number;
  readonly stdout: number;
  readonly frames: Buffer;
}

/** Bytes of one stream that came one behind the other. */
export interface LogRun {
  readonly stream: StreamName;
  /** In the log, and in its stream. */
  readonly place: number;
  readonly offset: number;
  /** When its first byte came, Unix milliseconds; the others came within a second. */
  readonly at: number;
  readonly bytes: Buffer;
}

/** Bytes that came this much later belong to a run of their own, milliseconds. */
export const RUN_MS = 1_000;

/** The last mark that is not behind a place. */
export function markBefore(marks: readonly LogMark[], place: number): LogMark | undefined {
  return marks[lastUpTo(marks, (mark) => mark.place <= place)];
}

/** Index of the last item for which it holds, where it holds for all before it; -1 for none. */
export function lastUpTo<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(items[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Bytes of a chunk, from a mark on, that surely hold so many bytes of the job behind a place which the mark's stretch holds. */
export const bytesToRead = (wanted: number): number => wanted + 3 * (FRAME_BYTES_MAX + FRAME_HEAD_BYTES);

/** Without the frames that lie before a place, and those behind so many bytes from it on. */
export function trimmed(slice: LogSlice, from: number, wanted: number): LogSlice {
  let [place, stdout, begin, end] = [slice.place, slice.stdout, 0, 0];
  let reached = place;
  for (const frame of framesIn(slice.frames)) {
    if (reached >= from + wanted && end > begin) break;
    reached += frame.bytes.length;
    end = frame.end;
    if (reached > from) continue;
    [place, begin] = [reached, end];
    if (frame.kind === 'stdout') stdout += frame.bytes.length;
  }
  return { place, stdout, frames: slice.frames.subarray(begin, end) };
}

export interface RunsWanted {
  readonly from: number;
  /** Not beyond this place. */
  readonly to: number;
}

/** What a slice holds between two places, with bytes of one stream joined where they came together. */
export function runsOf(slice: LogSlice, { from, to }: RunsWanted): LogRun[] {
  const runs: Array<LogRun & { parts: Buffer[]; length: number }> = [];
  let [place, stdout] = [slice.place, slice.stdout];
  for (const frame of framesIn(slice.frames)) {
    if (place >= to || frame.kind === 'index') break;
    const cut = cutOf(frame, place, { from, to });
    if (cut !== undefined) {
      const stream = frame.kind as StreamName;
      const begins = place + cut.skipped;
      const offset = (stream === 'stdout' ? stdout : place - stdout) + cut.skipped;
      const last = runs.at(-1);
      if (last?.stream === stream && frame.at - last.at < RUN_MS && last.place + last.length === begins) {
        last.parts.push(cut.bytes);
        last.length += cut.bytes.length;
      } else
        runs.push({
          stream,
          place: begins,
          offset,
          at: frame.at,
          bytes: cut.bytes,
          parts: [cut.bytes],
          length: cut.bytes.length,
        });
    }
    place += frame.bytes.length;
    if (frame.kind === 'stdout') stdout += frame.bytes.length;
  }
  return runs.map(({ stream, place: at, offset, at: time, parts }) => ({
    stream,
    place: at,
    offset,
    at: time,
    bytes: parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts),
  }));
}

function cutOf({ bytes }: PlacedFrame, place: number, { from, to }: RunsWanted) {
  if (place + bytes.length <= from) return undefined;
  const skipped = Math.max(0, from - place);
  return { skipped, bytes: bytes.subarray(skipped, Math.min(bytes.length, to - place)) };
}
