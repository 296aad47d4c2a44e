// What the list of datasets can be narrowed by, out of an address and in order.
import { expect, it } from 'vitest';
import { chosenIn, FACETS, ordered } from './facets.js';

it('takes from an address what the lab can narrow by, and nothing else', () => {
  expect(chosenIn(new URLSearchParams('q=x&topic=solar&format=&owner=mine&limit=5'))).toEqual({
    owner: 'mine',
    topic: 'solar',
  });
});

it('shows times from near to far, other values as the lab counts them', () => {
  const values = ['year', 'day', 'week'].map((value, at) => ({ value, count: 10 - at }));
  const shown = (name: string) => {
    const facet = FACETS.find((each) => each.name === name);
    return facet && ordered(values, facet).map(({ value }) => value);
  };
  expect(shown('updatedWithin')).toEqual(['day', 'week', 'year']);
  expect(shown('topic')).toEqual(['year', 'day', 'week']);
});
