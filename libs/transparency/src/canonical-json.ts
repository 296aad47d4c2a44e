// One hash per JSON value, whatever the order of its keys: so the audit log can name data without holding it.
import { hash } from 'node:crypto';

/** JSON with object keys sorted by UTF-16 code units and no spaces, as RFC 8785 (JCS) orders them. */
export function canonicalJson(value: unknown): string {
  return isCanonical(value) ? (JSON.stringify(value) ?? 'null') : new Writer().json(value);
}

/** Whether plain JSON of it is canonical already: what is written often is made in that order, and costs a third then. */
function isCanonical(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return true;
  if (Array.isArray(value)) return value.every((item) => isCanonical(item));
  if ('toJSON' in value) return false;
  let before = '';
  for (const key of Object.keys(value)) {
    if (key < before || !isCanonical((value as Record<string, unknown>)[key])) return false;
    before = key;
  }
  return true;
}

/** Longest text that is looked at for whether it needs an escape: beyond it, JSON.stringify costs no more. */
const SHORT = 64;
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** The keys of an object as they came, in their order, and as they are written. */
interface Shape {
  readonly keys: readonly string[];
  readonly sorted: readonly string[];
  readonly heads: readonly string[];
}

/** Rows of a table have the same keys: each depth remembers its last. Loops, since a page has ten thousands of values. */
class Writer {
  readonly #shapes: Shape[] = [];

  json(value: unknown, depth = 0): string {
    switch (typeof value) {
      case 'string':
        return value.length <= SHORT && PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
      case 'number':
        return Number.isFinite(value) ? `${value}` : 'null';
      case 'object':
        if (value === null) return 'null';
        return Array.isArray(value) ? this.#list(value, depth) : this.#object(value as Record<string, unknown>, depth);
      default:
        return JSON.stringify(value) ?? 'null';
    }
  }

  #list(items: readonly unknown[], depth: number): string {
    const columns = columnsOf(items);
    if (columns !== undefined) return JSON.stringify(items, columns);
    let json = '';
    for (let at = 0; at < items.length; at += 1) {
      if (at > 0) json += ',';
      json += this.json(items[at] ?? null, depth + 1);
    }
    return `[${json}]`;
  }

  #object(value: Record<string, unknown>, depth: number): string {
    const { sorted, heads } = this.#shapeOf(Object.keys(value), depth);
    let json = '';
    for (let at = 0; at < sorted.length; at += 1) {
      const item = value[sorted[at] as string];
      if (item === undefined) continue;
      json += json === '' ? heads[at] : `,${heads[at]}`;
      json += this.json(item, depth + 1);
    }
    return `{${json}}`;
  }

  #shapeOf(keys: readonly string[], depth: number): Shape {
    const before = this.#shapes[depth];
    if (before !== undefined && areSame(before.keys, keys)) return before;
    const sorted = keys.toSorted();
    const shape = { keys, sorted, heads: sorted.map((key) => `${JSON.stringify(key)}:`) };
    this.#shapes[depth] = shape;
    return shape;
  }
}

/**
 * The sorted keys of a table's rows: objects of the same keys, with plain values alone. JSON.stringify writes the keys that it is
 * given in their order, and rows in half the time, but at every depth the same ones.
 */
function columnsOf(items: readonly unknown[]): string[] | undefined {
  const [first] = items;
  if (items.length < 2 || !isPlain(first)) return undefined;
  const keys = Object.keys(first);
  for (const item of items) {
    if (!isPlain(item) || !areSame(keys, Object.keys(item))) return undefined;
    for (const key of keys) if (typeof item[key] === 'object' && item[key] !== null) return undefined;
  }
  return keys.toSorted();
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !('toJSON' in value);

function areSame(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}

/** SHA-256 of the canonical JSON, hex. */
export const canonicalHash = (value: unknown): string => hash('sha256', canonicalJson(value), 'hex');
