// Reads logs for everybody in this process who follows them: complete chunks from the place for bytes, the newest from the worker
// that writes it. Each part is read once, however many want it, and holds no more in memory than its bounds.
import { setTimeout as pause } from 'node:timers/promises';
import { boundedCache } from '@labmesh/runtime';
import { LRUCache } from 'lru-cache';
import { type LogAnswer, type LogQuestion, READ_BYTES_MAX } from './job-logs.js';
import type { KeptChunks } from './kept-chunks.js';
import type { AttemptId, KeptChunk, LogChunks } from './log-chunks.repository.js';
import { type PlacedPiece, piecesOf } from './log-pieces.js';
import { type LogSlice, runsOf } from './log-slice.js';
import type { LoggedAttempt, LoggedJob, LoggedJobs } from './logged-jobs.repository.js';

/** How long a question to a worker waits there for more, milliseconds. */
const WAIT_MS = 1_000;
/** When nobody can say that there is more, it is looked for this often while somebody waits, milliseconds. */
export const LOOK_MS = 200;
/** Small parts that come one behind the other are gathered for so long: for one follower, and more for each other one. */
const GATHER_MS = 20;
const GATHER_EACH_MS = 0.5;
const GATHER_MS_MAX = 120;
const FULL_BYTES = 64 * 1024;
const REMEMBERED_BYTES = 16 * 1024 * 1024;
const ATTEMPTS_REMEMBERED = 1_000;

/** A part of a log. */
export interface LogPart {
  readonly pieces: readonly PlacedPiece[];
  /** Where it goes on. */
  readonly next: number;
  /** Nothing will ever come behind it. */
  readonly over: boolean;
}

export interface ReaderServices {
  readonly jobs: Pick<LoggedJobs, 'find'>;
  readonly chunks: Pick<LogChunks, 'of'>;
  readonly kept: Pick<KeptChunks, 'slice' | 'marks'>;
  /** Undefined when that worker does not answer. */
  readonly ask: (workerId: string, question: LogQuestion) => Promise<LogAnswer | undefined>;
}

