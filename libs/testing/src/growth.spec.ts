// Work that grows with the square of its input is told from work that grows with it.
import { expect, it } from 'vitest';
import { growthOf } from './growth.js';

let sum = 0;
const steps = (count: number): void => {
  for (let at = 0; at < count; at++) sum = (sum + at * 31) % 1_000_003;
};

it('is near the ratio of the sizes for work in proportion', () => {
  expect(growthOf({ small: () => steps(2e5), large: () => steps(16e5), enough: 24 })).toBeLessThan(24);
});

it('stays above it for work with the square of the size', () => {
  expect(growthOf({ small: () => steps(4e2 ** 2), large: () => steps(32e2 ** 2), enough: 24 })).toBeGreaterThan(24);
});
