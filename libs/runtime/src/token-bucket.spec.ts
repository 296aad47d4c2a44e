// The bucket's promise, whatever the order and timing of calls: never more than burst + rate * time.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.js';

const rates = fc.record({ perSecond: fc.integer({ min: 1, max: 1_000 }), burst: fc.integer({ min: 1, max: 500 }) });
/** Pauses between calls, milliseconds. */
const pauses = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 2_000, noNaN: true })), { maxLength: 600 });

/** When each call that was let through came. */
function accepted(rate: { perSecond: number; burst: number }, gaps: readonly number[]): number[] {
  const bucket = new TokenBucket(rate);
  const times: number[] = [];
  let nowMs = 1_000_000;
  for (const gap of gaps) {
    nowMs += gap;
    if (bucket.waitMs(nowMs) > 0) continue;
    bucket.take(nowMs);
    times.push(nowMs);
  }
  return times;
}

describe('TokenBucket', () => {
  it('never lets more than burst + rate * t through, in any stretch of time', () => {
    fc.assert(
      fc.property(rates, pauses, (rate, gaps) => {
        const times = accepted(rate, gaps);
        for (let from = 0; from < times.length; from += 7)
          for (let to = from; to < times.length; to += 5) {
            const seconds = ((times[to] ?? 0) - (times[from] ?? 0)) / 1_000;
            expect(to - from + 1).toBeLessThanOrEqual(rate.burst + rate.perSecond * seconds + 0.002);
          }
      }),
    );
  });

  it('lets the whole burst through after a pause, and then one each step', () => {
    fc.assert(
      fc.property(rates, (rate) => {
        expect(accepted(rate, Array<number>(rate.burst + 50).fill(0))).toHaveLength(rate.burst);
      }),
    );
  });

  it('says how long to wait: then there is a token, and not before', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 0, max: 1_000 }), (rate, elsewhere) => {
        const bucket = new TokenBucket(rate);
        bucket.take(0, rate.burst + elsewhere);
        const wait = bucket.waitMs(0);
        expect(wait).toBeCloseTo((1_000 / rate.perSecond) * (elsewhere + 0.999), 3);
        expect(bucket.waitMs(wait * 0.99)).toBeGreaterThan(0);
        expect(bucket.waitMs(wait + 1e-6)).toBe(0);
      }),
    );
  });
});
