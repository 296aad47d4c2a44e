// A question and where it is looked for, in an address and in the call.
import { expect, it } from 'vitest';
import { parseRoute } from '../../route.js';
import { type AskedSearch, inputOf, searchHref, searchIn, toggled } from './asked-search.js';

const ALL = searchIn(new URLSearchParams());

it('comes back from its address', () => {
  const asked: AskedSearch = {
    question: 'a & b?',
    collections: ['docs', 'col_1'],
    project: 'prj_1',
    since: '2026-01-02',
    until: '2026-02-28',
  };
  const route = parseRoute(searchHref(asked));
  expect(searchIn(new URLSearchParams('asked' in route ? route.asked : ''))).toEqual(asked);
  expect(inputOf(asked)).toEqual({
    question: 'a & b?',
    limit: 10,
    collections: ['docs', 'col_1'],
    project: 'prj_1',
    since: '2026-01-02T00:00:00Z',
    until: '2026-03-01T00:00:00.000Z',
  });
});

it('leaves out what is not said, and what is no day', () => {
  expect(inputOf({ ...ALL, question: ' x ' })).toEqual({ question: 'x', limit: 10 });
  expect(searchIn(new URLSearchParams('since=2026-02-30&until=yesterday&in=,docs,docs,'))).toEqual({
    ...ALL,
    collections: ['docs'],
  });
});

it('takes a collection on and off', () => {
  expect(toggled(['docs'], 'vials')).toEqual(['docs', 'vials']);
  expect(toggled(['docs', 'vials'], 'docs')).toEqual(['vials']);
});
