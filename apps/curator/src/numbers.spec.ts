// A number is the one that was written, or none.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMultipleOf, isNumberText, numberFromInteger, numberFromText } from './numbers.js';

describe('a number from its text', () => {
  it.each([
    ['0', 0],
    ['-0.0', 0],
    ['0e5', 0],
    ['1.0', 1],
    ['1e3', 1_000],
    ['1E+2', 100],
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740992.0', 9_007_199_254_740_992],
    ['9007199254740994e0', 9_007_199_254_740_994],
    ['1e21', 1e21],
    ['6.02214076e23', 6.022_140_76e23],
    ['123e65', 1.23e67],
    ['0.1', 0.1],
    ['0.30000000000000004', 0.300_000_000_000_000_04],
    ['0.10000000000000000000', 0.1],
    ['4.9406564584124654e-324', 5e-324],
    ['2.2250738585072014e-308', 2.225_073_858_507_201_4e-308],
  ])('%s', (text, number) => {
    expect(numberFromText(text)).toBe(number);
  });

  it('is the double whose digits were printed, as other programs print all of them', () => {
    expect(numberFromText('0.10000000000000001')).toBe(0.1);
    expect(numberFromText('1.000000000000000056e-01')).toBe(0.1);
    expect(numberFromText('0.1000000000000000055511151231257827')).toBe(0.1);
  });

  it.each([
    '9007199254740993',
    '-9007199254740993',
    '18446744073709549568',
    '9007199254740993.0',
    '9007199254740993e0',
    '900719925474099.3e1',
    '90071992547409930e-1',
    '123456789012345678.91',
    '0.1234567890123456789',
    '3.14159265358979323846',
    '1e400',
    '1e-400',
    'NaN',
    'Infinity',
    '0x10',
    '1_000',
    '',
  ])('is none where it would be another: %s', (text) => {
    expect(isNumberText(text) ? numberFromText(text) : undefined).toBeUndefined();
  });

  it('is kept whatever way a double is printed', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const number = value === 0 ? 0 : value;
        for (const text of [String(value), value.toPrecision(17), value.toExponential(18), value.toExponential()])
          expect(numberFromText(text)).toBe(number);
      }),
    );
  });

  it('of an integer is exact', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (integer) => {
        const number = numberFromInteger(integer);
        const written = BigInt(Number(integer).toLocaleString('en', { useGrouping: false }));
        if (number !== undefined) expect([BigInt(number), written]).toStrictEqual([integer, integer]);
        else expect([BigInt(Number(integer)), written]).not.toStrictEqual([integer, integer]);
      }),
    );
  });
});

describe('a multiple', () => {
  it('is one in decimals, of any size', () => {
    const cents = fc.integer({ min: -(10 ** 9), max: 10 ** 9 });
    fc.assert(
      fc.property(cents, fc.integer({ min: 1, max: 999 }), fc.constantFrom(-12, -2, 0, 3, 20), (n, m, exponent) => {
        expect(isMultipleOf(Number(`${n}e${exponent}`), Number(`${m}e${exponent}`))).toBe(n % m === 0);
        expect(isMultipleOf(Number(`${n}1e-20`), Number(`${m}e-19`))).toBe(false);
      }),
    );
  });
});
