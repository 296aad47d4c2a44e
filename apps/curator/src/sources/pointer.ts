// JSON Pointer (RFC 6901): the value at a place in a document.
import type { Json } from '../rows.js';

/** Undefined where there is nothing. */
export function valueAt(document: Json | undefined, pointer: string): Json | undefined {
  let at = document;
  for (const key of pointer.split('/').slice(1).map(unescaped)) {
    if (typeof at !== 'object' || at === null) return undefined;
    if (Array.isArray(at)) at = /^\d+$/.test(key) ? at[Number(key)] : undefined;
    else at = Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return at;
}

const unescaped = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~');
