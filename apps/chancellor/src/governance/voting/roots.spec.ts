// Sums of square roots are compared exactly, and end whatever they are.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whole } from './fraction.js';
import { comparedRoots, type Root, squareOfSum, squareRoot } from './roots.js';

const root = (of: bigint, factor = 1n): Root => ({ factor: whole(factor), of });
const someRoots = fc.array(
  fc.record({ of: fc.bigInt({ min: 0n, max: 50n }), factor: fc.bigInt({ min: 1n, max: 3n }).map(whole) }),
  { maxLength: 5 },
);

describe('comparedRoots', () => {
  it.each([
    ['√2 + √8 is √18', [root(2n), root(8n)], [root(18n)], 0],
    ['½√12 is √3', [{ factor: { above: 1n, below: 2n }, of: 12n }], [root(3n)], 0],
    ['√2 + √3 is less than √10', [root(2n), root(3n)], [root(10n)], -1],
    ['nothing is nothing', [], [root(0n)], 0],
    // They differ by less than 10^-37: more bits than the first look has.
    ['sums that agree for long', [root(10n ** 36n + 1n), root(10n ** 36n - 1n)], [root(10n ** 36n, 2n)], -1],
  ] as const)('%s', (_name, a, b, sign) => {
    expect(comparedRoots(a, b)).toBe(sign);
    expect(comparedRoots(b, a)).toBe(sign === 0 ? 0 : -sign);
  });

  it('agrees with floating point wherever that is far from zero, and calls sums equal only where it sees no difference', () => {
    const near = (roots: readonly Root[]) =>
      roots.reduce((sum, { factor, of }) => sum + Number(factor.above) * Math.sqrt(Number(of)), 0);
    fc.assert(
      fc.property(someRoots, someRoots, (a, b) => {
        const difference = near(a) - near(b);
        const sign = comparedRoots(a, b);
        if (Math.abs(difference) > 1e-9) expect(sign).toBe(Math.sign(difference));
        if (sign === 0) expect(Math.abs(difference)).toBeLessThan(1e-9);
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds what was pulled apart equal: √(k²n) is k times √n', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 12n }), fc.bigInt({ min: 1n, max: 1_000n }), (of, times) => {
        expect(comparedRoots([root(of * times * times), root(7n)], [root(7n), root(of, times)])).toBe(0);
        expect(comparedRoots([root(of * times * times + 1n)], [root(of, times)])).toBe(1);
      }),
    );
  });
});

describe('squareOfSum', () => {
  it('is exact where it is a whole number', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), (of) => {
        expect(squareOfSum([root(of)])).toBe(of);
        expect(squareOfSum([root(of), root(of)])).toBe(4n * of);
      }),
    );
  });
  it('is rounded down where it is not: (1 + √2)² is 5.82…', () => {
    expect(squareOfSum([root(1n), root(2n)])).toBe(5n);
  });
});

it('squareRoot is the largest whole number whose square is not more', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 200n }), (value) => {
      const found = squareRoot(value);
      expect(found * found <= value && (found + 1n) * (found + 1n) > value).toBe(true);
    }),
  );
});
