// Fetches one file from an allowed host, for who gives its address. How, and how bounded, exchange.ts says.

import type { Resolve } from './addresses.js';
import { type AllowedHost, allowedBy } from './allow-list.js';
import { exchange } from './exchange.js';

export interface DownloadLimits {
  readonly allow: readonly AllowedHost[];
  /** For the body as sent, and once more unpacked. */
  readonly bytesMax: number;
  readonly timeoutMs: number;
  readonly resolve?: Resolve;
}

export interface Download {
  readonly bytes: Buffer;
  /** Where it came from after all redirects. */
  readonly url: URL;
}

/**
 * The body behind an address. `signal` is the caller's.
 * @throws AppError forbidden for a host or address that is not allowed, too_large, cancelled, invalid_input for another scheme,
 *   upstream_failed for any answer but a whole 200 in time.
 */
export async function download(address: string, limits: DownloadLimits, signal: AbortSignal): Promise<Download> {
  const { allow, ...bounds } = limits;
  const admit = (url: URL) => {
    allowedBy(url, allow);
    return 'named' as const;
  };
  const accepts = (status: number): boolean => status === 200;
  const { bytes, url } = await exchange({ url: new URL(address) }, { ...bounds, admit, accepts }, signal);
  return { bytes, url };
}
