// Whether a request of protocol 2026-07-28 is well-formed around its arguments, as strictly as the SDK has it.
// Unsure is no: the SDK then decides, and says what is wrong.
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  isSpecType,
  LOG_LEVEL_META_KEY,
} from '@modelcontextprotocol/server';
import { LRUCache } from 'lru-cache';
import { isObject, type RequestId } from './json-rpc.js';

const MEMBERS = new Set(['jsonrpc', 'id', 'method', 'params']);
/** A client says the same about itself in every request: what was well-formed once is remembered by its text. */
const good = new LRUCache<string, true>({ max: 1_000 });
const REMEMBERED_CHARS_MAX = 2_000;

/** Ids and progress tokens alike. */
export const isRequestId = (value: unknown): value is RequestId =>
  typeof value === 'string' || Number.isSafeInteger(value);

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
