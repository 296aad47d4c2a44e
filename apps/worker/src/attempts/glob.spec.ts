// Globs of artefacts: what they mean, and that no pattern takes longer than its length allows.
import { expect, it } from 'vitest';
import { isMeant } from './glob.js';

it.each([
  ['artifacts/**', 'artifacts/deep/a.txt', true],
  ['artifacts/**', 'artifacts', true],
  ['artifacts/**', 'other/a.txt', false],
  ['**/*.csv', 'a.csv', true],
  ['**/*.csv', 'deep/down/a.csv', true],
  ['*.csv', 'deep/a.csv', false],
  ['./out/?.bin', 'out/a.bin', true],
  ['out/?.bin', 'out/ab.bin', false],
  ['a*b*c', 'aXbXbc', true],
  ['a*b*c', 'aXbXbcd', false],
  ['**', 'any/thing', true],
])('%s of %s: %s', (glob, path, is) => {
  expect(isMeant(path, glob)).toBe(is);
});

it('takes no longer for a pattern that others go astray in', () => {
  expect(isMeant(`${'a'.repeat(200)}b`, `${'*a'.repeat(100)}c`)).toBe(false);
  expect(isMeant(`${'a/'.repeat(100)}b`, `${'**/a/'.repeat(40)}c`)).toBe(false);
});
