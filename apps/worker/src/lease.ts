// A worker's lease: renewed a few times before it is over. What could not be renewed is given up a while before its end, so that
// everything has ended by the time somebody else may begin it again. Then it enrolls anew.

export interface LeaseOptions {
  /** Begins a lease, and answers whose it is. */
  readonly enroll: () => Promise<string>;
  /** Renews it; false when it is over. */
  readonly beat: (workerId: string) => Promise<boolean>;
  /** Ends everything that runs under it; resolves when that is done. */
  readonly lost: () => Promise<unknown>;
  readonly leaseMs: () => number;
  /** How often it is renewed before it would be over. */
  readonly beats: number;
  readonly failed: (error: unknown) => void;
}

/** Until a beat that can wait, and that others may come to share. */
const SOON_MS = 100;
/** Given up when so much of it is left: time for everything to be ended. */
const MARGIN = 0.3;

export class Lease {
  #workerId: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #guard: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #again = false;
  #isSoon = false;
  #ended = false;
  #losing: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: LeaseOptions) {}

  /** Undefined while there is none. */
  get workerId(): string | undefined {
    return this.#workerId;
  }

  async begin(): Promise<void> {
    const from = performance.now();
    const leaseMs = this.options.leaseMs();
    this.#workerId = await this.options.enroll();
    this.#held(from + leaseMs);
    this.#later();
  }

  /** Something may be asked, or a shorter lease is right now. */
  beatNow(): void {
    if (this.#ended) return;
    if (this.#beating !== undefined) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#isSoon = false;
    this.#beating = this.#beat().finally(() => {
      this.#beating = undefined;
      if (this.#again) {
        this.#again = false;
        this.beatNow();
      } else this.#later();
    });
  }

  /** Within a moment: one beat for all who say so meanwhile. */
  beatSoon(): void {
    if (this.#ended || this.#isSoon) return;
    if (this.#beating !== undefined) {
      this.beatNow();
      return;
    }
    this.#isSoon = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.beatNow(), SOON_MS).unref();
  }

  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#guard);
    await this.#beating;
  }

  #later(): void {
    if (this.#ended) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.beatNow(), this.options.leaseMs() / this.options.beats).unref();
  }

  async #beat(): Promise<void> {
    const { beat, enroll, leaseMs, failed } = this.options;
    const from = performance.now();
    const forMs = leaseMs();
    try {
      if (this.#workerId === undefined) {
        await this.#losing;
        this.#workerId = await enroll();
        this.#held(from + forMs);
      } else if (await beat(this.#workerId)) this.#held(from + forMs);
      else this.#lose();
    } catch (error) {
      failed(error);
    }
  }

  /** The database's clock began it a little later than ours: so far it holds in any case. */
  #held(overAt: number): void {
    if (this.#ended || this.#workerId === undefined) return;
    clearTimeout(this.#guard);
    const marginMs = this.options.leaseMs() * MARGIN;
    this.#guard = setTimeout(() => this.#lose(), Math.max(0, overAt - performance.now() - marginMs)).unref();
  }

  #lose(): void {
    if (this.#workerId === undefined) return;
    clearTimeout(this.#guard);
    this.#workerId = undefined;
    this.#losing = this.options.lost();
    this.beatNow();
  }
}