export class LogReader {
  readonly #reading = new Map<string, Promise<LogPart>>();
  readonly #read = new LRUCache<string, LogPart>({
    maxSize: REMEMBERED_BYTES,
    sizeCalculation: ({ pieces }) => pieces.reduce((sum, { bytes }) => sum + 2 * bytes + 300, 300),
  });
  readonly #chunks = boundedCache<readonly KeptChunk[]>(ATTEMPTS_REMEMBERED);
  readonly #jobs = boundedCache<Promise<LoggedJob | undefined>>(ATTEMPTS_REMEMBERED, LOOK_MS);
  /** When the newest part of a log was last read, and by how many it is followed. */
  readonly #paces = boundedCache<number>(ATTEMPTS_REMEMBERED);
  readonly #followers = new Map<string, number>();

  constructor(private readonly services: ReaderServices) {}

  /** As it was at most `LOOK_MS` ago. */
  job(jobId: string): Promise<LoggedJob | undefined> {
    const known = this.#jobs.get(jobId);
    if (known !== undefined) return known;
    const asked = this.services.jobs.find(jobId);
    this.#jobs.set(jobId, asked);
    asked.catch(() => this.#jobs.delete(jobId));
    return asked;
  }

  /** Somebody follows this job from now on. @returns what says that they do no more */
  follow(jobId: string): () => void {
    const change = (by: number): void => {
      const count = (this.#followers.get(jobId) ?? 0) + by;
      if (count === 0) this.#followers.delete(jobId);
      else this.#followers.set(jobId, count);
    };
    change(1);
    return () => change(-1);
  }

  /** What lies behind a place now; with `wait`, when nothing does, what comes in a while, if anything. */
  part(attempt: AttemptId, place: number, wait: boolean): Promise<LogPart> {
    const key = `${keyOf(attempt)} ${place}`;
    const known = this.#read.get(key);
    if (known !== undefined) return Promise.resolve(known);
    return this.#reading.get(`${key} ${wait}`) ?? this.#begin(key, attempt, { place, wait });
  }

  /** What is kept of a log, and marks of what is still open at its worker. */
  async indexOf(attempt: AttemptId): Promise<{ kept: readonly KeptChunk[]; open: LogAnswer['open'] }> {
    const state = await this.#stateOf(attempt);
    const open =
      state?.state === 'running' ? await this.#ask(state.workerId, { kind: 'marks', ...attempt }) : undefined;
    // In this order: what was open and is no more has become a row.
    return { kept: await this.#rows(attempt), open: open?.open ?? null };
  }

  #begin(key: string, attempt: AttemptId, { place, wait }: { place: number; wait: boolean }): Promise<LogPart> {
    // Ends where others' parts end, so that those who began elsewhere soon read the same.
    const to = (Math.floor(place / READ_BYTES_MAX) + 1) * READ_BYTES_MAX;
    const reading = this.#readNow(attempt, { place, to, wait }).finally(() => this.#reading.delete(`${key} ${wait}`));
    this.#reading.set(`${key} ${wait}`, reading);
    // What is there never changes; that nothing is there does.
    void reading.then(
      (part) => part.pieces.length > 0 && this.#read.set(key, part),
      () => undefined,
    );
    return reading;
  }

  async #readNow(attempt: AttemptId, range: Range): Promise<LogPart> {
    const known = this.#chunks.get(keyOf(attempt)) ?? (await this.#rows(attempt));
    const kept = await this.#fromKept(known, attempt, range);
    if (kept !== undefined) return kept;
    const state = await this.#stateOf(attempt);
    if (state?.state === 'running') {
      const live = await this.#fromWorker(state, attempt, range);
      if (live !== undefined) return live;
    }
    const closed = await this.#fromKept(await this.#rows(attempt), attempt, range);
    if (closed !== undefined) return closed;
    // The rows were read after it had ended, so there is nothing that they do not have.
    if (state?.state === 'ended') return { pieces: [], next: range.place, over: true };
    if (range.wait) await pause(LOOK_MS);
    return { pieces: [], next: range.place, over: false };
  }

  async #fromKept(chunks: readonly KeptChunk[], attempt: AttemptId, range: Range): Promise<LogPart | undefined> {
    const { place, to } = range;
    const chunk = chunks.find(({ start, end }) => start.place <= place && place < end.place);
    if (chunk === undefined) return undefined;
    return partOf(await this.services.kept.slice(chunk, place, to - place), attempt, range);
  }

  /** Undefined when the worker has nothing of it any more, or does not answer. */
  async #fromWorker({ workerId }: LoggedAttempt, attempt: AttemptId, range: Range): Promise<LogPart | undefined> {
    const key = keyOf(attempt);
    const { place, to, wait } = range;
    if (wait) await this.#gather(key, attempt.jobId);
    const question = { kind: 'read', ...attempt, place, bytes: to - place, waitMs: wait ? WAIT_MS : 0 } as const;
    const open = (await this.#ask(workerId, question))?.open;
    if (open === undefined || open === null || (open.slice === null && place < open.start.place)) return undefined;
    if (open.slice === null) return { pieces: [], next: place, over: false };
    const { frames, ...at } = open.slice;
    const part = partOf({ ...at, frames: Buffer.from(frames, 'base64') }, attempt, range);
    if (part.next - place < FULL_BYTES) this.#paces.set(key, performance.now());
    else this.#paces.delete(key);
    return part;
  }

  /** A log that is written to without a pause is read in rounds: the more follow it, the longer they are. */
  async #gather(key: string, jobId: string): Promise<void> {
    const readAt = this.#paces.get(key);
    if (readAt === undefined) return;
    const followers = this.#followers.get(jobId) ?? 1;
    const roundMs = Math.min(GATHER_MS_MAX, GATHER_MS + GATHER_EACH_MS * followers);
    const leftMs = readAt + roundMs - performance.now();
    if (leftMs > 0) await pause(leftMs);
  }

  async #ask(workerId: string | null, question: LogQuestion): Promise<LogAnswer | undefined> {
    return workerId === null ? undefined : this.services.ask(workerId, question);
  }

  async #stateOf({ jobId, number }: AttemptId): Promise<LoggedAttempt | undefined> {
    return (await this.job(jobId))?.attempts.find((one) => one.number === number);
  }

  async #rows(attempt: AttemptId): Promise<readonly KeptChunk[]> {
    const rows = await this.services.chunks.of(attempt);
    this.#chunks.set(keyOf(attempt), rows);
    return rows;
  }
}

interface Range {
  readonly place: number;
  readonly to: number;
  /** For something to come. */
  readonly wait: boolean;
}

const keyOf = ({ jobId, number }: AttemptId): string => `${jobId} ${number}`;

function partOf(slice: LogSlice, { number }: AttemptId, { place, to }: Range): LogPart {
  const pieces = runsOf(slice, { from: place, to }).flatMap((run) => [...piecesOf(run, number)]);
  return { pieces, next: pieces.at(-1)?.end ?? place, over: false };
}
