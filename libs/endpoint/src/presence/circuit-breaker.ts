// Stops asking what does not answer, and lets one call through now and then to see whether it does again. Never waits, never retries.
export type CircuitState = 'closed' | 'half_open' | 'open';

/** Opens after so many failures in a row… */
const FAILURES_MAX = 5;
/** …when the first of them is not longer ago than this. */
const WINDOW_MS = 60_000;
/** How long it stays open before it lets a probe through; twice as long after every probe that fails, up to the limit. */
const OPEN_MS = 1_000;
const OPEN_MAX_MS = 8_000;

/** What a call that was let through must tell in the end, once. */
export interface Admission {
  answered(): void;
  unanswered(): void;
}

export class CircuitBreaker {
  #failedAt: number[] = [];
  #openMs = OPEN_MS;
  /** When the next probe may go; undefined while closed. */
  #probeAt: number | undefined;
  #probe: object | undefined;

  /** @param now milliseconds that only ever rise */
  constructor(private readonly now: () => number = () => performance.now()) {}

  get state(): CircuitState {
    if (this.#probeAt === undefined) return 'closed';
    return this.#probe !== undefined || this.now() >= this.#probeAt ? 'half_open' : 'open';
  }

  /** undefined when the call must not be made. A probe that never ends keeps the next one waiting for one period only. */
  admit(): Admission | undefined {
    const call = {};
    if (this.#probeAt !== undefined) {
      if (this.now() < this.#probeAt) return undefined;
      this.#probe = call;
      this.#probeAt = this.now() + this.#openMs;
    }
    return { answered: () => this.#close(), unanswered: () => this.#failed(call) };
  }

  /** Something says that it may answer again: the next call is let through as a probe. */
  expectAnswer(): void {
    if (this.#probeAt === undefined) this.#failedAt = [];
    else {
      this.#probeAt = this.now();
      this.#openMs = OPEN_MS;
    }
  }

  #close(): void {
    if (this.#probeAt === undefined && this.#failedAt.length === 0) return;
    this.#failedAt = [];
    this.#probeAt = undefined;
    this.#probe = undefined;
    this.#openMs = OPEN_MS;
  }

  #failed(call: object): void {
    const now = this.now();
    if (this.#probeAt !== undefined) {
      // Calls from before it opened fail late and say nothing new.
      if (this.#probe !== call) return;
      this.#probe = undefined;
      this.#openMs = Math.min(this.#openMs * 2, OPEN_MAX_MS);
      this.#probeAt = now + this.#openMs;
      return;
    }
    this.#failedAt = [...this.#failedAt, now].slice(-FAILURES_MAX);
    const first = this.#failedAt[0] ?? now;
    if (this.#failedAt.length < FAILURES_MAX || now - first > WINDOW_MS) return;
    this.#failedAt = [];
    this.#probeAt = now + this.#openMs;
  }
}
