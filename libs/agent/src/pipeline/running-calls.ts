// Calls under way in this process, so that a cancel broadcast, or the end of the process, can end them.
import { type Cancellation, Slab } from '@labmesh/bus';
import { AppError } from '@labmesh/contracts';

interface Running {
  readonly callId: string;
  readonly abort: Cancellation;
}

export class RunningCalls {
  readonly #calls = new Slab<Running>();

  /** Returns what takes it out again, once. */
  add(callId: string, abort: Cancellation): () => void {
    const place = this.#calls.add({ callId, abort });
    return () => void this.#calls.remove(place);
  }

  /** Calls that handlers make have the id of the call they serve: there may be several. */
  cancel(callId: string): void {
    for (const call of this.#calls.values()) if (call.callId === callId) call.abort.abort();
  }

  /** Waits `boundMs` at most for calls to finish, then ends the rest as `unavailable`: another replica may take them. */
  async drain(boundMs: number): Promise<void> {
    for (const over = Date.now() + boundMs; this.#calls.size > 0 && Date.now() < over; )
      await new Promise((resolve) => setTimeout(resolve, 20));
    for (const { abort } of this.#calls.values())
      abort.abort(new AppError('unavailable', 'The agent is stopping: make the call again'));
  }
}
