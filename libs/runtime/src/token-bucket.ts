// How many calls in a time: `burst` at once, then `perSecond`. Keeps one number, asks for no timer, never reads a clock itself.
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * A token bucket as a virtual schedule (GCRA): `#nextMs` is when the bucket will be full again.
 * In any stretch of `t` seconds it lets at most `burst + perSecond * t` through.
 */
export class TokenBucket {
  readonly #stepMs: number;
  readonly #slackMs: number;
  #nextMs = Number.NEGATIVE_INFINITY;

  constructor({ perSecond, burst }: Rate) {
    this.#stepMs = 1_000 / perSecond;
    // A thousandth of a token is forgiven: adding up rounds.
    this.#slackMs = (burst - 0.999) * this.#stepMs;
  }

  /** Milliseconds until the next token; 0 when there is one. Takes nothing. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#nextMs - this.#slackMs - nowMs);
  }

  /** Takes `count` tokens, there or not: what was spent elsewhere becomes a debt here. */
  take(nowMs: number, count = 1): void {
    this.#nextMs = Math.max(this.#nextMs, nowMs) + count * this.#stepMs;
  }
}
