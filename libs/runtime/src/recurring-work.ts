// Does one thing again and again while a process serves: never twice at once, and a stop waits for the turn under way.

/** Begin it with `begin`, end it with `stop`; what fails is told to `failed` and tried again at the next turn. */
export class RecurringWork {
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #turn: Promise<unknown> = Promise.resolve();
  #isUnder = false;
  /** What was asked for during the turn under way. */
  #askedMs = Number.POSITIVE_INFINITY;
  #stopped = false;

  constructor(
    private readonly work: () => Promise<unknown>,
    /** A number, or what says it anew before each rest. For ever: until somebody says `within`. */
    private readonly restMs: number | (() => number),
    private readonly failed: (error: unknown) => void,
  ) {}

  /** The first turn comes after `afterMs`, each other one `restMs` after the one before has ended. */
  begin(afterMs = this.#restMs()): void {
    this.within(afterMs);
  }

  /** The next turn comes within so long, at once for none; one that is due sooner stays. During a turn: so long after its end. */
  within(ms: number): void {
    if (this.#isUnder) this.#askedMs = Math.min(this.#askedMs, ms);
    const at = performance.now() + ms;
    if (this.#stopped || this.#isUnder || at >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = at;
    if (ms <= 0) this.#begin();
    else this.#timer = setTimeout(() => this.#begin(), ms).unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#turn;
  }

  #begin(): void {
    this.#isUnder = true;
    this.#turn = this.work()
      .catch(this.failed)
      .finally(() => {
        const askedMs = this.#askedMs;
        this.#isUnder = false;
        this.#askedMs = this.#dueAt = Number.POSITIVE_INFINITY;
        this.within(Math.min(askedMs, this.#restMs()));
      });
  }

  #restMs(): number {
    return typeof this.restMs === 'number' ? this.restMs : this.restMs();
  }
}

/** About as long: what replicas do by the clock must not come to all of them at once. */
export const outOfStep = (ms: number): number => ms * (0.9 + Math.random() / 5);
