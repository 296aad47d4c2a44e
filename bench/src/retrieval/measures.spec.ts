// What the benches measure by, worked out by hand.
import { expect, it } from 'vitest';
import { accuracyOf } from '../fingerprints/fingerprints.bench.js';
import { ndcg } from './ranking-quality.js';
import { Synthetic } from './synthetic.js';

it('nDCG is 1 for the best order, and falls with the rank', () => {
  expect(ndcg([3, 2, 1], [1, 2, 3])).toBe(1);
  // (1 / log2 3) / (1 / log2 2) = 0.6309.
  expect(ndcg([0, 1], [1])).toBeCloseTo(0.6309, 4);
  expect(ndcg([], [1])).toBe(0);
});

it('accuracy counts lines of groups that are exactly an event', () => {
  expect(accuracyOf(['a', 'a', 'b', 'c'], ['x', 'x', 'y', 'y'])).toBe(0.5);
  expect(accuracyOf(['a', 'a', 'a'], ['x', 'x', 'y'])).toBe(0);
});

it('synthetic passages are the same ones each time, with words as often as in a language', () => {
  const [one, other] = [new Synthetic(17), new Synthetic(17)];
  expect(one.passage()).toBe(other.passage());
  const counts = new Map<string, number>();
  for (const word of Array.from({ length: 50 }, () => one.passage().split(' ')).flat())
    counts.set(word, (counts.get(word) ?? 0) + 1);
  const [first = 0, second = 0] = [...counts.values()].sort((a, b) => b - a);
  expect(first).toBeGreaterThan(100);
  expect(second).toBeLessThan(first);
});
