// Looks a project through without keeping its process from anything else: a small one here, by turns, a larger one in a thread of its
// own, of which there are few at a time.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { AppError } from '@labmesh/contracts';
import { type Asked, type Looked, lookThrough } from './look-through.js';
import type { Answered, Asking, LookedAt, Subject, Told } from './look-through-messages.js';
import type { LabFacts } from './rule.js';

/** As the build makes it, with all that it needs. */
const THREAD_FILE = fileURLToPath(new URL('../../../../dist/bundle/project-rules.js', import.meta.url));
/** What is looked through in a few milliseconds: to start a thread takes longer. */
const SMALL_BYTES = 64 * 1024;
const THREADS_MAX = 2;
const MEMORY_MAX_MB = 1_024;

const queue: Array<() => void> = [];
let running = 0;

/** As `lookThrough`. @throws AppError too_large when the thread runs out of memory; what the signal was aborted with */
export async function lookThroughElsewhere(subject: Subject, lab: LabFacts, asked: Asked = {}): Promise<Looked> {
  const bytes = subject.files.reduce((sum, file) => sum + file.bytes.byteLength, 0);
  if (bytes <= SMALL_BYTES || !existsSync(THREAD_FILE)) return lookThrough(subject, lab, asked);
  if (running >= THREADS_MAX) await new Promise<void>((resolve) => queue.push(resolve));
  else running += 1;
  try {
    asked.signal?.throwIfAborted();
    return await inThread(subject, lab, asked);
  } finally {
    // Whoever waits has the place.
    const next = queue.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

function inThread(subject: Subject, lab: LabFacts, { signal, ...asked }: Asked): Promise<Looked> {
  const { wallet, labUrl, walletState, answers } = lab;
  const knows = { wallet, labUrl, walletState: walletState !== undefined, answers: answers !== undefined };
  const workerData: LookedAt = { subject, asked, knows };
  const resourceLimits = { maxOldGenerationSizeMb: MEMORY_MAX_MB };
  const worker = new Worker(THREAD_FILE, { workerData, execArgv: [], resourceLimits, name: 'project-rules' });
  const abandoned = new AbortController();
  const looked = new Promise<Looked>((resolve, reject) => {
    worker.on('message', (told: Told) => {
      if (told.kind === 'looked') resolve(told.looked);
      else if (told.kind === 'failed') reject(new AppError(told.failure.code, told.failure.message));
      else void answered(told, lab).then((answer) => worker.postMessage(answer));
    });
    worker.on('error', (error: NodeJS.ErrnoException) => reject(ofThread(error)));
    worker.on('exit', () => reject(ofThread(new Error('it ended'))));
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true, signal: abandoned.signal });
  });
  return looked.finally(() => {
    abandoned.abort();
    return worker.terminate();
  });
}

async function answered({ id, what, value }: Asking, { walletState, answers }: LabFacts): Promise<Answered> {
  try {
    return { id, answer: await (what === 'walletState' ? walletState?.(value) : answers?.(value)) };
  } catch (error) {
    const failure = error instanceof AppError ? error : new AppError('internal', String(error));
    return { id, failure: { code: failure.code, message: failure.message } };
  }
}

const ofThread = (cause: NodeJS.ErrnoException): AppError =>
  cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? new AppError(
        'too_large',
        'Cannot look the project through: it takes more memory than a check may have. Name large files in .labmeshignore.',
        { cause },
      )
    : new AppError(
        'unavailable',
        `Cannot look the project through: the thread that does failed (${cause.message}). Try again.`,
        { cause },
      );
