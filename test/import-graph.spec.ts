// The finder of circles sees those that are there and no others: the house rules rest on it.
import { expect, it } from 'vitest';
import { circlesOf, resolverOf } from './harness/import-graph.js';

const circlesIn = (graph: Record<string, string[]>): string[][] => circlesOf(new Map(Object.entries(graph)));

it('finds circles of any length, each once', () => {
  expect(circlesIn({ a: ['b'], b: ['c'], c: ['a', 'd'], d: ['e'], e: ['d'], f: ['a'] })).toEqual([
    ['d', 'e'],
    ['a', 'b', 'c'],
  ]);
});

it('finds a file that imports itself', () => expect(circlesIn({ a: ['a'] })).toEqual([['a']]));

it('takes many ways to one file for no circle', () =>
  expect(circlesIn({ a: ['b', 'c'], b: ['d'], c: ['d', 'b'], d: [] })).toEqual([]));

it('knows files by relative paths, and libraries and their test doors by name', () => {
  const resolve = resolverOf(['libs/bus/src/index.ts', 'libs/bus/src/a.tsx', 'libs/identity/src/policy.testing.ts']);
  expect(resolve('libs/bus/src/index.ts', './a.js')).toBe('libs/bus/src/a.tsx');
  expect(resolve('libs/bus/src/nats/x.ts', '../index.js')).toBe('libs/bus/src/index.ts');
  expect(resolve('apps/lab/src/main.ts', '@labmesh/bus')).toBe('libs/bus/src/index.ts');
  expect(resolve('test/a.ts', '@labmesh/identity/policy.testing')).toBe('libs/identity/src/policy.testing.ts');
  expect(resolve('apps/lab/src/main.ts', 'zod')).toBeUndefined();
});
