// One request until it is settled: deadline, cancellation, progress, result. Both transports feed it, so both behave alike.
import { setMaxListeners } from 'node:events';
import { toAppError } from '@labmesh/contracts';
import type { RequestOptions } from './bus.js';
import { cancelled, deadlineExceeded, noResult } from './rejections.js';

export interface CallHooks {
  /** Once, whatever the outcome. */
  settled(): void;
  /** The caller gave up before the answer: the handler should hear of it. */
  givenUp(): void;
}

export class PendingCall {
  readonly answer: Promise<unknown>;
  #resolve!: (value: unknown) => void;
  #reject!: (reason: unknown) => void;
  #open = true;
  #result: unknown;
  #hasResult = false;
  readonly #timer: NodeJS.Timeout;
  readonly #abort: (() => void) | undefined;

  constructor(
    readonly subject: string,
    readonly options: RequestOptions,
    private readonly hooks: CallHooks,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timer = setTimeout(() => this.#giveUp(deadlineExceeded(subject, options.timeoutMs)), options.timeoutMs);
    if (options.signal === undefined) return;
    this.#abort = () => this.#giveUp(cancelled(subject));
    // One signal serves all calls a handler makes; more than ten at once are no leak.
    if (options.signal instanceof AbortSignal) setMaxListeners(0, options.signal);
    options.signal.addEventListener('abort', this.#abort);
  }

  /** A value from the handler: the answer itself, or `{ progress }` and `{ result }` of a streaming handler. */
  receive(value: unknown): void {
    if (!this.#open) return;
    if (this.options.streaming !== true) {
      this.#settle();
      this.#resolve(value);
      return;
    }
    const chunk = (value ?? {}) as { progress?: unknown; result?: unknown };
    if (!('progress' in chunk)) {
      this.#result = chunk.result;
      this.#hasResult = true;
      return;
    }
    try {
      this.options.onProgress?.(chunk.progress);
    } catch (thrown) {
      this.#giveUp(toAppError(thrown));
    }
  }

  /** No more values will come. */
  complete(): void {
    if (!this.#open) return;
    if (this.options.streaming === true && !this.#hasResult) {
      this.fail(noResult(this.subject));
      return;
    }
    this.#settle();
    this.#resolve(this.#result);
  }

  /** The handler failed, or the request did not reach one. */
  fail(thrown: unknown): void {
    if (!this.#open) return;
    this.#settle();
    this.#reject(toAppError(thrown));
  }

  #giveUp(reason: Error): void {
    if (!this.#open) return;
    this.fail(reason);
    this.hooks.givenUp();
  }

  #settle(): void {
    this.#open = false;
    clearTimeout(this.#timer);
    if (this.#abort !== undefined) this.options.signal?.removeEventListener('abort', this.#abort);
    this.hooks.settled();
  }
}
