// Moments as people type them.
import { expect, it } from 'vitest';
import { momentOf } from './moment.js';

it.each([
  ['2026-11-29', '2026-11-29T00:00:00Z'],
  [' 2026-11-29 18:30 ', '2026-11-29T18:30:00Z'],
  ['2026-11-29T18:30:05Z', '2026-11-29T18:30:05Z'],
  ['2026-11-29t18:30:05.000000001z', '2026-11-29T18:30:05.000000001Z'],
  ['2026-11-29T00:30:00+01:00', '2026-11-28T23:30:00Z'],
  ['2028-02-29', '2028-02-29T00:00:00Z'],
])('%s is %s', (typed, moment) => {
  expect(momentOf(typed)).toBe(moment);
});

it.each([
  '',
  'yesterday',
  '2026-02-29',
  '2026-13-01',
  '2026-11-29T24:30',
  '2026-11-29T18:61',
  '29.11.2026',
  '2026-11-29T18:30:00+99:00',
])('%s is none', (typed) => {
  expect(momentOf(typed)).toBeUndefined();
});
