// Where in a chunk what is: a mark for each stretch of it, so that a place, a line or a time is found without reading all of it.
import { z } from 'zod';
import { FRAME_HEAD_BYTES, type Frame, frameAt, frameOf, framesIn, linesIn } from './frame.js';

/** Bytes of a chunk between two marks. */
const STRETCH_BYTES = 64 * 1024;
/** A chunk is complete once it is as large as this. */
export const CHUNK_BYTES_MAX = 8 * 1024 * 1024;

/** How much of a log lies before something. Places count the bytes of both streams together, in the order they came. */
export interface LogPlace {
  readonly place: number;
  /** Of these, those of stdout. */
  readonly stdout: number;
  /** Line feeds before it, of each stream. */
  readonly stdoutLines: number;
  readonly stderrLines: number;
}

export const LOG_START: LogPlace = { place: 0, stdout: 0, stdoutLines: 0, stderrLines: 0 };

/** A frame's beginning. */
export interface LogMark extends LogPlace {
  /** In the chunk. */
  readonly offset: number;
  /** When it came, Unix milliseconds. */
  readonly at: number;
}

const Count = z.int().nonnegative();
const Head = z.object({ place: Count, stdout: Count, stdoutLines: Count, stderrLines: Count });
const Row = z.tuple([Count, Count, Count, Count, Count, Count]);
const Marks = z.array(Row);

/** The first frame of a chunk. */
export const headOf = (start: LogPlace, at: number): Buffer =>
  frameOf({ kind: 'head', at, bytes: Buffer.from(JSON.stringify(Head.parse(start))) });

/** What follows the last frame of a complete chunk: its index, and how long that is. */
export function sealOf(marks: readonly LogMark[], at: number): Buffer {
  const rows = marks.map((one) => [one.offset, one.place, one.stdout, one.stdoutLines, one.stderrLines, one.at]);
  const index = frameOf({ kind: 'index', at, bytes: Buffer.from(JSON.stringify(rows)) });
  const length = Buffer.alloc(SEAL_TAIL_BYTES);
  length.writeUInt32LE(index.length);
  return Buffer.concat([index, length]);
}

const SEAL_TAIL_BYTES = 4;
/** So many bytes at a complete chunk's end hold its index. */
export const SEAL_BYTES_MAX = 32 * 1024;

/** The marks of a complete chunk, from its last bytes. @throws Error for what is none */
export function marksIn(end: Buffer): LogMark[] {
  const frame = frameAt(end, end.length - SEAL_TAIL_BYTES - end.readUInt32LE(end.length - SEAL_TAIL_BYTES));
  if (frame?.kind !== 'index') throw new Error('A chunk of a log has no index at its end');
  return Marks.parse(JSON.parse(frame.bytes.toString())).map(
    ([offset, place, stdout, stdoutLines, stderrLines, at]) => ({
      offset,
      place,
      stdout,
      stdoutLines,
      stderrLines,
      at,
    }),
  );
}

/** Keeps account of a chunk while frames are added to it. */
export class ChunkAccount {
  readonly marks: LogMark[] = [];
  #end: LogPlace;
  #lastAt: number;

  /** @param bytes as long as its head is */
  constructor(
    readonly start: LogPlace,
    readonly firstAt: number,
    public bytes: number,
  ) {
    this.#end = start;
    this.#lastAt = firstAt;
  }

  get end(): LogPlace {
    return this.#end;
  }

  get lastAt(): number {
    return this.#lastAt;
  }

  /** A frame of the job, which stands where the chunk ended. */
  add({ kind, at, bytes }: Frame): void {
    const last = this.marks.at(-1);
    if (last === undefined || this.bytes - last.offset >= STRETCH_BYTES)
      this.marks.push({ ...this.#end, offset: this.bytes, at });
    const { place, stdout, stdoutLines, stderrLines } = this.#end;
    const out = kind === 'stdout';
    const lines = linesIn(bytes);
    this.#end = {
      place: place + bytes.length,
      stdout: stdout + (out ? bytes.length : 0),
      stdoutLines: stdoutLines + (out ? lines : 0),
      stderrLines: stderrLines + (out ? 0 : lines),
    };
    this.#lastAt = at;
    this.bytes += FRAME_HEAD_BYTES + bytes.length;
  }
}

/**
 * What a file holds that a process may have left in the middle of a frame: the account of what is whole, and whether it was sealed.
 * Undefined when not even its head is whole.
 */
export function accountOf(file: Buffer): { readonly account: ChunkAccount; readonly sealed: boolean } | undefined {
  const head = frameAt(file, 0);
  if (head?.kind !== 'head') return undefined;
  const account = new ChunkAccount(Head.parse(JSON.parse(head.bytes.toString())), head.at, head.end);
  for (const frame of framesIn(file, head.end)) {
    if (frame.kind === 'index') return { account, sealed: frame.end + SEAL_TAIL_BYTES === file.length };
    account.add(frame);
  }
  return { account, sealed: false };
}
