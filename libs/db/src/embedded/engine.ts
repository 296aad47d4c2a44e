// The main thread's end of the embedded database: sends it requests in wire format, one after another.
// It must not look into them; who may send when is the sockets' matter.
import { Worker } from 'node:worker_threads';
import { AppError } from '@labmesh/contracts';

const WORKER_FILE = new URL('../../worker/pglite-worker.mjs', import.meta.url);

type WorkerMessage =
  | { readonly ready: true }
  | { readonly id: number; readonly reply: Uint8Array }
  | { readonly id: number; readonly error: string };

interface Waiting {
  readonly resolve: (reply: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

export class Engine {
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #broken: AppError | undefined;

  private constructor(private readonly worker: Worker) {
    worker.on('message', (message: WorkerMessage) => this.#receive(message));
    worker.on('error', (cause) => this.#break(cause));
    worker.on('exit', () => this.#break(new Error('its thread ended')));
  }

  /** Starts the engine on a folder whose parent exists, or in memory without one. Rejects with what PGlite says. */
  static start(folder?: string): Promise<Engine> {
    const worker = new Worker(WORKER_FILE, { workerData: { folder }, execArgv: [] });
    return new Promise((resolve, reject) => {
      worker.once('message', () => {
        worker.off('error', reject);
        resolve(new Engine(worker));
      });
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`its thread ended with code ${code}`)));
    });
  }

  /** One complete request (up to Query or Sync) for the whole reply. AppError `unavailable` once the engine is gone. */
  exchange(request: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    return this.#send({ request }, [request.buffer]);
  }

  /** Writes a checkpoint and ends the thread. */
  async close(): Promise<void> {
    if (!this.#broken) await this.#send({}, []);
    this.#broken ??= new AppError('unavailable', 'The embedded database is closed.');
    await this.worker.terminate();
  }

  #send(message: object, transfer: ArrayBuffer[]): Promise<Uint8Array> {
    if (this.#broken) return Promise.reject(this.#broken);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, ...message }, transfer);
    });
  }

  #receive(message: WorkerMessage): void {
    if ('ready' in message) return;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('error' in message) this.#break(new Error(message.error));
    if ('error' in message) waiting?.reject(this.#broken ?? new Error(message.error));
    else waiting?.resolve(message.reply);
  }

  /** SQL errors arrive as replies; what comes here is the engine's own death, and nothing after it can be trusted. */
  #break(cause: Error): void {
    this.#broken ??= new AppError('unavailable', `The embedded database stopped (${cause.message}). Restart the lab.`, {
      cause,
    });
    for (const waiting of this.#waiting.values()) waiting.reject(this.#broken);
    this.#waiting.clear();
  }
}
