// Amounts and times as people type them.
import { describe, expect, it } from 'vitest';
import { amountOf } from './amount.js';
import { momentOf } from './time.js';

describe('an amount', () => {
  it.each(['5', '0.25', '0.000001', '9223372036854.775807'])('may be %s', (text) => {
    expect(amountOf(text)).toBe(text);
  });

  it.each([
    ['0', /more than 0/],
    ['0.000000', /more than 0/],
    ['-1', /number such as/],
    ['1.5000001', /6 digits/],
    ['1e3', /number such as/],
    ['NaN', /number such as/],
    ['2,5', /number such as/],
    ['', /number such as/],
    [' 5', /number such as/],
    ['9223372036854.775808', /the most is/],
    ['9'.repeat(10_000), /the most is/],
  ])('“%.20s” is refused', (text, why) => {
    expect(() => amountOf(text)).toThrow(why);
  });
});

describe('a time', () => {
  it.each([
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['2026-11-21T08:00Z', '2026-11-21T08:00:00.000Z'],
    ['2026-11-21T08:00:00.5+01:00', '2026-11-21T07:00:00.500Z'],
  ])('%s is %s', (text, means) => {
    expect(momentOf(text)).toBe(means);
  });

  it.each(['', 'yesterday', '2026-02-30', '2026-13-01', '2026-11-21T08:00', '21.11.2026'])(
    '“%s” is refused',
    (text) => {
      expect(() => momentOf(text)).toThrow(/Give a day/);
    },
  );
});
