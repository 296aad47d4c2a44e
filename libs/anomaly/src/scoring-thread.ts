// A thread that runs models, seen from the outside: load once, then tensors in and out. It never blocks the caller's loop.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { AppError } from '@labmesh/contracts';
import type { Feed } from './encoding.js';

/** How long closing waits for what the thread runs: a run takes milliseconds, unless something is wrong with it. */
const CLOSE_MS = 5_000;
const WORKER_FILE = fileURLToPath(new URL('../worker/scoring-worker.mjs', import.meta.url));

export interface Outputs {
  readonly score: Float32Array;
  readonly shares: Float32Array;
  readonly surprise?: Float32Array;
}

interface Reply {
  readonly id: number;
  readonly answer?: Outputs;
  readonly problem?: string;
}

interface Waiting {
  readonly resolve: (outputs: Outputs) => void;
  readonly reject: (reason: AppError) => void;
}

interface Outgoing {
  readonly task: object;
  readonly handedOver: readonly ArrayBuffer[];
}

export class ScoringThread implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #outgoing: Outgoing[] = [];
  #ended: string | undefined;
  #last = 0;
  #busyMs = 0;

  /** @param file another thread's, for tests */
  constructor(file = WORKER_FILE) {
    this.#worker = new Worker(file, { execArgv: [], name: 'anomaly-scoring' });
    this.#worker.on('message', ({ replies, tookMs }: { replies: readonly Reply[]; tookMs: number }) => {
      this.#busyMs += tookMs;
      for (const reply of replies) this.#answer(reply);
    });
    this.#worker.on('error', (error) => this.#end(error instanceof Error ? error.message : String(error)));
    this.#worker.on('exit', () => this.#end('the thread ended'));
    // It keeps no process alive by itself, only while an answer is awaited.
    this.#worker.unref();
  }

  /** How long the thread has worked on what it answered, milliseconds. */
  get busyMs(): number {
    return this.#busyMs;
  }

  /** @throws AppError invalid_input when the bytes are no model that can be run */
  async load(model: string, bytes: Uint8Array): Promise<void> {
    try {
      await this.#ask({ model, bytes }, []);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new AppError('invalid_input', `The model ${model} cannot be loaded: ${why}`, { cause });
    }
  }

  /** The feeds are handed over: they must not be used afterwards. */
  run(model: string, feeds: readonly Feed[]): Promise<Outputs> {
    return this.#ask(
      { model, feeds },
      feeds.map(({ data }) => data.buffer),
    );
  }

  /**
   * Lets the thread finish what it runs. Cut off in the middle of a run, onnxruntime aborts the whole process: so a thread
   * that does not end in time is left alone.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended !== undefined) return;
    this.#ended = 'it was closed';
    this.#worker.ref();
    const exit = once(this.#worker, 'exit');
    this.#send();
    this.#worker.postMessage('close');
    const late = AbortSignal.timeout(CLOSE_MS);
    await Promise.race([exit, once(late, 'abort')]);
    this.#worker.unref();
  }

  #ask(task: object, handedOver: ArrayBuffer[]): Promise<Outputs> {
    if (this.#ended !== undefined) return Promise.reject(gone(this.#ended));
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      if (this.#waiting.size === 0) this.#worker.ref();
      this.#waiting.set(id, { resolve, reject });
      if (this.#outgoing.push({ task: { ...task, id }, handedOver }) === 1) queueMicrotask(() => this.#send());
    });
  }

  /** What was asked in one turn goes, and comes back, in one message: waking a thread costs as much as a small model. */
  #send(): void {
    const outgoing = this.#outgoing.splice(0);
    this.#worker.postMessage(
      outgoing.map(({ task }) => task),
      outgoing.flatMap(({ handedOver }) => handedOver),
    );
  }

  #answer({ id, answer, problem }: Reply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0 && this.#ended === undefined) this.#worker.unref();
    if (answer !== undefined) waiting?.resolve(answer);
    else waiting?.reject(new AppError('internal', `The model could not be run: ${problem}`));
  }

  #end(why: string): void {
    this.#ended ??= why;
    for (const { reject } of this.#waiting.values()) reject(gone(why));
    this.#waiting.clear();
  }
}

const gone = (why: string): AppError =>
  new AppError('unavailable', `The thread that scores is gone: ${why}. Calls go on without scores`);
