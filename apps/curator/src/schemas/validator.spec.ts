// Schemas of users: judged fairly, refused clearly, and never able to hold the process up.
import { describe, expect, it } from 'vitest';
import { checkSchema, validateRows } from './validator.js';

const judge = (schema: Record<string, unknown>, ...rows: unknown[]) => validateRows(schema, rows, 10);

describe('checking rows', () => {
  it('lists what does not fit, with the place', () => {
    const schema = {
      type: 'object',
      properties: {
        n: { type: 'integer' },
        deep: { type: 'array', items: { type: 'object', required: ['id'] } },
        at: { type: 'string', format: 'date-time' },
        kind: { enum: ['a', 'b'] },
      },
      required: ['n'],
      additionalProperties: false,
    };
    expect(
      judge(
        schema,
        { n: 1, at: '2017-09-04T18:05:00Z' },
        { n: 1.5, deep: [{ id: 1 }, {}], at: 'yesterday' },
        { extra: 1, kind: 'c' },
      ),
    ).toStrictEqual({
      valid: false,
      rowsChecked: 3,
      invalidRows: 2,
      errors: [
        { row: 1, path: '/n', message: 'must be integer' },
        { row: 1, path: '/deep/1', message: "must have required property 'id'" },
        { row: 1, path: '/at', message: 'must match format "date-time"' },
        { row: 2, path: '', message: "must have required property 'n'" },
        { row: 2, path: '', message: 'must NOT have additional properties ("extra")' },
        { row: 2, path: '/kind', message: 'must be equal to one of the allowed values: ["a","b"]' },
      ],
    });
  });

  it('keeps only as many errors as asked for, and still counts every row', () => {
    const verdict = validateRows({ required: ['a', 'b'] }, [{}, {}, {}], 3);
    expect(verdict).toMatchObject({ invalidRows: 3, rowsChecked: 3 });
    expect(verdict.errors).toHaveLength(3);
  });

  it('follows a reference to itself as deep as the row goes', () => {
    const tree = { type: 'object', properties: { child: { $ref: '#' }, n: { type: 'integer' } }, required: ['n'] };
    expect(judge(tree, { n: 1, child: { n: 2 } }, { n: 1, child: {} })).toMatchObject({
      invalidRows: 1,
      errors: [{ row: 1, path: '/child' }],
    });
  });

  it('knows draft 2020-12', () => {
    expect(
      judge(
        { properties: { p: { prefixItems: [{ type: 'string' }], items: false } }, unevaluatedProperties: false },
        { p: ['x'] },
        { p: ['x', 1] },
        { q: 1 },
      ),
    ).toMatchObject({ invalidRows: 2 });
  });
});

describe('a schema that cannot be used', () => {
  it.each([
    ['an unknown type', { properties: { a: { type: 'text' } } }, 'at /properties/a/type'],
    ['a keyword of the wrong type', { required: 'a' }, 'at /required'],
    ['a reference to elsewhere', { $ref: 'https://example.org/schema.json' }, 'inside the schema itself'],
    ['a reference to nothing', { $ref: '#/$defs/none' }, 'inside the schema itself'],
    ['an endless reference', { $ref: '#' }, 'without end'],
    ['a broken pattern', { properties: { a: { pattern: '(' } } }, 'no regular expression'],
    ['another dialect', { $schema: 'http://json-schema.org/draft-07/schema#' }, 'draft-07'],
    ['one too deep', JSON.parse(`${'{"not":'.repeat(60)}{}${'}'.repeat(60)}`), 'nested deeper'],
    ['one too long', { description: 'x'.repeat(70_000) }, 'bytes long'],
  ])('is refused: %s', (_, schema, message) => {
    expect(() => judge(schema as Record<string, unknown>, {})).toThrow(message);
    expect(() => judge(schema as Record<string, unknown>, {})).toThrow(
      expect.objectContaining({ code: 'invalid_input' }),
    );
  });

  it('is remembered by nobody: an $id of one caller is not known to the next', () => {
    checkSchema({
      $id: 'https://example.org/mine',
      $defs: { inner: { $id: 'https://example.org/inner', type: 'string' } },
    });
    checkSchema({ $id: 'https://example.org/mine', type: 'object' });
    expect(() => checkSchema({ $ref: 'https://example.org/inner' })).toThrow('references');
  });
});

describe('a schema that takes forever', () => {
  const word = `${'a'.repeat(40)}!`;

  it.each(['^(a+)+$', '^(a*)*$', '(a|a+)+$', '^((ab?)*c?)*$', '^(?:a{1,})+$', '(.*)\\1'])(
    'is refused for its pattern %s',
    (pattern) => {
      expect(() => judge({ properties: { a: { pattern } } }, { a: word })).toThrow('pattern');
      expect(() => judge({ patternProperties: { [pattern]: {} } }, { [word]: 1 })).toThrow('pattern');
    },
  );

  it.each([
    '^\\d{4}-\\d{2}$',
    '^([a-z]{2,5})+$',
    '^(\\d{1,3}\\.){3}\\d{1,3}$',
    '[(+]+',
    '\\(+\\)+',
    '^(a|b)*c+$',
    '^\\p{L}+$',
  ])('is taken with the pattern %s', (pattern) => {
    checkSchema({ properties: { a: { pattern } } });
  });

  it('is stopped when the pattern passes for harmless', () => {
    expect(() => judge({ properties: { a: { pattern: '^(a|a)*$' } } }, { a: word })).toThrow('takes longer');
  });

  it('is stopped when its alternatives multiply', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [
        `d${n}`,
        { allOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
      ]),
    );
    expect(() => judge({ $defs: { ...$defs, d30: { type: 'object' } }, $ref: '#/$defs/d0' }, {})).toThrow(
      'takes longer',
    );
  });
});
