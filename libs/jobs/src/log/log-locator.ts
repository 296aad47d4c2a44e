// Finds where in a log its last lines begin, or a time, by the indexes of its chunks: little of the log itself is read.
import type { LogMark, LogPlace } from './chunk-index.js';
import { linesIn, type StreamName } from './frame.js';
import type { KeptChunks } from './kept-chunks.js';
import type { AttemptId } from './log-chunks.repository.js';
import { bytesOfPiece, type PlacedPiece } from './log-pieces.js';
import type { LogReader } from './log-reader.js';
import { lastUpTo, RUN_MS } from './log-slice.js';

export type StreamChoice = StreamName | 'both';

/** A chunk that is kept, or all that is open. */
interface Segment {
  readonly start: LogPlace;
  readonly end: LogPlace;
  readonly firstAt: number;
  readonly marks: () => Promise<readonly LogMark[]>;
}

/** How a stream is measured: its bytes before a place, and its lines. */
const MEASURES = {
  both: { bytes: ({ place }) => place, lines: (at) => at.stdoutLines + at.stderrLines },
  stdout: { bytes: ({ stdout }) => stdout, lines: ({ stdoutLines }) => stdoutLines },
  stderr: { bytes: ({ place, stdout }) => place - stdout, lines: ({ stderrLines }) => stderrLines },
} as const satisfies Record<StreamChoice, Record<'bytes' | 'lines', (at: LogPlace) => number>>;

export class LogLocator {
  constructor(
    private readonly reader: Pick<LogReader, 'indexOf' | 'part'>,
    private readonly kept: Pick<KeptChunks, 'marks'>,
  ) {}

  /** Where it ends now. */
  async end(attempt: AttemptId): Promise<number> {
    return (await this.#segments(attempt)).at(-1)?.end.place ?? 0;
  }

  /** Where the last lines of a stream begin. One that has not ended is a line; what a carriage return overwrites belongs to it. */
  async tail(attempt: AttemptId, lines: number, stream: StreamChoice): Promise<number> {
    const segments = await this.#segments(attempt);
    const end = segments.at(-1)?.end;
    if (end === undefined || lines === 0) return end?.place ?? 0;
    const measure = MEASURES[stream];
    const unfinished = (await this.#endsInLine(attempt, segments, stream)) ? 1 : 0;
    const before = measure.lines(end) + unfinished - lines;
    if (before <= 0) return 0;
    const mark = await markIn(segments, (at) => measure.lines(at) < before);
    return this.#behindLine(attempt, { from: mark.place, lines: before - measure.lines(mark), stream });
  }

  /**
   * Where what came at a time begins, and its end when nothing has come since; what came in the second before it may be there too.
   * @param sinceMs Unix milliseconds
   */
  async since(attempt: AttemptId, sinceMs: number): Promise<number> {
    const segments = await this.#segments(attempt);
    const end = segments.at(-1)?.end;
    if (end === undefined) return 0;
    // A piece has the time of its first byte: of one that began before this, the last byte came before the time too.
    const beganMs = sinceMs - RUN_MS;
    const segment =
      segments[
        Math.max(
          0,
          lastUpTo(segments, ({ firstAt }) => firstAt <= beganMs),
        )
      ];
    const marks = (await segment?.marks()) ?? [];
    let place =
      marks[
        Math.max(
          0,
          lastUpTo(marks, ({ at }) => at <= beganMs),
        )
      ]?.place ?? 0;
    for await (const { piece, bytes, end } of this.#pieces(attempt, place)) {
      if (Date.parse(piece.at) > beganMs) return end - bytes;
      place = end;
    }
    return place;
  }

  async #segments(attempt: AttemptId): Promise<Segment[]> {
    const { kept, open } = await this.reader.indexOf(attempt);
    const segments: Segment[] = kept.map((chunk) => ({
      start: chunk.start,
      end: chunk.end,
      firstAt: chunk.firstAt.getTime(),
      marks: () => this.kept.marks(chunk),
    }));
    const reached = kept.at(-1)?.end.place ?? 0;
    const marks = (open?.marks ?? []).filter(({ place }) => place >= reached);
    const [first] = marks;
    if (open !== null && first !== undefined && open.end.place > reached)
      segments.push({ start: first, end: open.end, firstAt: first.at, marks: async () => marks });
    return segments;
  }

  /** Whether what a stream has last is no line feed. */
  async #endsInLine(attempt: AttemptId, segments: readonly Segment[], stream: StreamChoice): Promise<boolean> {
    const { bytes } = MEASURES[stream];
    const total = bytes(segments.at(-1)?.end as LogPlace);
    if (total === 0) return false;
    const mark = await markIn(segments, (at) => bytes(at) < total);
    let last: Buffer | undefined;
    for await (const { piece } of this.#pieces(attempt, mark.place)) {
      if (stream === 'both' || piece.stream === stream) last = bytesOfPiece(piece);
      if (piece.stream === stream && piece.offset + (last?.length ?? 0) >= total) break;
    }
    return last?.at(-1) !== 0x0a;
  }

  /** The place behind so many line feeds. */
  async #behindLine(
    attempt: AttemptId,
    { from, lines, stream }: { from: number; lines: number; stream: StreamChoice },
  ): Promise<number> {
    let left = lines;
    let place = from;
    for await (const { piece, bytes: length, end } of this.#pieces(attempt, from)) {
      place = end;
      if (stream !== 'both' && piece.stream !== stream) continue;
      const bytes = bytesOfPiece(piece);
      const here = linesIn(bytes);
      if (here >= left) return end - length + behindLineFeed(bytes, left);
      left -= here;
    }
    return place;
  }

  /** What is there now from a place on. */
  async *#pieces(attempt: AttemptId, from: number): AsyncGenerator<PlacedPiece> {
    const { kept, open } = await this.reader.indexOf(attempt);
    const end = Math.max(open?.end.place ?? 0, kept.at(-1)?.end.place ?? 0);
    for (let place = from; place < end; ) {
      const part = await this.reader.part(attempt, place, false);
      if (part.pieces.length === 0) return;
      yield* part.pieces;
      place = part.next;
    }
  }
}

/** The last mark for which it holds, where it holds for all before it. */
async function markIn(segments: readonly Segment[], holds: (at: LogPlace) => boolean): Promise<LogPlace> {
  const segment =
    segments[
      Math.max(
        0,
        lastUpTo(segments, ({ start }) => holds(start)),
      )
    ];
  if (segment === undefined) throw new Error('There is no log to look in');
  const marks = await segment.marks();
  return marks[Math.max(0, lastUpTo(marks, holds))] ?? segment.start;
}

/** Index behind the n-th line feed; there are that many. */
function behindLineFeed(bytes: Buffer, n: number): number {
  let at = -1;
  for (let count = 0; count < n; count += 1) at = bytes.indexOf(0x0a, at + 1);
  return at + 1;
}
