// Rows of a SQLite file by one SELECT, in a thread of its own that is ended when it takes too long. The thread works on a copy: SQLite
// keeps a lock beside the file that it reads, which the end of a thread would leave there, and the folder may be read-only.

import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError } from '@labmesh/contracts';
import { checkRows, ROWS_MAX, type Row } from '../rows.js';
import { copyAllowed } from './allowed-files.js';

const WORKER_FILE = new URL('../../worker/sqlite-worker.mjs', import.meta.url);
const MEMORY_MAX_MB = 256;

interface Question {
  readonly file: string;
  readonly query: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Largest file, bytes: it is copied. */
const FILE_BYTES_MAX = 1_073_741_824;

/**
 * `file` as `allowedFile` gave it.
 * @throws AppError invalid_input for what is no SELECT or no SQLite file, conflict while somebody writes it, upstream_failed when it
 *   takes too long, too_large, cancelled
 */
export async function sqliteRows(question: Question): Promise<Row[]> {
  const { file } = question;
  for (const beside of ['-wal', '-journal']) {
    const size = await stat(`${file}${beside}`).then(
      (found) => found.size,
      () => 0,
    );
    if (size > 0)
      throw new AppError(
        'conflict',
        `Cannot read ${file}: ${beside.slice(1)} beside it has changes that are not in the file yet. Close the program that writes it, then try again.`,
      );
  }
  const folder = await mkdtemp(join(tmpdir(), 'labmesh-sqlite-'));
  try {
    const copy = join(folder, 'copy.sqlite');
    await copyAllowed(file, copy, FILE_BYTES_MAX);
    return await selected({ ...question, file: copy });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function selected({ file, query, timeoutMs, signal }: Question): Promise<Row[]> {
  const worker = new Worker(WORKER_FILE, {
    workerData: { file, query, rowsMax: ROWS_MAX },
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MAX_MB },
  });
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const reply = await new Promise<{ rows: unknown[] } | { refused: string }>((resolve, reject) => {
      const stop = (): void => reject(new Error('stopped'));
      for (const ended of [signal, timeout]) {
        if (ended.aborted) stop();
        ended.addEventListener('abort', stop, { once: true });
      }
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    if ('rows' in reply) return checkRows(reply.rows).rows;
    throw new AppError(
      'invalid_input',
      `Cannot read the database: ${reply.refused.slice(0, 300)}. The query must be one SELECT.`,
    );
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (signal.aborted) throw new AppError('cancelled', 'Gave up the query: the caller went away.', { cause: error });
    if (timeout.aborted)
      throw new AppError(
        'upstream_failed',
        `Cannot read the database: the query takes longer than ${timeoutMs} ms. Ask for less, or let its manifest allow more.`,
        { cause: error },
      );
    throw new AppError(
      'upstream_failed',
      'Cannot read the database: the query takes too much memory, or the file is broken.',
      { cause: error },
    );
  } finally {
    await worker.terminate();
  }
}
