// What a table says of its columns, and what a cell shows.
import { describe, expect, it } from 'vitest';
import { cellOf, columnsOf, wholeText } from './columns.js';

describe('columnsOf', () => {
  it('takes names and types from the schema, in its order', () => {
    const schema = {
      type: 'object',
      required: ['at', 'seen'],
      properties: {
        at: { type: 'string', format: 'date-time', description: 'When' },
        seen: { type: ['integer', 'null'] },
        where: { type: 'array', items: { type: 'number' } },
        kind: { enum: ['a', 'b'], type: 'string' },
        any: {},
      },
    };
    const columns = columnsOf(schema, []);
    expect(columns.map(({ name, type }) => [name, type])).toEqual([
      ['at', 'time'],
      ['seen', 'whole number or null'],
      ['where', 'list of numbers'],
      ['kind', 'one of 2'],
      ['any', 'anything'],
    ]);
    expect(columns[0]).toMatchObject({ required: true, description: 'When', numeric: false });
    expect(columns[1]).toMatchObject({ required: true, nullable: true, numeric: true });
    expect(columns[2]).toMatchObject({ required: false });
  });

  it('finds what only rows have', () => {
    const rows = [{ a: 1 }, { a: 2, b: null, __proto__: { c: 1 } }];
    expect(columnsOf(null, rows).map(({ name, type, numeric }) => [name, type, numeric])).toEqual([
      ['a', 'number', true],
      ['b', 'null', false],
    ]);
  });
});

describe('cellOf', () => {
  it('tells null, missing and empty apart', () => {
    const row = { none: null, empty: '', zero: 0, no: false };
    expect(cellOf(row, 'none').state).toBe('null');
    expect(cellOf(row, 'empty').state).toBe('empty');
    expect(cellOf(row, 'toString').state).toBe('missing');
    expect(cellOf(row, 'zero')).toMatchObject({ state: 'value', text: '0' });
    expect(cellOf(row, 'no')).toMatchObject({ state: 'value', text: 'false' });
  });

  it('cuts what is long, on one line, and says so', () => {
    const long = `first\nsecond ${'x'.repeat(200)}`;
    const cell = cellOf({ long }, 'long');
    expect(cell.cut).toBe(true);
    expect(cell.text).toMatch(/^first second x+$/);
    expect(wholeText(long)).toBe(long);
    expect(cellOf({ list: [1, { a: 2 }] }, 'list')).toMatchObject({ text: '[1,{"a":2}]', cut: false });
  });
});
