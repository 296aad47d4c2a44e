// What an address asks of the list of solutions, and back.
import { expect, it } from 'vitest';
import { parseRoute } from '../../route.js';
import { inputOf, isNarrowed, narrowedIn, solutionsHref, tagsIn } from './narrowed.js';

const ALL = narrowedIn(new URLSearchParams());

it('asks for nothing in particular by an empty address', () => {
  expect(inputOf(ALL)).toEqual({});
  expect(isNarrowed(ALL)).toBe(false);
  expect(solutionsHref(ALL)).toBe('#/knowledge/solutions');
});

it('comes back from its address', () => {
  const narrowed = { ...ALL, words: 'a & b', tags: ['pump', 'air, dry'], accepted: 'no', order: 'votes' } as const;
  const route = parseRoute(solutionsHref(narrowed));
  expect(narrowedIn(new URLSearchParams('asked' in route ? route.asked : ''))).toEqual(narrowed);
  expect(inputOf(narrowed)).toEqual({ words: 'a & b', tags: ['pump', 'air, dry'], accepted: false, order: 'votes' });
});

it('takes nothing that the lab would refuse', () => {
  const asked = new URLSearchParams({
    words: 'x'.repeat(300),
    tags: 'y'.repeat(50),
    order: 'down',
    accepted: 'perhaps',
  });
  expect(inputOf(narrowedIn(asked))).toEqual({ words: 'x'.repeat(200), tags: ['y'.repeat(40)] });
});

it('has each tag once', () => expect(tagsIn(' pump,  air , pump,,')).toEqual(['pump', 'air']));
