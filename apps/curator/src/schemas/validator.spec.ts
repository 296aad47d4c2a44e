// Schemas of users: judged fairly, refused clearly, and never able to hold the process up.
import { describe, expect, it } from 'vitest';
import { checkSchema, validateRows } from './validator.js';

const judge = (schema: Record<string, unknown>, ...rows: unknown[]) => validateRows(schema, rows, 10);

describe('checking rows', () => {
  it('lists what does not fit, with the place', async () => {
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
      await judge(
        schema,
        { n: 1, at: '2017-09-04T18:05:00Z' },
        { n: 1.5, deep: [{ id: 1 }, {}], at: 'yesterday' },
        { extra: 1, kind: 'c' },
      ),
    ).toMatchObject({
      valid: false,
      rowsChecked: 3,
      invalidRows: 2,
      failures: 6,
      errors: [
        { row: 1, path: '/n', message: 'must be integer' },
        { row: 1, path: '/deep/1', message: "must have required property 'id'" },
        { row: 1, path: '/at', message: 'must match format "date-time"' },
        { row: 2, path: '/kind', message: 'must be equal to one of the allowed values: ["a","b"]' },
        { row: 2, path: '', message: "must have required property 'n'" },
        { row: 2, path: '', message: 'must NOT have additional properties ("extra")' },
      ],
    });
  });

  it('keeps only as many errors as asked for, and still counts every row', async () => {
    const verdict = await validateRows({ required: ['a', 'b'] }, [{}, {}, {}], 3);
    expect(verdict).toMatchObject({ invalidRows: 3, rowsChecked: 3 });
    expect(verdict.errors).toHaveLength(3);
  });

  it('follows a reference to itself as deep as the row goes', async () => {
    const tree = { type: 'object', properties: { child: { $ref: '#' }, n: { type: 'integer' } }, required: ['n'] };
    expect(await judge(tree, { n: 1, child: { n: 2 } }, { n: 1, child: {} })).toMatchObject({
      invalidRows: 1,
      errors: [{ row: 1, path: '/child' }],
    });
  });

  it('knows draft 2020-12', async () => {
    expect(
      await judge(
        { properties: { p: { prefixItems: [{ type: 'string' }], items: false } }, unevaluatedProperties: false },
        { p: ['x'] },
        { p: ['x', 1] },
        { q: 1 },
      ),
    ).toMatchObject({ invalidRows: 2 });
  });
});

describe('numbers', () => {
  it.each([
    [143.48, 0.01, true],
    [19.99, 0.01, true],
    [0.3, 0.1, true],
    [-0.3, 0.1, true],
    [0.014, 0.01, false],
    [1e-7, 1e-8, true],
    [1e21, 3, false],
    [1e308, 0.5, true],
    [4.35, 0.05, true],
    [5e-324, 1e-323, false],
    [9, 3, true],
    [10, 3, false],
    [0, 0.01, true],
  ])('%d is a multiple of %d: %s', async (n, multipleOf, valid) => {
    expect((await judge({ properties: { n: { multipleOf } } }, { n })).valid).toBe(valid);
  });

  it('that are written with a fraction of zero are integers', async () => {
    expect((await judge({ properties: { n: { type: 'integer', const: 1 } } }, JSON.parse('{"n":1.0}'))).valid).toBe(
      true,
    );
  });
});

describe('formats', () => {
  it.each([
    ['date', '2024-02-29', true],
    ['date', '2023-02-29', false],
    ['date', '2023-02-30', false],
    ['date', '2023-19-39', false],
    ['time', '23:59:59Z', true],
    ['time', '29:59:59Z', false],
    ['time', '23:59:60Z', true],
    ['time', '01:29:60.5+01:30', true],
    ['time', '22:59:60Z', false],
    ['date-time', '2023-02-30T00:00:00Z', false],
    ['date-time', '2023-02-28T24:00:00Z', false],
    ['idn-hostname', '〮a', false],
    ['of no kind', 'x', true],
  ])('%s takes %s: %s', async (format, text, valid) => {
    expect((await judge({ properties: { t: { format } } }, { t: text })).valid).toBe(valid);
  });

  it('are for texts alone', async () => {
    expect((await judge({ properties: { t: { format: 'date' } } }, { t: 1 })).valid).toBe(true);
  });
});

