// JSON-RPC envelopes that this code writes itself; the SDK writes the rest.
import type { ServerResponse } from 'node:http';
import { type ErrorShape, failureOf } from '@labmesh/contracts';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';

/** Longest id or progress token, characters: it comes back in each message that belongs to it. */
const ID_CHARS_MAX = 1_000;

/** Ids and progress tokens alike. */
export const isRequestId = (value: unknown): value is RequestId =>
  typeof value === 'string' ? value.length <= ID_CHARS_MAX : Number.isSafeInteger(value);

/** The protocol without sessions; every other one that is spoken here has them. */
export const MODERN_VERSION = '2026-07-28';

export type RequestId = string | number;

/** Why a message is refused, and the id of the request where that could be read. */
export interface RpcFault {
  readonly code: number;
  readonly message: string;
  readonly data?: object;
  readonly id?: RequestId | null;
}

export const rpcError = ({ code, message, data, id = null }: RpcFault) =>
  ({ jsonrpc: '2.0', id, error: { code, message, data } }) as unknown as JSONRPCMessage;

/** A refusal as the lab says it everywhere, and as the JSON-RPC error that some clients show of it. */
export const rpcRefusal = (shape: ErrorShape): object => {
  const error = { code: -32000, message: shape.message, data: failureOf(shape) };
  return { jsonrpc: '2.0', id: null, error, ...shape };
};

export function sendRpcError(res: ServerResponse, status: number, fault: RpcFault): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(rpcError(fault)));
}

/** The id to answer a message by: null where it has none that would come back as it was. */
export const echoableId = (message: unknown): RequestId | null =>
  isObject(message) && isRequestId(message.id) ? message.id : null;

/** A request to open a session, whatever it says of its client. */
export const isInitialize = (message: unknown): boolean => isObject(message) && message.method === 'initialize';

/** What is wrong with the frame of a request or notification, in any era; undefined for what has a right one, or is neither. */
export function messageFault(message: unknown): RpcFault | undefined {
  if (!isObject(message) || typeof message.method !== 'string') return undefined;
  if ('id' in message && !isRequestId(message.id)) return { code: -32600, message: `Invalid Request: ${WRONG_ID}` };
  if ('params' in message && !isObject(message.params)) {
    const id = echoableId(message);
    return {
      code: -32602,
      message: `Invalid params for ${message.method.slice(0, 100)}: params must be an object, or left out`,
      id,
    };
  }
  return undefined;
}

/** What an id, or a progress token, must be. */
export const WRONG_ID = `an id must be an integer of at most ${Number.MAX_SAFE_INTEGER}, or a text of at most ${ID_CHARS_MAX} characters`;

/** The first value of a header that may have come more than once. */
export const headerOf = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

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
