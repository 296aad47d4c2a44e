// Exact numbers, and who settles a claim: by what was measured and in which order it came, and by nothing else.
import { runs } from '@labmesh/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Measured, settledBy } from './agreement.js';
import { compare, isWithin, middleOf, plain } from './decimals.js';

const decimal = fc.tuple(fc.bigInt(-(10n ** 6n), 10n ** 6n), fc.nat(8)).map(([digits, scale]) => {
  const all = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  const whole = all.slice(0, all.length - scale);
  return `${digits < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${all.slice(all.length - scale)}`}`;
});

describe('decimals', () => {
  it.each([
    ['0.50', '0.5'],
    ['-0.0', '0'],
    ['007', '7'],
    ['-12.3400', '-12.34'],
    ['0.000', '0'],
    ['100', '100'],
  ])('%s is %s', (written, same) => {
    expect(plain(written)).toBe(same);
    expect(compare(written, same)).toBe(0);
  });

  it('are compared where doubles see no difference', () => {
    expect(0.1 + 0.2 <= 0.3).toBe(false);
    expect(isWithin('0.1', '0.3', '0.2')).toBe(true);
    expect(compare('0.30000000000000000001', '0.3')).toBe(1);
    expect(isWithin('1', '1.000000000000000000000000000001', '0')).toBe(false);
  });

  it.each([
    [['3', '1', '2'], '2'],
    [['1', '2'], '1.5'],
    [['-1', '1'], '0'],
    [['0.1', '0.2', '0.3', '0.4'], '0.25'],
    [['9'], '9'],
  ])('have a middle: %j, %s', (values, middle) => {
    expect(middleOf(values)).toBe(middle);
  });

  it('differ alike from either side, and by nothing from themselves', () => {
    fc.assert(
      fc.property(decimal, decimal, decimal, (one, other, wide) => {
        const tolerance = wide.replace('-', '');
        expect(isWithin(one, other, tolerance)).toBe(isWithin(other, one, tolerance));
        expect(isWithin(one, plain(one), '0')).toBe(true);
        expect(compare(one, other)).toBe(-compare(other, one) + 0);
      }),
      { numRuns: runs(500) },
    );
  });
});

const inOrder = (values: readonly string[]): Measured[] => values.map((measured, at) => ({ place: at + 1, measured }));
const places = (values: readonly string[], reportsWanted = 2, tolerance = '1', claimed = '0') =>
  settledBy(inOrder(values), { claimed, tolerance, reportsWanted })?.agreeing.map(({ place }) => place);

describe('a claim', () => {
  it('is settled by as many as it wants within its tolerance of each other', () => {
    expect(places(['0', '1.000001'])).toBeUndefined();
    expect(places(['0', '1.0'])).toEqual([1, 2]);
    // One is near both, and they are not near each other.
    expect(places(['0', '2', '1'], 3)).toBeUndefined();
    expect(places(['0', '2', '1'])).toEqual([1, 3]);
    expect(places(['2', '0', '1'])).toEqual([1, 3]);
    expect(places(['5', '0', '9', '5'])).toEqual([1, 4]);
  });

  it('is confirmed by its own value, and refuted by another that they agree on', () => {
    const verdict = (values: readonly string[], claimed: string) =>
      settledBy(inOrder(values), { claimed, tolerance: '0.1', reportsWanted: 2 });
    expect(verdict(['0.61', '0.62'], '0.6')).toMatchObject({ verdict: 'confirmed', agreed: '0.615' });
    expect(verdict(['0.61', '0.62'], '0.9')).toMatchObject({ verdict: 'refuted', agreed: '0.615' });
    expect(verdict(['0.7', '0.8'], '0.65')).toMatchObject({ verdict: 'confirmed', agreed: '0.75' });
  });

  const few = fc.array(fc.integer({ min: 0, max: 30 }).map(String), { minLength: 2, maxLength: 9 });
  const wanted = fc.integer({ min: 2, max: 5 });

  it('is settled or not whatever the order of the reports, and always by some that all agree', () => {
    fc.assert(
      fc.property(few, wanted, fc.integer(), (values, reportsWanted, turn) => {
        const ask = { claimed: '10', tolerance: '3', reportsWanted };
        const turned = [...values.slice(turn % values.length), ...values.slice(0, turn % values.length)].toReversed();
        const [one, other] = [settledBy(inOrder(values), ask), settledBy(inOrder(turned), ask)];
        expect(one === undefined).toBe(other === undefined);
        for (const { agreeing = [] } of [one ?? {}, other ?? {}])
          for (const { measured } of agreeing)
            expect(agreeing.every((also) => isWithin(measured, also.measured, ask.tolerance))).toBe(true);
        if (one !== undefined) expect(new Set(one.agreeing.map(({ place }) => place)).size).toBe(reportsWanted);
        // Rows may come from the database in any order: the places decide.
        expect(settledBy(inOrder(values).toReversed(), ask)).toEqual(one);
      }),
      { numRuns: runs(500) },
    );
  });

  it('is settled by those who came first of all who could', () => {
    /** Every set of so many that agree, tried one by one. */
    const setsOf = (reports: readonly Measured[], size: number): Measured[][] =>
      size === 0
        ? [[]]
        : reports.flatMap((first, at) => setsOf(reports.slice(at + 1), size - 1).map((rest) => [first, ...rest]));
    fc.assert(
      fc.property(few, wanted, (values, reportsWanted) => {
        const agree = (set: readonly Measured[]) =>
          set.every((one) => set.every((other) => isWithin(one.measured, other.measured, '3')));
        const first = setsOf(inOrder(values), reportsWanted).find(agree);
        expect(settledBy(inOrder(values), { claimed: '0', tolerance: '3', reportsWanted })?.agreeing).toEqual(first);
      }),
      { numRuns: runs(300) },
    );
  });
});
