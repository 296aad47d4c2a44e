// YAML 1.2, core schema: one document, a list of mappings. No tags of one's own, no merge keys, few aliases.
// The work is done in a thread (worker/yaml-worker.mjs); a document that takes too long or too much memory ends only that thread.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AppError } from '@labmesh/contracts';
import { numberFromText, tooPrecise } from '../numbers.js';
import type { Row } from '../rows.js';
import { decodeUtf8, encodeUtf8, unreadable } from './text.js';

const WORKER_FILE = new URL('../../worker/yaml-worker.mjs', import.meta.url);
const TIME_MAX_MS = 20_000;
const MEMORY_MAX_MB = 512;
/** After a text longer than this the thread ends, so that its memory is free again. */
const KEPT_LENGTH_MAX = 256 * 1024;

type Task = { readonly text: string } | { readonly rows: readonly Row[] };
type Reply = { readonly answer: unknown; readonly floats?: readonly Float[] } | { readonly refused: string };
/** A number as it is written. */
type Float = { readonly source: string; readonly line: number };

let worker: Worker | undefined;
let last: Promise<unknown> = Promise.resolve();

/** @throws AppError invalid_input when the bytes are no such YAML. Integers come as bigint. */
export async function readYaml(bytes: Uint8Array): Promise<unknown> {
  const reply = await inTurn({ text: decodeUtf8(bytes, 'yaml') });
  if ('answer' in reply) {
    reply.floats?.forEach(refuseRounding);
    return reply.answer;
  }
  throw unreadable('yaml', (reply.refused.split('\n', 1)[0] ?? '').slice(0, 200));
}

/** YAML writes +1.5, .5 and 1. as well, which JSON does not. */
function refuseRounding({ source, line }: Float): void {
  const asJson = source
    .replace(/^\+/, '')
    .replace(/^(-?)0*(?=\d)/, '$1')
    .replace(/^(-?)\./, '$10.')
    .replace(/\.(?!\d)/, '');
  if (numberFromText(asJson) === undefined) throw unreadable('yaml', `a value in line ${line} ${tooPrecise(source)}`);
}

export async function writeYaml(rows: readonly Row[]): Promise<Buffer> {
  const reply = await inTurn({ rows });
  if ('answer' in reply && typeof reply.answer === 'string') return encodeUtf8(reply.answer);
  throw new Error(`YAML could not be written: ${JSON.stringify(reply)}`);
}

/** Ends the thread after the task at work; the next task starts another. */
export async function closeYaml(): Promise<void> {
  const closing = last.then(endThread);
  last = closing.catch(() => undefined);
  await closing;
}

async function endThread(): Promise<void> {
  const ended = worker;
  worker = undefined;
  await ended?.terminate();
}

/** One task at a time, so that the time limit is each task's own. */
function inTurn(task: Task): Promise<Reply> {
  const turn = last.then(() => run(task));
  last = turn.catch(() => undefined);
  return turn;
}

async function run(task: Task): Promise<Reply> {
  worker ??= startThread();
  const thread = worker;
  // Only while it works does the thread keep the process alive.
  thread.ref();
  const limit = AbortSignal.timeout(TIME_MAX_MS);
  try {
    thread.postMessage(task);
    const [reply] = (await once(thread, 'message', { signal: limit })) as [Reply];
    if (lengthOf(task, reply) > KEPT_LENGTH_MAX) await endThread();
    return reply;
  } catch (cause) {
    await endThread();
    if (limit.aborted) throw tooMuch(`longer than ${TIME_MAX_MS} ms`, cause);
    throw isOutOfMemory(cause) ? tooMuch('too much memory', cause) : cause;
  } finally {
    thread.unref();
  }
}

function lengthOf(task: Task, reply: Reply): number {
  if ('text' in task) return task.text.length;
  return 'answer' in reply && typeof reply.answer === 'string' ? reply.answer.length : 0;
}

function startThread(): Worker {
  const thread = new Worker(WORKER_FILE, { resourceLimits: { maxOldGenerationSizeMb: MEMORY_MAX_MB } });
  // A thread that fails is heard where it works; between two tasks it is only replaced.
  thread.on('error', () => undefined);
  thread.once('exit', () => {
    if (worker === thread) worker = undefined;
  });
  return thread;
}

const isOutOfMemory = (cause: unknown): boolean =>
  (cause as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY';

const tooMuch = (what: string, cause: unknown): AppError =>
  new AppError('too_large', `Cannot read or write this YAML: it takes ${what}. Use json, or split it.`, { cause });
