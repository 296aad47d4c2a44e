// Percentiles of the last minutes: close to the exact ones, of these minutes alone, and the same however many replicas tell them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentile, RecentCalls, sumOfRanges } from './recent-calls.js';

describe('recent calls', () => {
  it('tell percentiles to within 5 %', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.0002, max: 300, noNaN: true }), { minLength: 1 }), (seconds) => {
        const recent = new RecentCalls(() => 0);
        for (const took of seconds) recent.add('demo', 'ok', took);
        const [{ ranges } = { ranges: [] }] = recent.figures();
        const sorted = [...seconds].sort((one, other) => one - other);
        for (const share of [0.5, 0.95, 0.99]) {
          const exact = (sorted[Math.ceil(sorted.length * share) - 1] ?? 0) * 1_000;
          expect(Math.abs((percentile(ranges, share) ?? 0) / exact - 1)).toBeLessThan(0.05);
        }
      }),
    );
  });

  it('forget what is older than five minutes, and nothing before', () => {
    let now = 0;
    const recent = new RecentCalls(() => now);
    recent.add('demo', 'internal', 1);
    now = 4 * 60_000 + 59_999;
    recent.add('demo', 'forbidden', 1);
    expect(recent.figures()).toMatchObject([{ name: 'demo', calls: 2, failed: 1 }]);
    now = 5 * 60_000;
    expect(recent.figures()).toMatchObject([{ calls: 1, failed: 0 }]);
    now = 60 * 60_000;
    expect(recent.figures()).toEqual([]);
    recent.add('demo', 'ok', 1);
    expect(recent.figures()).toMatchObject([{ calls: 1, failed: 0 }]);
  });

  it('are the same from one process and from several', () => {
    const [one, two, both] = [new RecentCalls(() => 0), new RecentCalls(() => 0), new RecentCalls(() => 0)];
    for (let at = 1; at <= 300; at++) {
      (at % 3 === 0 ? one : two).add('demo', 'ok', at / 1_000);
      both.add('demo', 'ok', at / 1_000);
    }
    const ranges = (recent: RecentCalls) => recent.figures()[0]?.ranges ?? [];
    expect(sumOfRanges([ranges(one), ranges(two)])).toEqual(ranges(both));
    expect(percentile([], 0.5)).toBeNull();
  });
});
