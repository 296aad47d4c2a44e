// What an amount is, and what is said of one that is none.
import { expect, it } from 'vitest';
import { Amount, amountToMicro } from './values.js';

it.each([
  ['9223372036854.775807', true],
  ['0.000001', true],
  ['9223372036854.775808', 'the most is'],
  ['9223372036854775808', 'the most is'],
  ['9'.repeat(10_000), 'the most is'],
  [`${'9'.repeat(20)}.5`, 'the most is'],
  ['1.5000001', 'at most 6 digits'],
  ['1e3', 'in quotes'],
  ['-1', 'in quotes'],
  ['NaN', 'in quotes'],
  [5, 'in quotes'],
])('%s', (given, is) => {
  const { success, data, error } = Amount.safeParse(given);
  expect(success).toBe(is === true);
  if (is === true) expect(amountToMicro(data ?? '')).toBeGreaterThan(0n);
  else expect(error?.message).toContain(is);
});
