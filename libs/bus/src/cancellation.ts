// Says once that nobody waits for an answer any more. Nearly every call ends without that, and an AbortSignal, an event target
// of its own, costs more than all else that is kept about a call: a real one is made only for who asks for it.
import { setMaxListeners } from 'node:events';

/** What the bus needs to know; an AbortSignal is one, too. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export class Cancellation implements CancelSignal {
  #listeners: Array<() => void> = [];
  #controller: AbortController | undefined;
  #aborted = false;
  #reason: unknown;

  get aborted(): boolean {
    return this.#aborted;
  }

  /** What `abort` was given, if anything. */
  get reason(): unknown {
    return this.#reason;
  }

  /** For a handler, or a library that wants one. Any number may listen to it: one signal serves all calls a handler makes. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      setMaxListeners(0, this.#controller.signal);
      if (this.#aborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** The first time tells everybody who listens, in order; after that nothing. */
  abort(reason?: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    for (const listener of this.#listeners.splice(0)) listener();
  }

  /** Each listener is told once, and not at all when it comes too late: look at `aborted` first. */
  addEventListener(_type: 'abort', listener: () => void): void {
    if (!this.#aborted) this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at !== -1) this.#listeners.splice(at, 1);
  }
}
