// What a route takes, as the page says it.
import { expect, it } from 'vitest';
import type { Card } from '../dataset.js';
import { fits, matchText, wordsIn } from './route.js';

const card = (owner: string): Card => ({
  dataset: { owner, origin: 'nasa-donki', topics: ['space-weather'] } as unknown as Card['dataset'],
  schema: { properties: { flrID: { type: 'string' } } },
});

it('fits a dataset when every word of it does', () => {
  const lab = card('lab');
  expect([{}, { topics: [] }, { topics: ['x', 'space-weather'], columns: ['flrID'] }].map((match) => fits(match, lab))).toEqual([
    true,
    true,
    true,
  ]);
  expect([{ topics: ['x'] }, { sources: ['nasa-neows'] }, { columns: ['speed'] }].map((match) => fits(match, lab))).toEqual([
    false,
    false,
    false,
  ]);
  expect(fits({}, card('wal_1'))).toBe(false);
});

it('is told in words', () => {
  expect(matchText({})).toBe('all datasets of the lab');
  expect(matchText({ topics: ['a', 'b'], columns: ['c'], packets: true })).toBe(
    'datasets of the lab about a or b, with the columns c, and packets that agents send',
  );
  expect(wordsIn(' a, b;a ')).toEqual(['a', 'b']);
});
