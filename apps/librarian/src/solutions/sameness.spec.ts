// What counts as the same, and as alike: one word of a page is little, another page is not alike.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALIKE_MIN, contentHash, resemblance } from './sameness.js';

const PUMP = {
  problem: 'The roughing pump stalls at 40 Hz after the filter was changed.',
  solution: 'Replace the tip seal, and check the inlet for shavings.',
};

describe('contentHash', () => {
  it('is equal whatever a keyboard or a copy adds', () => {
    const copied = {
      problem: ` ${PUMP.problem}\r\n`,
      solution: PUMP.solution.toUpperCase().replaceAll(' ', '\u00a0\t'),
    };
    expect(contentHash(copied)).toBe(contentHash(PUMP));
    expect(contentHash({ problem: 'ﬁlter', solution: 'x' })).toBe(contentHash({ problem: 'filter', solution: 'x' }));
  });

  it('tells apart what says something else, and where it is said', () => {
    expect(contentHash({ ...PUMP, solution: `${PUMP.solution}!` })).not.toBe(contentHash(PUMP));
    expect(contentHash({ problem: 'ab', solution: 'c' })).not.toBe(contentHash({ problem: 'a', solution: 'bc' }));
  });
});

describe('resemblance', () => {
  it('is high for a word that was changed or added, and low for another solution', () => {
    const of = (solution: string) => resemblance(PUMP, { ...PUMP, solution });
    expect(of(PUMP.solution.replace('tip', 'top'))).toBeGreaterThan(0.9);
    expect(of(`${PUMP.solution} Then run it dry.`)).toBeGreaterThan(ALIKE_MIN);
    expect(of('Lower the frequency to 30 Hz; the controller is worn out.')).toBeLessThan(ALIKE_MIN);
    const kana = { problem: '真空ポンプが四十ヘルツで停止します', solution: 'チップシールを交換してください' };
    expect(resemblance(kana, { ...kana, problem: `${kana.problem}。` })).toBeGreaterThan(0.9);
  });

  it('is the same both ways, from 0 to 1, and 1 for the same', () => {
    const said = fc.record({ problem: fc.string(), solution: fc.string() });
    fc.assert(
      fc.property(said, said, (one, other) => {
        const share = resemblance(one, other);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
        expect(resemblance(other, one)).toBe(share);
        expect(resemblance(one, one)).toBe(1);
      }),
    );
  });
});
