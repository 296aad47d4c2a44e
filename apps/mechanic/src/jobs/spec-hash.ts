// SHA-256 of what somebody asked for, in whatever order its names were written: the same submission must ask for the same.
import { createHash } from 'node:crypto';

export const specHash = (asked: object): Buffer =>
  createHash('sha256')
    .update(JSON.stringify(sorted(asked)))
    .digest();

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  );
}
