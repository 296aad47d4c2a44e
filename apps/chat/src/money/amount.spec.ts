// Amounts are exact: what is typed, summed and shown is what the lab keeps.
import { AMOUNT_MAX_MICRO as MOST } from '@labmesh/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountOf, grouped, microOf, signed, typedAmount } from './amount.js';

describe('amounts', () => {
  it('come back as they went, to the last millionth', () => {
    fc.assert(fc.property(fc.bigInt(-MOST, MOST), (micro) => microOf(amountOf(micro)) === micro));
  });

  it('are typed as they are shown', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, MOST), (micro) => {
        const typed = typedAmount(grouped(amountOf(micro)));
        return 'amount' in typed && microOf(typed.amount) === micro;
      }),
    );
  });

  it('are grouped for people', () => {
    expect(grouped('1234567.5')).toBe('1,234,567.50');
    expect(grouped('-0.000001')).toBe('−0.000001');
    expect(signed('12')).toBe('+12.00');
    expect(signed('-12.00')).toBe('−12.00');
  });

  it.each([
    '',
    '0',
    '0.000000',
    '-1',
    '1e3',
    'NaN',
    '1.0000001',
    '1,5',
    '1,00',
    '9223372036854.775808',
    '9'.repeat(10_000),
  ])('refuse %j with a reason', (text) => {
    expect(typedAmount(text)).toEqual({ problem: expect.stringMatching(/\w/) });
  });

  it('take the most there is', () => {
    expect(typedAmount(' 9,223,372,036,854.775807 ')).toEqual({ amount: '9223372036854.775807' });
    expect(typedAmount('007')).toEqual({ amount: '7' });
  });
});
