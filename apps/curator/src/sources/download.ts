// Fetches one file from an allowed host, for who gives its address. How, and how bounded, exchange.ts says.

import type { Resolve } from './addresses.js';
import { type AllowedHost, allowedBy } from './allow-list.js';
import { streamed } from './exchange.js';

export interface DownloadLimits {
  readonly allow: readonly AllowedHost[];
  /** For the body as sent, and once more unpacked. */
  readonly bytesMax: number;
  /** For its beginning, and for each pause in it. */
  readonly timeoutMs: number;
  readonly resolve?: Resolve;
}

export interface Download<T> {
  readonly taken: T;
  /** Where it came from after all redirects. */
  readonly url: URL;
}

/**
 * Gives the body behind an address to `take` as it comes, and answers what that makes of it and where it came from after all
 * redirects. `signal` is the caller's.
 * @throws AppError forbidden for a host or address that is not allowed, too_large, cancelled, invalid_input for another scheme,
 *   upstream_failed for any answer but a whole 200 in time; and what `take` throws.
 */
export async function download<T>(
  address: string,
  limits: DownloadLimits & { readonly signal: AbortSignal },
  take: (body: AsyncIterable<Buffer>) => Promise<T>,
): Promise<Download<T>> {
  const { allow, ...bounds } = limits;
  const admit = (url: URL) => {
    allowedBy(url, allow);
    return 'named' as const;
  };
  const accepts = (status: number): boolean => status === 200;
  return streamed({ url: new URL(address) }, { ...bounds, admit, accepts }, async (body, url) => ({
    taken: await take(body),
    url,
  }));
}
