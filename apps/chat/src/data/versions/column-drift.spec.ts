// What is told of two versions' columns.
import { expect, it } from 'vitest';
import { columnsOf } from '../rows/columns.js';
import { columnDrift } from './column-drift.js';

const columns = (properties: object, required: readonly string[]) => columnsOf({ properties, required }, []);

it('tells columns that came, went, and hold something else', () => {
  const before = columns({ a: { type: 'string' }, b: { type: 'integer' }, c: { type: 'number' } }, ['a', 'b', 'c']);
  const after = columns({ a: { type: 'string' }, b: { type: ['integer', 'null'] }, d: { type: 'boolean' } }, ['a', 'b']);
  expect(columnDrift(before, after)).toEqual([
    { name: 'b', kind: 'changed', before: 'whole number', after: 'whole number or null' },
    { name: 'd', kind: 'added', before: undefined, after: 'true or false, not in every row' },
    { name: 'c', kind: 'removed', before: 'number', after: undefined },
  ]);
  expect(columnDrift(before, before)).toEqual([]);
});
