// What is found in a log, and what is no error.
import { expect, it } from 'vitest';
import { countPortion, isError, matcherOf, nextMatch } from './line-search.js';

const linesOf = (...texts: string[]) => ({
  length: texts.length,
  at: (index: number) => ({ stream: 'stdout' as const, text: texts[index] ?? '' }),
});

it('goes on to the next line that matches, round the end, in both directions', () => {
  const lines = linesOf('a', 'x', 'b', 'x');
  const matches = matcherOf('x');
  expect([-1, 1, 3].map((from) => nextMatch(lines, { from, step: 1, matches }))).toEqual([1, 3, 1]);
  expect([0, 3, 1].map((from) => nextMatch(lines, { from, step: -1, matches }))).toEqual([3, 1, 3]);
  expect(nextMatch(lines, { from: 0, step: 1, matches: matcherOf('y') })).toBeUndefined();
  expect(nextMatch(linesOf(), { from: -1, step: 1, matches })).toBeUndefined();
});

it('takes capitals as they are, small letters as either, and looks through colours', () => {
  expect(matcherOf('loss')('Loss: 0.1')).toBe(true);
  expect(matcherOf('Loss')('loss: 0.1')).toBe(false);
  expect(matcherOf('loss: 0.1')('\u001b[32mloss\u001b[0m: 0.1')).toBe(true);
});

it('counts a portion', () => {
  expect(countPortion(linesOf('a', 'b', 'a'), 1, matcherOf('a'))).toEqual({ found: 1, next: 3 });
});

it.each(['Traceback (most recent call last):', 'ValueError: no', 'FATAL: x', 'Killed', 'build failed'])(
  'takes %s for an error',
  (text) => {
    expect(isError(text)).toBe(true);
  },
);

it.each(['epoch 3 loss 0.2', 'terror', '0 errorless'])('takes %s for none', (text) => {
  expect(isError(text)).toBe(false);
});
