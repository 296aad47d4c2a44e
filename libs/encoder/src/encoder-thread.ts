// A thread that encodes texts with one model, seen from the outside. Questions go before what waits for no one, and nobody waits
// longer than it says. It never blocks the caller's loop.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { AppError } from '@labmesh/contracts';
import { WordPiece, type WordPieceModel } from './word-piece.js';

/** How long closing waits for what the thread runs: a text takes some hundredths of a second. */
const CLOSE_MS = 5_000;
const WORKER_FILE = fileURLToPath(new URL('../worker/encoding-worker.mjs', import.meta.url));

/** A model as it is kept. */
export interface EncoderModel {
  readonly graph: Uint8Array;
  readonly tokenizer: WordPieceModel;
}

interface Task {
  readonly text: string;
  readonly resolve: (vector: Float32Array) => void;
  readonly reject: (reason: AppError) => void;
}

interface Reply {
  readonly ready?: true;
  readonly vector?: Float32Array;
  readonly problem?: string;
}

export class EncoderThread implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #pieces: WordPiece;
  readonly #questions: Task[] = [];
  readonly #others: Task[] = [];
  readonly #loaded: Promise<void>;
  #running: Task | undefined;
  #ended: string | undefined;

  /** @param file another thread's, for tests */
  constructor(model: EncoderModel, file = WORKER_FILE) {
    this.#pieces = new WordPiece(model.tokenizer);
    this.#worker = new Worker(file, { execArgv: [], name: 'encoder', workerData: { graph: model.graph } });
    this.#loaded = new Promise((resolve, reject) => {
      this.#worker.on('message', ({ ready, problem, vector }: Reply) => {
        if (ready === true) resolve();
        else if (vector === undefined && this.#running === undefined) this.#end(problem ?? 'it cannot load the model');
        else this.#answer(vector, problem);
      });
      this.#worker.on('exit', () => reject(gone(this.#ended ?? 'it ended')));
    });
    this.#loaded.then(
      () => this.#next(),
      () => undefined,
    );
    this.#worker.on('error', (error) => this.#end(error instanceof Error ? error.message : String(error)));
    this.#worker.on('exit', () => this.#end('it ended'));
    // It keeps no process alive by itself, only while a vector is awaited.
    this.#worker.unref();
  }

  /** @throws AppError unavailable when the model cannot be loaded */
  loaded(): Promise<void> {
    return this.#loaded;
  }

  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** Before all that waits for no one. @throws AppError unavailable; what the signal was aborted with */
  question(text: string, signal: AbortSignal): Promise<Float32Array> {
    return this.#asked(this.#questions, text, signal);
  }

  /** When no question waits. @throws AppError unavailable; what the signal was aborted with */
  passage(text: string, signal: AbortSignal): Promise<Float32Array> {
    return this.#asked(this.#others, text, signal);
  }

  /** Lets the thread finish the text that it has. Cut off in the middle of a run, onnxruntime aborts the whole process. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended !== undefined) return;
    this.#end('it was closed');
    this.#worker.ref();
    const exit = once(this.#worker, 'exit');
    this.#worker.postMessage({});
    await Promise.race([exit, once(AbortSignal.timeout(CLOSE_MS), 'abort')]);
    this.#worker.unref();
  }

  #asked(queue: Task[], text: string, signal: AbortSignal): Promise<Float32Array> {
    signal.throwIfAborted();
    if (this.#ended !== undefined) return Promise.reject(gone(this.#ended));
    return new Promise((resolve, reject) => {
      const abandoned = (): void => {
        const at = queue.indexOf(task);
        if (at !== -1) queue.splice(at, 1);
        this.#hold();
        reject(signal.reason);
      };
      const settled = (): void => signal.removeEventListener('abort', abandoned);
      const task: Task = {
        text,
        resolve: (vector) => {
          settled();
          resolve(vector);
        },
        reject: (reason) => {
          settled();
          reject(reason);
        },
      };
      signal.addEventListener('abort', abandoned, { once: true });
      queue.push(task);
      this.#hold();
      void this.#loaded.then(
        () => this.#next(),
        () => undefined,
      );
    });
  }

  #next(): void {
    if (this.#running !== undefined || this.#ended !== undefined) return;
    this.#running = this.#questions.shift() ?? this.#others.shift();
    if (this.#running !== undefined)
      this.#worker.postMessage({ ids: BigInt64Array.from(this.#pieces.ids(this.#running.text), BigInt) });
  }

  #answer(vector: Float32Array | undefined, problem: string | undefined): void {
    const task = this.#running;
    this.#running = undefined;
    if (vector !== undefined) task?.resolve(vector);
    else task?.reject(new AppError('internal', `The model could not be run: ${problem}`));
    this.#next();
    this.#hold();
  }

  #hold(): void {
    const awaited = this.#running !== undefined || this.#questions.length + this.#others.length > 0;
    if (awaited && this.#ended === undefined) this.#worker.ref();
    else this.#worker.unref();
  }

  #end(why: string): void {
    this.#ended ??= why;
    for (const { reject } of [this.#running, ...this.#questions.splice(0), ...this.#others.splice(0)].filter(
      (task) => task !== undefined,
    ))
      reject(gone(why));
    this.#running = undefined;
    this.#hold();
  }
}

const gone = (why: string): AppError => new AppError('unavailable', `The thread that encodes texts is gone: ${why}`);
