// Drift between two sets of rows, and what each policy makes of it.
import { describe, expect, it } from 'vitest';
import type { Row } from '../rows.js';
import { driftOf, factsOf } from './drift.js';
import { applyDrift } from './drift-policy.js';
import { inferSchema } from './inference.js';
import { shapeOf } from './shape.js';
import { validateRows } from './validator.js';

const OLD: Row[] = [
  { id: 1, name: 'a', speed: 1 },
  { id: 2, name: 'b', speed: 3 },
];
const drift = (rows: Row[]) => driftOf(factsOf(OLD), factsOf(rows));
const schema = inferSchema(shapeOf(OLD));

describe('drift', () => {
  it('is none where nothing changed', () => {
    expect(drift(OLD)).toEqual([]);
  });

  it.each<[string, Row[], object]>([
    [
      'a column that came',
      [
        { ...OLD[0], extra: true },
        { ...OLD[1], extra: false },
      ] as Row[],
      { column: 'extra', kind: 'added', after: 'boolean', widens: true },
    ],
    [
      'one that went',
      OLD.map(({ name: _, ...row }) => row as Row),
      { column: 'name', kind: 'removed', before: 'string', widens: false },
    ],
    [
      'a wider type',
      [{ ...OLD[0], id: 1.5 }, OLD[1]] as Row[],
      { column: 'id', kind: 'retyped', before: 'integer', after: 'number', widens: true },
    ],
    [
      'another type',
      OLD.map((row) => ({ ...row, id: 'x' })),
      { column: 'id', kind: 'retyped', after: 'string', widens: false },
    ],
    ['gaps', [OLD[0], { ...OLD[1], name: null }] as Row[], { column: 'name', kind: 'gaps', widens: true }],
    [
      'a range',
      [OLD[0], { ...OLD[1], speed: 9 }] as Row[],
      { column: 'speed', kind: 'range', before: '1 to 3', after: '1 to 9', widens: true },
    ],
  ])('finds %s', (_, rows, change) => {
    expect(drift(rows)).toContainEqual(expect.objectContaining(change));
  });
});

describe('a policy', () => {
  const CHANGED: Row[] = [
    { id: 3, name: 'c', speed: 2, extra: 1 },
    { id: 'x', name: 'd', speed: 2, extra: 1 },
    { id: 4, speed: 2 },
  ];

  it('freeze takes rows as they were, and no others', () => {
    expect(applyDrift('freeze', schema, OLD)).toMatchObject({ rows: OLD, schema, drift: [] });
    expect(() => applyDrift('freeze', schema, CHANGED)).toThrow('columns are frozen');
  });

  it('evolve takes all, with a schema that old and new rows fit', async () => {
    const { rows, schema: wider, discarded } = applyDrift('evolve', schema, CHANGED);
    expect([rows, discarded]).toEqual([CHANGED, { columns: [], rows: 0 }]);
    for (const each of [OLD, CHANGED]) expect(await validateRows(wider, each, 5)).toMatchObject({ valid: true });
  });

  it('discard leaves out new columns and rows that do not fit, and says how many', () => {
    const { rows, schema: same, discarded } = applyDrift('discard', schema, CHANGED);
    expect(rows).toEqual([{ id: 3, name: 'c', speed: 2 }]);
    expect([same, discarded]).toEqual([schema, { columns: ['extra'], rows: 2 }]);
  });
});
