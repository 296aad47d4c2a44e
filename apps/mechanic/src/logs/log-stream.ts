// stream_logs: what a job has written, in an answer, or told as it comes. Whoever goes on at the cursor they were told last misses
// nothing and sees nothing twice, at any replica.
import {
  type Call,
  LOG_FOLLOW_BYTES,
  LOG_FOLLOW_MS,
  LOG_PIECE_BYTES,
  type LogEnd,
  type LogPage,
  type mechanic,
  type ToolInput,
} from '@labmesh/contracts';
import { bytesOfPiece, cutPiece, LogLocator, LogReader, type PlacedPiece } from '@labmesh/jobs';
import { Inject, Injectable } from '@nestjs/common';
import { LogAccess } from './log-access.js';
import { LogWalk, placeOf } from './log-walk.js';

type Wanted = ToolInput<(typeof mechanic)['tools']['stream_logs']>;

/** Time to send an answer before the deadline. */
const ANSWER_MS = 1_000;
/** That nothing came is said this often. */
const SIGN_OF_LIFE_MS = 3_000;
/** More pieces are not told at once: each has a frame of words around it. */
const PIECES_MAX = 400;

@Injectable()
export class LogStream {
  constructor(
    @Inject(LogReader) private readonly reader: LogReader,
    @Inject(LogLocator) private readonly locator: LogLocator,
    @Inject(LogAccess) private readonly access: LogAccess,
  ) {}

  async *stream(wanted: Wanted, call: Call): AsyncGenerator<LogPage, LogEnd, void> {
    const walk = await this.#begin(wanted, call);
    if (!wanted.follow) return this.#answer(walk, wanted, call);
    const leave = this.reader.follow(wanted.jobId);
    try {
      yield { pieces: [], cursor: walk.cursor };
      yield* this.#follow(walk, call);
    } finally {
      leave();
    }
    return { pieces: [], cursor: walk.cursor, ended: walk.ended, state: walk.state };
  }

  /** The last whole lines of the newest attempt's log, so many bytes at most. */
  async lastOf(jobId: string, bytesMax: number, call: Call): Promise<Buffer> {
    const job = await this.access.job(jobId, call);
    const number = job.attempts.at(-1)?.number;
    if (number === undefined) return Buffer.alloc(0);
    const place = Math.max(0, (await this.locator.end({ jobId, number })) - bytesMax);
    const walk = new LogWalk(this.reader, { jobId, stream: 'both', attempt: number }, job, { number, place });
    const parts: Buffer[] = [];
    for (let left = bytesMax; left > 0; ) {
      const pieces = await walk.next(false);
      if (pieces.length === 0) break;
      parts.push(...pieces.map(({ piece }) => bytesOfPiece(piece)));
      left -= pieces.reduce((sum, { bytes }) => sum + bytes, 0);
    }
    const all = Buffer.concat(parts);
    return place === 0 ? all : all.subarray(all.indexOf(0x0a) + 1);
  }

  async #begin(wanted: Pick<Wanted, 'jobId' | 'attempt' | 'stream' | 'cursor' | 'tailLines' | 'since'>, call: Call) {
    const { jobId, attempt, stream, cursor, tailLines, since } = wanted;
    const job = await this.access.job(jobId, call);
    const number = attempt ?? job.attempts.at(-1)?.number;
    const there = job.attempts.some((one) => one.number === number);
    if (cursor !== undefined || number === undefined || !there)
      return new LogWalk(
        this.reader,
        { jobId, stream, attempt },
        job,
        cursor === undefined ? undefined : placeOf(cursor),
      );
    const of = { jobId, number };
    const place = Math.max(
      tailLines === undefined ? 0 : await this.locator.tail(of, tailLines, stream),
      since === undefined ? 0 : await this.locator.since(of, Date.parse(since)),
    );
    return new LogWalk(this.reader, { jobId, stream, attempt }, job, { number, place });
  }

  async #answer(walk: LogWalk, { maxBytes, waitSeconds }: Wanted, call: Call): Promise<LogEnd> {
    const until = Math.min(Date.now() + waitSeconds * 1_000, call.deadline - ANSWER_MS);
    const pieces: PlacedPiece['piece'][] = [];
    let left = maxBytes;
    while (left > 0 && !walk.ended && !call.signal.aborted) {
      const before = walk.cursor;
      const wait = pieces.length === 0 && Date.now() < until;
      for (const one of await walk.next(wait)) {
        const part = one.bytes <= left ? one : cutPiece(one, left);
        pieces.push(part.piece);
        left = pieces.length === PIECES_MAX || part !== one ? 0 : left - part.bytes;
        if (left > 0) continue;
        walk.backTo(part);
        break;
      }
      if (!wait && walk.cursor === before) break;
    }
    return { pieces, cursor: walk.cursor, ended: walk.ended, state: walk.state };
  }

  /** Until the end mark, or as much and as long as one call may. */
  async *#follow(walk: LogWalk, call: Call): AsyncGenerator<LogPage, void, void> {
    const until = Math.min(Date.now() + LOG_FOLLOW_MS, call.deadline - ANSWER_MS);
    let left = LOG_FOLLOW_BYTES;
    let toldMs = Date.now();
    while (left > 0 && !walk.ended && Date.now() < until && !call.signal.aborted) {
      for (const page of pagesOf(await walk.next(true))) {
        left -= page.bytes;
        toldMs = Date.now();
        yield { pieces: page.pieces.map(({ piece }) => piece), cursor: page.cursor };
      }
      if (Date.now() - toldMs < SIGN_OF_LIFE_MS || walk.ended) continue;
      toldMs = Date.now();
      yield { pieces: [], cursor: walk.cursor };
    }
  }
}

/** Pieces in parts that each fit one event of a stream. */
function* pagesOf(all: readonly PlacedPiece[]): Generator<{ pieces: PlacedPiece[]; bytes: number; cursor: string }> {
  let [pieces, bytes]: [PlacedPiece[], number] = [[], 0];
  const page = () => ({ pieces, bytes, cursor: `${pieces.at(-1)?.piece.attempt}:${pieces.at(-1)?.end}` });
  for (const one of all) {
    if (pieces.length > 0 && (bytes + one.bytes > LOG_PIECE_BYTES || pieces.length === PIECES_MAX)) {
      yield page();
      [pieces, bytes] = [[], 0];
    }
    pieces.push(one);
    bytes += one.bytes;
  }
  if (pieces.length > 0) yield page();
}
