// What one wallet, or one wallet with one tool, has spent and has under way, here and as far as heard elsewhere.
import { type Rate, TokenBucket } from '@labmesh/runtime';

export interface Allowance {
  /** Left out: as often as one likes. */
  readonly rate?: Rate | undefined;
  /** Most at the same time; 0 means any number. */
  readonly concurrent: number;
}

/** Why a call may not start. */
export interface Shortage {
  readonly limit: 'rate' | 'concurrency';
  readonly retryAfterMs: number;
  /** True when it may do less than others: the wallet is throttled. */
  readonly slowed?: boolean;
}

/** When a place becomes free is not known: soon enough to ask again. */
const BUSY_RETRY_MS = 1_000;

export class Account {
  /** Calls under way in this process. */
  busy = 0;
  /** Calls under way in other replicas, as they last told. */
  busyElsewhere = 0;
  /** Spent here since it was last told to the others. */
  untold = 0;
  streams = 0;
  /** What the wallet may do with single tools, by the tool's name; only of tools with an allowance of their own. */
  readonly tools = new Map<string, Account>();
  readonly #bucket: TokenBucket | undefined;
  /** While the wallet is throttled; it counts beside the other, so that both ends are seamless. */
  #slow: { readonly bucket: TokenBucket; readonly rate: Rate } | undefined;

  constructor(
    readonly key: string,
    readonly allowance: Allowance,
  ) {
    this.#bucket = allowance.rate === undefined ? undefined : new TokenBucket(allowance.rate);
  }

  /** A lower rate for a while; undefined ends it. The same one again changes nothing. */
  slowDown(rate: Rate | undefined): void {
    if (rate !== undefined && this.#slow?.rate.perSecond === rate.perSecond) return;
    this.#slow = rate && { bucket: new TokenBucket(rate), rate };
  }

  /** Undefined when a call may start now. Takes nothing. */
  shortage(nowMs: number): Shortage | undefined {
    const { concurrent } = this.allowance;
    if (concurrent > 0 && this.busy + this.busyElsewhere >= concurrent)
      return { limit: 'concurrency', retryAfterMs: BUSY_RETRY_MS };
    const slowMs = this.#slow?.bucket.waitMs(nowMs) ?? 0;
    if (slowMs > 0) return { limit: 'rate', retryAfterMs: Math.ceil(slowMs), slowed: true };
    const retryAfterMs = this.#bucket?.waitMs(nowMs) ?? 0;
    return retryAfterMs > 0 ? { limit: 'rate', retryAfterMs: Math.ceil(retryAfterMs) } : undefined;
  }

  spend(nowMs: number): void {
    this.#bucket?.take(nowMs);
    this.#slow?.bucket.take(nowMs);
    this.untold += 1;
  }

  /** Counts in what another replica let through. */
  spentElsewhere(nowMs: number, count: number): void {
    this.#bucket?.take(nowMs, count);
    this.#slow?.bucket.take(nowMs, count);
  }
}
