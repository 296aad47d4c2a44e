// One hash per JSON value, whatever the order of its keys: so the audit log can name data without holding it.
import { hash } from 'node:crypto';

/** JSON with object keys sorted by UTF-16 code units and no spaces, as RFC 8785 (JCS) orders them. */
export function canonicalJson(value: unknown): string {
  return isCanonical(value) ? (JSON.stringify(value) ?? 'null') : sortedJson(value);
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

function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => sortedJson(item ?? null)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${sortedJson(item)}`);
  return `{${entries.join(',')}}`;
}

/** SHA-256 of the canonical JSON, hex. */
export const canonicalHash = (value: unknown): string => hash('sha256', canonicalJson(value), 'hex');
