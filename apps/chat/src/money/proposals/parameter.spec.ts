// Parameters in words, and their bounds.
import { expect, it } from 'vitest';
import { inWords, type Kind, type Parameter, problemWith } from './parameter.js';

it.each<[Kind, string, string]>([
  ['seconds', '604800', '7 days'],
  ['seconds', '90', '90 seconds'],
  ['seconds', '3600', '1 hour'],
  ['basis_points', '400', '4 %'],
  ['basis_points', '425', '4.25 %'],
  ['basis_points', '5', '0.05 %'],
  ['basis_points', '10000', '100 %'],
  ['amount', '1000000.00', '1,000,000.00 $webxos'],
  ['rate', '1.20', '× 1.20'],
])('says %s %s as %s', (kind, value, words) => {
  expect(inWords(kind, value)).toBe(words);
});

const quorum: Parameter = {
  parameter: 'governance.quorum',
  value: '400',
  kind: 'basis_points',
  least: '1',
  most: '10000',
  meaning: '',
};
const amount: Parameter = { ...quorum, kind: 'amount', least: '0.00', most: '10.00' };

it('knows what is within the bounds', () => {
  for (const text of ['1', '400', ' 10000 ']) expect(problemWith(quorum, text)).toBeUndefined();
  for (const text of ['', '0', '10001', '1.5', '1e3', '-1']) expect(problemWith(quorum, text)).toMatch(/\w/);
  for (const text of ['0', '10', '9.999999']) expect(problemWith(amount, text)).toBeUndefined();
  for (const text of ['10.000001', '1.0000001', 'ten']) expect(problemWith(amount, text)).toMatch(/\w/);
});
