// Writes the log of one attempt: both streams in one order, small writes together, complete chunks to the place for bytes. Only one
// process writes to a log, and the rest of the lab reads it through here while it is open.
import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, ERROR_CODES, toAppError } from '@labmesh/contracts';
import type { AttemptLog } from '../executor.js';
import { ChunkFile, isChunkName } from './chunk-file.js';
import { CHUNK_BYTES_MAX, type ChunkAccount, type LogMark, type LogPlace } from './chunk-index.js';
import { FRAME_BYTES_MAX, type Frame, type StreamName } from './frame.js';
import type { LogSlice } from './log-slice.js';
import { Waiters } from './waiters.js';

/** What a job may write, bytes, unless the settings say otherwise. */
const LOG_BYTES_MAX = 1024 ** 3;
/** How long a small write waits for others, milliseconds. */
const GATHER_MS = 2;
/** Whoever writes waits while this much is not on the disk yet. */
const PENDING_BYTES_MAX = 1024 * 1024;
const FRAMES_AT_ONCE = 64;
/** A place for bytes that is away is tried again, ever more rarely; a log that is to be closed does not wait for ever. */
const PAUSE_MAX_MS = 4_000;
const LAST_TRIES = 6;

/** Where complete chunks go. */
export interface ChunkKeeper {
  /** How far they reach that are kept. */
  end(): Promise<LogPlace>;
  /** @throws AppError unavailable when it cannot be kept now; forbidden when this attempt's log is closed for ever */
  keep(path: string, account: ChunkAccount): Promise<void>;
}

export interface LogWriterOptions {
  /** Of this attempt alone; absolute. Made where it is missing, removed with the last chunk. */
  readonly folder: string;
  readonly keeper: ChunkKeeper;
  readonly bytesMax?: number;
  /** A chunk is complete once it is as large; 8 MiB. */
  readonly chunkBytes?: number;
  /** Something was written, or the log was closed. */
  readonly told?: () => void;
  /** All of it is kept, or left for whoever opens it again. */
  readonly closed?: () => void;
}

/** What an open log answers to who reads it. */
export interface OpenRead {
  /** From the mark before the wanted place; undefined when nothing behind it is here. */
  readonly slice: LogSlice | undefined;
  /** Where what is here begins: the rest is kept elsewhere. */
  readonly start: LogPlace;
  readonly end: LogPlace;
}

export class LogWriter implements AttemptLog {
  readonly #chunks: ChunkFile[];
  readonly #waiters = new Waiters();
  #end: LogPlace;
  #pending: Frame[] = [];
  #pendingBytes = 0;
  #taken: number;
  #writing: Promise<void> | undefined;
  #keeping: Promise<void> = Promise.resolve();
  #failure: AppError | undefined;
  /** Nothing may be written any more; and all of it is kept, or left. */
  #closed = false;
  #over = false;

  private constructor(
    private readonly options: LogWriterOptions,
    chunks: ChunkFile[],
    end: LogPlace,
  ) {
    this.#chunks = chunks;
    this.#end = end;
    this.#taken = end.place;
    for (const chunk of chunks) if (chunk.sealed) this.#keep(chunk);
  }

