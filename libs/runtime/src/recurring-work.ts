// Does one thing again and again while a process serves: never twice at once, and a stop waits for the turn under way.

/** Begin it with `begin`, end it with `stop`; what fails is told to `failed` and tried again at the next turn. */
export class RecurringWork {
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly work: () => Promise<unknown>,
    private readonly restMs: number,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** The first turn comes after `afterMs`, each other one `restMs` after the one before has ended. */
  begin(afterMs: number = this.restMs): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#turn = this.work()
        .catch(this.failed)
        .finally(() => this.begin());
    }, afterMs).unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#turn;
  }
}
