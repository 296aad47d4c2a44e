// A cache keeps its bound like any other, and is as large as what is in it.
import { LRUCache } from 'lru-cache';
import { describe, expect, it } from 'vitest';
import { boundedCache } from './bounded-cache.js';

describe('a bounded cache', () => {
  it('keeps what was used last', () => {
    const cache = boundedCache<number>(3);
    for (const [at, key] of ['a', 'b', 'c'].entries()) cache.set(key, at);
    cache.get('a');
    cache.set('d', 3);
    cache.set('d', 4);
    expect([...cache.keys()].toSorted()).toEqual(['a', 'c', 'd']);
    expect(cache.get('d')).toBe(4);
  });

  it('holds its bound under any use', () => {
    const cache = boundedCache<number>(50);
    for (let at = 0; at < 5_000; at++) {
      cache.set(`k${(at * 7) % 311}`, at);
      if (at % 3 === 0) cache.delete(`k${at % 311}`);
      if (at % 5 === 0) cache.get(`k${(at * 3) % 311}`);
      expect(cache.size).toBeLessThanOrEqual(50);
    }
    cache.clear();
    expect(cache.size).toBe(0);
  });

  it('forgets in time', async () => {
    const cache = boundedCache<true>(10, 30);
    cache.set('a', true);
    await expect.poll(() => cache.has('a')).toBe(false);
  });

  it('sets no room aside for what is not there', () => {
    const rooms = (cache: LRUCache<string, true>): number[] => {
      const { keyList, valList, next, prev, free } = LRUCache.unsafeExposeInternals(cache);
      return [keyList, valList, next, prev, free as ArrayLike<unknown>].map(({ length }) => length);
    };
    const cache = boundedCache<true>(100_000, 60_000);
    expect(rooms(cache)).toEqual([0, 0, 0, 0, 0]);
    for (const key of ['a', 'b', 'c']) cache.set(key, true);
    expect(Math.max(...rooms(cache))).toBeLessThan(10);
  });
});
