// The lab's lists of tools fit a model's context: the bench's floors, held wherever the contracts change.
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, it } from 'vitest';
import { contextFloors } from './context.bench.js';
import { everyTool, listedTo, sum } from './list-tokens.js';

it('holds the floors; a tool that is too long needs fewer words', () => {
  expect(contextFloors().filter(({ ok }) => !ok)).toEqual([]);
});

it('counts what there is', () => {
  // As the encoding’s own authors have it.
  expect(countTokens('tiktoken is great!')).toBe(6);
  expect(everyTool().length).toBeGreaterThan(listedTo('researcher').length);
  expect(sum(everyTool())).toBe(everyTool().reduce((total, { tokens }) => total + tokens, 0));
  expect(everyTool().every(({ tokens }) => tokens > 20)).toBe(true);
});
