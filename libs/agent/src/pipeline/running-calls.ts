// Calls under way in this process, so that a cancel broadcast, or the end of the process, can end them.
import type { Cancellation } from '@labmesh/bus';
import { AppError } from '@labmesh/contracts';

export class RunningCalls {
  readonly #calls = new Map<string, Set<Cancellation>>();

  add(callId: string, abort: Cancellation): () => void {
    const calls = this.#calls.get(callId) ?? new Set();
    calls.add(abort);
    this.#calls.set(callId, calls);
    return () => {
      calls.delete(abort);
      if (calls.size === 0 && this.#calls.get(callId) === calls) this.#calls.delete(callId);
    };
  }

  cancel(callId: string): void {
    for (const abort of this.#calls.get(callId) ?? []) abort.abort();
  }

  /** Waits `boundMs` at most for calls to finish, then ends the rest as `unavailable`: another replica may take them. */
  async drain(boundMs: number): Promise<void> {
    for (const over = Date.now() + boundMs; this.#calls.size > 0 && Date.now() < over; )
      await new Promise((resolve) => setTimeout(resolve, 20));
    for (const calls of this.#calls.values())
      for (const abort of calls) abort.abort(new AppError('unavailable', 'The agent is stopping: make the call again'));
  }
}
