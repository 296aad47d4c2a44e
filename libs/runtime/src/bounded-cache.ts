// Caches with a bound that is rarely reached: they take memory for what is in them, where lru-cache's own `max` sets room aside for
// all that could be, some hundred bytes an entry, which every collection then looks through.
import { LRUCache } from 'lru-cache';

const one = (): number => 1;

/**
 * Keeps so many values at most, those used last.
 * @param max entries
 * @param ttlMs how long one is kept, milliseconds; for as long as there is room when left out
 */
export const boundedCache = <V extends NonNullable<unknown>>(max: number, ttlMs?: number): LRUCache<string, V> =>
  new LRUCache<string, V>({
    maxSize: max,
    sizeCalculation: one,
    ...(ttlMs === undefined ? {} : { ttl: ttlMs }),
  });
