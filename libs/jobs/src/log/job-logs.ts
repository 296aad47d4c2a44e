// The logs that this process writes, by their attempts: opened for executors, and read from here by the rest of the lab while they
// are open.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LOG_START, type LogMark } from './chunk-index.js';
import type { AttemptId, LogChunks } from './log-chunks.repository.js';
import { LogWriter } from './log-writer.js';

/** Most bytes of a job in one answer, about; in base64 it stays far below what a message may hold. */
export const READ_BYTES_MAX = 256 * 1024;
/** Longest that an answer waits for something to be written, milliseconds. */
const WAIT_MS_MAX = 2_000;

const Count = z.int().nonnegative();

/** Asked of the worker that writes a log. */
export const LogQuestion = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('read'),
    jobId: z.string().max(100),
    number: Count,
    place: Count,
    bytes: Count.max(READ_BYTES_MAX),
    waitMs: Count.max(WAIT_MS_MAX),
  }),
  z.object({ kind: z.literal('marks'), jobId: z.string().max(100), number: Count }),
]);
export type LogQuestion = z.infer<typeof LogQuestion>;

const Place = z.object({ place: Count, stdout: Count, stdoutLines: Count, stderrLines: Count });
const Mark = z.object({ ...Place.shape, offset: Count, at: Count }) satisfies z.ZodType<LogMark>;

/** Null: this worker does not write that log, or does no more. */
export const LogAnswer = z.object({
  open: z
    .object({
      start: Place,
      end: Place,
      slice: z.object({ place: Count, stdout: Count, frames: z.base64() }).nullable(),
      marks: z.array(Mark).optional(),
    })
    .nullable(),
});
export type LogAnswer = z.infer<typeof LogAnswer>;

export interface JobLogsOptions {
  /** Where this machine's jobs have their folders; absolute. */
  readonly folder: string;
  readonly chunks: LogChunks;
  readonly bytesMax?: number;
  readonly chunkBytes?: number;
  /** Something was written to the log of this job, or it was closed. Called often. */
  readonly told?: (jobId: string) => void;
}

export class JobLogs {
  readonly #open = new Map<string, LogWriter>();

  constructor(private readonly options: JobLogsOptions) {}

  /**
   * Begins the log of an attempt, or goes on with what an earlier worker on this machine left of it. Close it before the attempt's
   * row is ended: what is not kept by then is lost.
   * @param isNew nobody has begun it before: what is kept of it need not be looked for
   */
  async open(attempt: AttemptId, { isNew } = { isNew: false }): Promise<LogWriter> {
    const { chunks, bytesMax, chunkBytes, told } = this.options;
    const writer = await LogWriter.open({
      folder: this.#folderOf(attempt),
      keeper: {
        end: async () => (isNew ? LOG_START : chunks.end(attempt)),
        keep: (path, account) => chunks.keep(attempt, path, account),
      },
      ...(bytesMax === undefined ? {} : { bytesMax }),
      ...(chunkBytes === undefined ? {} : { chunkBytes }),
      ...(told === undefined ? {} : { told: () => told(attempt.jobId) }),
      closed: () => this.#open.delete(keyOf(attempt)),
    });
    this.#open.set(keyOf(attempt), writer);
    return writer;
  }

  /** Keeps what a worker that is gone left on this machine's disk. Before the attempt's row is ended. */
  async recover(attempt: AttemptId): Promise<void> {
    const left = await readdir(this.#folderOf(attempt)).catch(() => []);
    if (left.length > 0) await (await this.open(attempt)).close();
  }

  /** To who asks over the bus. */
  async answer(question: LogQuestion): Promise<LogAnswer> {
    const writer = this.#open.get(keyOf(question));
    if (writer === undefined) return { open: null };
    if (question.kind === 'marks') {
      const { start, end } = await writer.read(writer.end, 0);
      return { open: { start, end, slice: null, marks: writer.marks() } };
    }
    await writer.arrival(question.place, question.waitMs);
    const { start, end, slice } = await writer.read(question.place, question.bytes);
    return {
      open: { start, end, slice: slice === undefined ? null : { ...slice, frames: slice.frames.toString('base64') } },
    };
  }

  #folderOf({ jobId, number }: AttemptId): string {
    return join(this.options.folder, jobId, `log-${number}`);
  }
}

const keyOf = ({ jobId, number }: AttemptId): string => `${jobId} ${number}`;
