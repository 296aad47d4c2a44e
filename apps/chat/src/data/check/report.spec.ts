// The sentence above a report.
import { expect, it } from 'vitest';
import { countText } from './report.js';

const report = { valid: false, rowsChecked: 1_000, invalidRows: 0, errors: [] };

it('says what fits and what does not', () => {
  expect(countText({ ...report, valid: true })).toBe('1,000 rows checked, all of them fit.');
  expect(countText({ ...report, invalidRows: 1 })).toBe('1 row of 1,000 do not fit.');
  expect(countText({ ...report, invalidRows: 2, failures: 7 })).toBe('2 rows of 1,000 do not fit, 7 failures in all.');
  const rule = { rule: 'x', column: null, status: 'error' as const, failures: 0, samples: [] };
  expect(countText({ ...report, rules: [rule] })).toBe('1 rule could not be checked.');
});
