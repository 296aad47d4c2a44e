// JSON-RPC envelopes that this code writes itself; the SDK writes the rest.
import type { ServerResponse } from 'node:http';

export type RequestId = string | number;

export function sendRpcError(res: ServerResponse, status: number, code: number, message: string): void {
  res
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message } }));
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Deepest JSON accepted: far beyond any real message, far below what exhausts a stack. */
const DEPTH_MAX = 128;

/** True when brackets nest deeper than allowed. One pass over the text, strings skipped; most texts have too few brackets for that. */
export function tooDeep(text: string): boolean {
  if (!hasMore(text, DEPTH_MAX)) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === 34) at = endOfString(text, at);
    else if (char === 123 || char === 91) {
      if (++depth > DEPTH_MAX) return true;
    } else if (char === 125 || char === 93) depth--;
  }
  return false;
}

/** True when the text has more than `most` opening brackets, those in strings with them. Searching is faster than reading. */
function hasMore(text: string, most: number): boolean {
  let left = most;
  for (const bracket of ['{', '['])
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) if (--left < 0) return true;
  return false;
}

/** Index of the quote that closes the string opened at `from`. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}