  /** Begins a log, or goes on with one that an earlier process left, behind the last byte that it wrote. */
  static async open(options: LogWriterOptions): Promise<LogWriter> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const kept = await options.keeper.end();
    const chunks: ChunkFile[] = [];
    for (const name of (await readdir(options.folder)).filter(isChunkName).sort()) {
      const chunk = await ChunkFile.recover(join(options.folder, name));
      // Kept already: the process ended before it could remove the file.
      if (chunk !== undefined && chunk.account.start.place < kept.place) await chunk.remove();
      else if (chunk !== undefined) chunks.push(chunk);
    }
    return new LogWriter(options, chunks, chunks.at(-1)?.account.end ?? kept);
  }

  /** Bytes that were written to the disk, of both streams. */
  get end(): number {
    return this.#end.place;
  }

  /** Bytes of each stream that are on the disk. */
  get written(): Readonly<Record<StreamName, number>> {
    const { place, stdout } = this.#end;
    return { stdout, stderr: place - stdout };
  }

  async write(stream: StreamName, bytes: Uint8Array): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#closed) throw new AppError('internal', 'Cannot write to a log that is closed');
    const room = (this.options.bytesMax ?? LOG_BYTES_MAX) - this.#taken;
    this.#take(stream, bytes.subarray(0, room));
    if (bytes.length > room) throw this.#tooLarge();
    while (this.#pendingBytes > PENDING_BYTES_MAX && this.#failure === undefined) await this.#writing;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** What of the log is here from a place on: so many bytes of the job or a few more. */
  async read(place: number, wanted: number): Promise<OpenRead> {
    const [end, start] = [this.#end, this.#chunks[0]?.account.start ?? this.#end];
    const chunk = place < end.place ? this.#chunks.findLast(({ account }) => account.start.place <= place) : undefined;
    return { slice: await chunk?.slice(place, wanted), start, end };
  }

  /** Marks of all that is here. */
  marks(): LogMark[] {
    return this.#chunks.flatMap(({ account }) => account.marks);
  }

  /** Resolves when there is something behind a place, when the log is closed, or after so many milliseconds. */
  async arrival(place: number, ms: number): Promise<void> {
    if (this.#end.place > place || this.#over) return;
    await this.#waiters.wait(ms);
  }

  /**
   * Resolves when all that was written is kept.
   * @throws AppError when it cannot be: the files stay, and whoever opens the log again goes on with them
   */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#writing !== undefined) await this.#writing;
    await this.#seal();
    await this.#keeping;
    const left = this.#chunks.splice(0);
    await Promise.all(left.map((chunk) => chunk.close()));
    if (left.length === 0) await rmdir(this.options.folder).catch(() => undefined);
    this.#over = true;
    this.options.closed?.();
    this.#wake();
    if (left.length > 0) throw this.#failure ?? new AppError('unavailable', 'Cannot keep the log of an attempt');
  }

  #take(stream: StreamName, bytes: Uint8Array): void {
    const at = Date.now();
    for (let from = 0; from < bytes.length; ) {
      const last = this.#pending.at(-1);
      // Copied: whoever wrote may use its buffer again.
      const room = last?.kind === stream && last.at === at ? FRAME_BYTES_MAX - last.bytes.length : 0;
      const part = bytes.subarray(from, from + (room > 0 ? room : FRAME_BYTES_MAX));
      if (last !== undefined && room > 0)
        this.#pending[this.#pending.length - 1] = { ...last, bytes: Buffer.concat([last.bytes, part]) };
      else this.#pending.push({ kind: stream, at, bytes: Buffer.from(part) });
      from += part.length;
    }
    this.#taken += bytes.length;
    this.#pendingBytes += bytes.length;
    if (bytes.length > 0) this.#writing ??= this.#writePending();
  }

  async #writePending(): Promise<void> {
    try {
      if (this.#pendingBytes < FRAME_BYTES_MAX) await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
      while (this.#pending.length > 0) {
        const frames = this.#pending.splice(0, FRAMES_AT_ONCE);
        await this.#append(frames);
        this.#pendingBytes -= frames.reduce((sum, { bytes }) => sum + bytes.length, 0);
      }
    } catch (cause) {
      this.#failure ??= new AppError('unavailable', `Cannot write the log: ${(cause as Error).message}`, { cause });
      this.#pending = [];
      this.#pendingBytes = 0;
    } finally {
      this.#writing = undefined;
    }
  }

  async #append(frames: readonly Frame[]): Promise<void> {
    const last = this.#chunks.at(-1);
    let chunk = last?.sealed === false ? last : undefined;
    if (chunk === undefined) {
      chunk = await ChunkFile.create(this.options.folder, this.#end, frames[0]?.at ?? Date.now());
      this.#chunks.push(chunk);
    }
    await chunk.append(frames);
    this.#end = chunk.account.end;
    this.#wake();
    if (chunk.account.bytes >= (this.options.chunkBytes ?? CHUNK_BYTES_MAX)) await this.#seal();
  }

  async #seal(): Promise<void> {
    const chunk = this.#chunks.at(-1);
    if (chunk === undefined || chunk.sealed) return;
    await chunk.seal();
    this.#keep(chunk);
  }

  /** One after the other, so that what is kept never has a gap. */
  #keep(chunk: ChunkFile): void {
    this.#keeping = this.#keeping.then(async () => {
      if (this.#chunks[0] !== chunk || !(await this.#kept(chunk))) return;
      this.#chunks.shift();
      await chunk.remove();
    });
  }

  async #kept({ path, account }: ChunkFile): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.options.keeper.keep(path, account);
        return true;
      } catch (error) {
        const failure = toAppError(error);
        if (!ERROR_CODES[failure.code].retry || (this.#closed && tries >= LAST_TRIES)) {
          this.#failure ??= failure;
          return false;
        }
        await pause(Math.min(PAUSE_MAX_MS, 50 * 2 ** tries));
      }
    }
  }

  #wake(): void {
    this.#waiters.wake();
    this.options.told?.();
  }

  #tooLarge(): AppError {
    const bytesMax = this.options.bytesMax ?? LOG_BYTES_MAX;
    this.#failure ??= new AppError(
      'too_large',
      `Cannot write more than ${bytesMax} bytes of log in one attempt: write less, or to a file among the artefacts.`,
    );
    return this.#failure;
  }
}
