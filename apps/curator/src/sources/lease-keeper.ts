// Keeps a lease while work goes on, and says when it was lost: then the work must stop.
export class LeaseKeeper {
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;

  /** `renew` answers false when another has the lease. */
  constructor(renew: () => Promise<boolean>, everyMs: number) {
    this.#timer = setInterval(() => {
      renew().then(
        (kept) => {
          if (!kept) this.#lost.abort(new Error('the lease went to another'));
        },
        // The database is away: whatever is stored next will say so.
        () => undefined,
      );
    }, everyMs);
    this.#timer.unref();
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