describe('members with names that objects have', () => {
  const NAMES = [
    'toString',
    '__proto__',
    'constructor',
    'hasOwnProperty',
    'valueOf',
    'toJSON',
    '$id',
    '$ref',
    '$anchor',
  ];

  it.each(NAMES)('%s is a name like others, in rows and schemas', async (name) => {
    const member = (value: unknown): Record<string, unknown> =>
      JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`);
    const verdicts = async (schema: Record<string, unknown>, ...rows: unknown[]) =>
      Promise.all(rows.map(async (row) => (await judge(schema, row)).valid));
    expect(await verdicts({ required: [name] }, {}, member(1))).toStrictEqual([false, true]);
    expect(await verdicts({ properties: member({ type: 'string' }) }, {}, member('x'), member(1))).toStrictEqual([
      true,
      true,
      false,
    ]);
    expect(
      await verdicts({ properties: member(true), additionalProperties: false }, {}, member(1), { x: 1 }),
    ).toStrictEqual([true, true, false]);
    expect(await verdicts({ dependentRequired: member(['x']) }, {}, member(1), { ...member(1), x: 1 })).toStrictEqual([
      true,
      false,
      true,
    ]);
    expect(await verdicts({ dependentSchemas: member(false) }, {}, member(1))).toStrictEqual([true, false]);
    expect(await verdicts({ propertyNames: { const: name } }, {}, member(1), { x: 1 })).toStrictEqual([
      true,
      true,
      false,
    ]);
    expect(await verdicts({ const: member('x') }, member('x'), member('y'), {})).toStrictEqual([true, false, false]);
    expect(await verdicts({ enum: [member('x'), member(1)] }, member(1), member(2), {})).toStrictEqual([
      true,
      false,
      false,
    ]);
    const unique = { properties: { l: { uniqueItems: true } } };
    expect(await verdicts(unique, { l: [member(1), member(1)] }, { l: [member(1), member(2), {}] })).toStrictEqual([
      false,
      true,
    ]);
    expect(
      await verdicts({ patternProperties: { [`^${name.replace('$', '\\$')}$`]: false } }, {}, member(1)),
    ).toStrictEqual([true, false]);
    expect(
      await verdicts({ properties: { a: true }, unevaluatedProperties: false }, { a: 1 }, member(1)),
    ).toStrictEqual([true, false]);
  });
});

describe('keywords', () => {
  it('of other dialects are not obeyed', async () => {
    const schema = {
      properties: { a: { type: 'string', nullable: true, divisibleBy: 2, dependencies: { b: ['c'] } } },
    };
    expect((await judge(schema, { a: null })).valid).toBe(false);
    expect((await judge(schema, { a: 'x' })).valid).toBe(true);
  });

  it.each(['https://json-schema.org/draft/2020-12/schema', 'https://json-schema.org/draft/2020-12/schema#'])(
    'are those of %s',
    async ($schema) => {
      expect((await judge({ $schema, minProperties: 1 }, {}, { a: 1 })).invalidRows).toBe(1);
    },
  );

  it('are named in words', async () => {
    const schema = {
      properties: {
        n: { multipleOf: 0.5, minimum: 1, exclusiveMaximum: 9 },
        s: { minLength: 2, pattern: '^a' },
        l: { minItems: 1, uniqueItems: true, contains: { type: 'null' } },
        p: { prefixItems: [true], items: false },
        o: {
          anyOf: [{ type: 'null' }, { required: ['x'] }],
          not: { required: ['y'] },
          dependentRequired: { y: ['z', 'y'] },
        },
        never: false,
        c: { const: { a: 1 } },
      },
      required: ['q', 'r', 'n'],
      propertyNames: { maxLength: 5 },
      unevaluatedProperties: false,
    };
    const row = { n: 0.3, s: 'b', l: [1, 1], p: [1, 2], o: { y: 1 }, never: 1, c: {}, 'a/b~c': 1, toolong: 1 };
    expect(
      (await validateRows(schema, [row], 50)).errors.map(({ path, message }) => `${path} ${message}`),
    ).toStrictEqual([
      '/n must be multiple of 0.5',
      '/n must be >= 1',
      '/s must NOT have fewer than 2 characters',
      '/s must match pattern "^a"',
      '/l must NOT have the same item twice',
      '/l must hold at least 1 of what "contains" describes',
      '/l/0 must be null',
      '/l/1 must be null',
      '/p must NOT have more than 1 item',
      '/o must match a schema in anyOf',
      '/o must be null',
      "/o must have required property 'x'",
      '/o must NOT be valid',
      "/o must have 'z' beside 'y'",
      '/never must NOT be there',
      '/c must be equal to {"a":1}',
      " must have required properties 'q', 'r'",
      ' has the name "toolong", which must NOT have more than 5 characters',
      ' must NOT have unevaluated properties ("a/b~c")',
      ' must NOT have unevaluated properties ("toolong")',
    ]);
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
    [
      'a vocabulary of its own',
      { $id: 'https://json-schema.org/draft/2020-12/schema', $vocabulary: {} },
      '$vocabulary',
    ],
    ['one hidden in data', { const: { $id: 'https://example.org/x', $vocabulary: {} } }, '$vocabulary'],
    [
      'a dialect inside',
      { $defs: { a: { $id: 'https://example.org/a', $schema: 'http://json-schema.org/draft-07/schema#' } } },
      'draft-07',
    ],
    ['one too deep', JSON.parse(`${'{"not":'.repeat(60)}{}${'}'.repeat(60)}`), 'nested deeper'],
    ['one too long', { description: 'x'.repeat(70_000) }, 'bytes long'],
  ])('is refused: %s', async (_, schema, message) => {
    await expect(judge(schema as Record<string, unknown>, {})).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(message),
    });
  });

  it('is remembered by nobody: an $id of one caller is not known to the next', async () => {
    await checkSchema({
      $id: 'https://example.org/mine',
      $defs: { inner: { $id: 'https://example.org/inner', type: 'string' } },
    });
    await checkSchema({ $id: 'https://example.org/mine', type: 'object' });
    await expect(checkSchema({ $ref: 'https://example.org/inner' })).rejects.toThrow('References');
  });
});

describe('a schema that takes forever', () => {
  const word = `${'a'.repeat(40)}!`;

  it.each(['^(a+)+$', '^(a*)*$', '(a|a+)+$', '^((ab?)*c?)*$', '^(?:a{1,})+$', '(.*)\\1'])(
    'is refused for its pattern %s',
    async (pattern) => {
      await expect(judge({ properties: { a: { pattern } } }, { a: word })).rejects.toThrow('pattern');
      await expect(judge({ patternProperties: { [pattern]: {} } }, { [word]: 1 })).rejects.toThrow('pattern');
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
  ])('is taken with the pattern %s', async (pattern) => {
    await checkSchema({ properties: { a: { pattern } } });
  });

  it('is stopped when the pattern passes for harmless', async () => {
    await expect(judge({ properties: { a: { pattern: '^(a|a)*$' } } }, { a: word })).rejects.toThrow('takes longer');
  });

  it('is stopped when its alternatives multiply', async () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [
        `d${n}`,
        { allOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
      ]),
    );
    await expect(judge({ $defs: { ...$defs, d30: { type: 'object' } }, $ref: '#/$defs/d0' }, {})).rejects.toThrow(
      'takes longer',
    );
  });
});
