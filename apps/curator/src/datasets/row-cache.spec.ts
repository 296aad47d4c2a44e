// The cache never holds more than its room, and forgets first what was unused longest.
import { describe, expect, it } from 'vitest';
import type { DatasetRecord } from './dataset.js';
import { RowCache } from './row-cache.js';

const record = (sha256: string, more: Partial<DatasetRecord> = {}): DatasetRecord =>
  ({ sha256, format: 'json', columns: null, ...more }) as DatasetRecord;
const rows = (weight: number) => ({ rows: [{ weight }], weight });

describe('the row cache', () => {
  it('drops what was unused longest', () => {
    const cache = new RowCache(10);
    cache.put(record('a'), rows(4));
    cache.put(record('b'), rows(4));
    cache.get(record('a'));
    cache.put(record('c'), rows(4));
    expect([cache.get(record('a')), cache.get(record('b')), cache.get(record('c'))]).toStrictEqual([
      [{ weight: 4 }],
      undefined,
      [{ weight: 4 }],
    ]);
  });

  it('keeps nothing that is too heavy alone, and counts a second put once', () => {
    const cache = new RowCache(10);
    cache.put(record('a'), rows(11));
    for (let n = 0; n < 5; n += 1) cache.put(record('b'), rows(6));
    cache.put(record('c'), rows(4));
    expect([cache.get(record('a')), cache.get(record('b')), cache.get(record('c'))]).toStrictEqual([
      undefined,
      [{ weight: 6 }],
      [{ weight: 4 }],
    ]);
  });

  it('does not confuse the same bytes read in two ways', () => {
    const cache = new RowCache(10);
    cache.put(record('a', { format: 'csv', columns: [] }), rows(1));
    expect(
      cache.get(
        record('a', { format: 'csv', columns: [{ name: 'x', type: 'string', absent: false, nullable: false }] }),
      ),
    ).toBeUndefined();
    expect(cache.get(record('a'))).toBeUndefined();
  });
});
