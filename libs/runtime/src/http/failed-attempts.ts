// How often one address may fail to say who it is. Bounded memory; an address that behaves is not remembered.

import { AppError, errorShape } from '@labmesh/contracts';
import { boundedCache } from '../bounded-cache.js';
import { TokenBucket } from '../token-bucket.js';

const ADDRESSES_MAX = 10_000;

export class FailedAttempts {
  readonly #addresses = boundedCache<TokenBucket>(ADDRESSES_MAX);

  constructor(
    /** Failures of one address a minute; 0 means any number. */
    private readonly perMinute: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Why this address may not try now; undefined when it may. */
  refusal(address: string | undefined): AppError | undefined {
    const waitMs = this.#addresses.get(networkOf(address))?.waitMs(this.now()) ?? 0;
    if (waitMs === 0) return undefined;
    const retryAfterMs = Math.ceil(waitMs);
    return new AppError(
      'rate_limited',
      `Too many failed attempts from this address: come back in ${Math.ceil(retryAfterMs / 1_000)} s with a valid token`,
      { details: { retryAfterMs, limit: 'authentication' } },
    );
  }

  /**
   * Makes an attempt to say who asks, and counts it when that fails.
   * @throws AppError rate_limited, for an address that may not try now; else what the attempt throws
   */
  async attempt<T>(address: string | undefined, attempt: () => Promise<T>): Promise<T> {
    const refusal = this.refusal(address);
    if (refusal !== undefined) throw refusal;
    try {
      return await attempt();
    } catch (error) {
      if (errorShape(error).code === 'unauthenticated') this.failed(address);
      throw error;
    }
  }

  failed(address: string | undefined): void {
    if (this.perMinute === 0) return;
    const network = networkOf(address);
    let bucket = this.#addresses.get(network);
    if (bucket === undefined) {
      bucket = new TokenBucket({ perSecond: this.perMinute / 60, burst: this.perMinute });
      this.#addresses.set(network, bucket);
    }
    bucket.take(this.now());
  }
}

/** Whoever has one IPv6 address has 2^64 of them: the first half names the network. */
export function networkOf(address = ''): string {
  if (!address.includes(':')) return address;
  if (address.startsWith('::ffff:') && address.includes('.')) return address.slice('::ffff:'.length);
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
