// Shares of an amount: exact, in proportion, never more than there is.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sharesOf, timesRate } from './shares.js';

const weights = fc.array(fc.bigInt(1n, 10n ** 30n), { maxLength: 20 });

it('gives together at most what there is, and leaves less than a micro for each', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 63n - 1n), weights, (budget, given) => {
      const shares = sharesOf(
        budget,
        given.map((weight, at) => ({ walletId: `${at}`, weight })),
      );
      const sum = shares.reduce((total, { amountMicro }) => total + amountMicro, 0n);
      expect(sum).toBeLessThanOrEqual(budget);
      if (given.length > 0) expect(budget - sum).toBeLessThan(BigInt(given.length));
      expect(shares.every(({ amountMicro }) => amountMicro > 0n)).toBe(true);
    }),
  );
});

it('gives to nobody where nobody has staked', () => {
  expect(sharesOf(100n, [])).toEqual([]);
});

it('rounds a rule times a rate down', () => {
  expect([timesRate(5_000_000n, 1_200_000n), timesRate(3n, 500_000n), timesRate(1n, 999_999n)]).toEqual([
    6_000_000n,
    1n,
    0n,
  ]);
});
