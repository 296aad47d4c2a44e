// How results are shaped for reading.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellText, joinChunks, readableResult, resultShape } from './result-shape.js';

describe('resultShape', () => {
  it('knows nothing when there is nothing', () => {
    for (const value of [null, undefined, '', [], {}]) expect(resultShape(value)).toEqual({ shape: 'nothing' });
  });

  it('reads arrays of objects as a table with every column', () => {
    expect(resultShape([{ a: 1 }, { b: 2, a: 3 }])).toMatchObject({ shape: 'table', columns: ['a', 'b'] });
  });

  it('reads objects, lists and values', () => {
    expect(resultShape({ a: 1 })).toEqual({ shape: 'record', entries: [['a', 1]] });
    expect(resultShape([1, 'two', null])).toEqual({ shape: 'list', items: [1, 'two', null] });
    expect(resultShape(false)).toEqual({ shape: 'value', text: 'false', long: false });
    expect(resultShape('a\nb')).toMatchObject({ shape: 'value', long: true });
  });

  it('leaves mixed arrays and depth to JSON', () => {
    expect(resultShape([1, { a: 1 }]).shape).toBe('json');
    expect(resultShape({ a: 1 }, 4).shape).toBe('json');
    expect(resultShape([{}, {}]).shape).toBe('json');
  });

  it('takes any JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => typeof resultShape(value).shape === 'string'));
  });
});

describe('cellText', () => {
  it('is short', () => {
    expect(cellText({ a: [1] })).toBe('{"a":[1]}');
    expect(cellText(undefined)).toBe('');
    expect(cellText('x'.repeat(500))).toHaveLength(121);
  });
});

describe('joinChunks', () => {
  it('joins lists and keeps the newest of the rest', () => {
    expect(joinChunks(['{"rows":[1],"done":1}', 'halfway', '{"rows":[2],"done":2}'])).toEqual({
      rows: [1, 2],
      done: 2,
    });
  });

  it('knows plain messages from data', () => {
    expect(joinChunks(['halfway', '{broken', '[1]', ''])).toBeUndefined();
    expect(joinChunks([])).toBeUndefined();
  });
});

describe('readableResult', () => {
  it('prefers structured content', () => {
    expect(readableResult({ structuredContent: { a: 1 }, content: [{ type: 'text', text: 'no' }] })).toEqual({ a: 1 });
  });

  it('reads texts, as JSON where they are', () => {
    expect(readableResult({ content: [{ type: 'text', text: '{"a":1}' }] })).toEqual({ a: 1 });
    expect(
      readableResult({
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      }),
    ).toBe('a\nb');
  });

  it('shows other content as it came', () => {
    const content = [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }];
    expect(readableResult({ content })).toEqual(content);
  });
});
