// The envelope of protocol 2026-07-28: whether a request is well-formed around its arguments, as strictly as the SDK has it
// (unsure is no: the SDK then decides, and says what is wrong), and what stands around a result.

import type { IncomingMessage } from 'node:http';
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  isJsonContentType,
  isSpecType,
  LOG_LEVEL_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  SERVER_INFO_META_KEY,
} from '@modelcontextprotocol/server';
import { LRUCache } from 'lru-cache';
import type { EndpointIdentity } from '../endpoint-services.js';
import { isObject, isRequestId, MODERN_VERSION, type RequestId } from './json-rpc.js';

const MEMBERS = new Set(['jsonrpc', 'id', 'method', 'params']);
/** A client says the same about itself in every request: what was well-formed once is remembered by its text. */
const good = new LRUCache<string, true>({ max: 1_000 });
const REMEMBERED_CHARS_MAX = 2_000;

export interface ModernRequest {
  readonly id: RequestId;
  readonly params: Record<string, unknown>;
  readonly meta: Record<string, unknown>;
}

/** The request, when it is one of `method` and its headers and envelope are well-formed; the rest of `params` is not looked at. */
export function modernRequest(
  { headers }: Pick<IncomingMessage, 'headers'>,
  body: unknown,
  method: string,
): ModernRequest | undefined {
  if (!isObject(body) || body.method !== method || body.jsonrpc !== '2.0' || !isRequestId(body.id)) return undefined;
  const { id, params } = body;
  if (!isObject(params) || !isObject(params._meta)) return undefined;
  const meta = params._meta;
  if (!onlyRequestMembers(body) || !isClientMeta(meta)) return undefined;
  const agree =
    meta[PROTOCOL_VERSION_META_KEY] === MODERN_VERSION &&
    headers['mcp-protocol-version'] === MODERN_VERSION &&
    headers['mcp-method'] === method &&
    isJsonContentType(headers['content-type']);
  return agree ? { id, params, meta } : undefined;
}

/** True when the envelope has no member but its own. */
export function onlyRequestMembers(message: Record<string, unknown>): boolean {
  for (const member of Object.keys(message)) if (!MEMBERS.has(member)) return false;
  return true;
}

/** True when what `_meta` says of the client, and of the progress it wants, has the specified shape. */
export function isClientMeta(meta: Record<string, unknown>): boolean {
  const { progressToken } = meta;
  if (progressToken !== undefined && !isRequestId(progressToken)) return false;
  const capabilities = meta[CLIENT_CAPABILITIES_META_KEY];
  if (!isObject(capabilities)) return false;
  const info = meta[CLIENT_INFO_META_KEY];
  const level = meta[LOG_LEVEL_META_KEY];
  if (info === undefined && level === undefined && Object.keys(capabilities).length === 0) return true;
  // An object: what is absent must not read like null.
  const text = JSON.stringify({ capabilities, info, level });
  if (good.has(text)) return true;
  const fits =
    isSpecType.ClientCapabilities(capabilities) &&
    (info === undefined || isSpecType.Implementation(info)) &&
    (level === undefined || isSpecType.LoggingLevel(level));
  if (fits && text.length <= REMEMBERED_CHARS_MAX) good.set(text, true);
  return fits;
}

/** What comes before a result. */
export const messageHead = (id: RequestId): string => `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`;

const tails = new WeakMap<EndpointIdentity, string>();

/** What comes behind the last member of a result, in the place of its closing brace; `meta` is what the lab says beside its name. */
export function messageTail(identity: EndpointIdentity, meta: Readonly<Record<string, unknown>> = {}): string {
  let tail = tails.get(identity);
  if (tail === undefined) {
    const { name, title, version } = identity;
    const info = JSON.stringify({ name, title, version });
    tail = `"${SERVER_INFO_META_KEY}":${info}}}}`;
    tails.set(identity, tail);
  }
  const members = JSON.stringify(meta).slice(1, -1);
  return `,"resultType":"complete","_meta":{${members}${members === '' ? '' : ','}${tail}`;
}
