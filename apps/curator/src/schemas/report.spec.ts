// Reports count everything and show a part; the fast way of simple schemas answers as the validator does.
import { runs } from '@labmesh/testing';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileSchema } from './dialect.js';
import { fits } from './failures.js';
import type { JsonSchema } from './inference.js';
import { simpleTest } from './simple-schema.js';
import { validateRows } from './validator.js';

describe('a report', () => {
  it('counts 1,500 bad cells when it shows 1,000', async () => {
    const rows = Array.from({ length: 1_500 }, (_, n) => ({ n: String(n), ok: 1 }));
    const schema = { properties: { n: { type: 'integer' }, ok: { type: 'integer' } } };
    const verdict = await validateRows(schema, rows, 1_000);
    expect(verdict).toMatchObject({ valid: false, invalidRows: 1_500, failures: 1_500 });
    expect(verdict.errors).toHaveLength(1_000);
    expect(verdict.rules).toEqual([
      { rule: 'type', column: 'n', failures: 1_500, samples: Array.from({ length: 20 }, (_, n) => n) },
    ]);
  });

  it('tells rules and columns apart', async () => {
    const schema = {
      required: ['a'],
      properties: { 'b/c': { type: 'integer', minimum: 5 } },
      additionalProperties: false,
    };
    const { rules, failures } = await validateRows(schema, [{ 'b/c': 1 }, { a: 1, 'b/c': 'x' }, { x: 1 }], 10);
    expect(rules.map(({ rule, column, failures: count }) => [rule, column, count])).toEqual(
      expect.arrayContaining([
        ['required', null, 2],
        ['minimum', 'b/c', 1],
        ['type', 'b/c', 1],
      ]),
    );
    expect(failures).toBe(rules.reduce((sum, { failures: count }) => sum + count, 0));
  });

  it('never fetches a remote schema, and bounds those that never end', async () => {
    await expect(validateRows({ $ref: 'https://example.org/schema' }, [{}], 1)).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(validateRows({ $ref: '#' }, [{}], 1)).rejects.toMatchObject({ code: 'invalid_input' });
    let schema: JsonSchema = { type: 'object' };
    for (let depth = 0; depth < 14; depth += 1)
      schema = { anyOf: [{ allOf: [schema, schema] }, { allOf: [schema, schema] }] };
    await expect(validateRows(schema, [{}], 1)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('the fast way', () => {
  const NAMES = ['a', 'b', 'ü'];
  const few = (whole: object): object =>
    Object.fromEntries(Object.entries(whole).filter((_, index) => index % 3 === Object.keys(whole).length % 3));
  const scalar = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.integer({ min: -5, max: 5 }),
    fc.constantFrom(1.5, -0.5, 1e300),
    fc.constantFrom('', 'a', '🌞', 'ab', '2017-09-04', '2017-09-04T18:05:00Z'),
  );
  const value = fc.letrec((again) => ({
    any: fc.oneof(
      { maxDepth: 2 },
      scalar,
      fc.array(again('any'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...NAMES), again('any'), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).any;
  const type = fc.constantFrom('null', 'boolean', 'string', 'number', 'integer', 'array', 'object');
  const small = fc.integer({ min: 0, max: 3 });
  const keywords = (again: (name: string) => fc.Arbitrary<unknown>): Record<string, fc.Arbitrary<unknown>> => ({
    type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })),
    enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }),
    const: scalar,
    minimum: fc.integer({ min: -3, max: 3 }),
    maximum: fc.integer({ min: -3, max: 3 }),
    exclusiveMinimum: fc.integer({ min: -3, max: 3 }),
    exclusiveMaximum: fc.integer({ min: -3, max: 3 }),
    multipleOf: fc.constantFrom(2, 0.5),
    minLength: small,
    maxLength: small,
    pattern: fc.constantFrom('^a', 'b$', '^\\d{4}'),
    format: fc.constantFrom('date', 'date-time', 'uuid'),
    minItems: small,
    maxItems: small,
    items: again('schema'),
    required: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 2 }),
    properties: fc.dictionary(fc.constantFrom(...NAMES), again('schema'), { maxKeys: 3, noNullPrototype: true }),
    additionalProperties: fc.oneof(fc.boolean(), again('schema')),
  });
  const schema = fc.letrec((again) => ({
    schema: fc.oneof(
      { maxDepth: 2 },
      fc.constant({}),
      fc.record(keywords(again), { requiredKeys: [], noNullPrototype: true }).map(few),
    ),
  })).schema as fc.Arbitrary<JsonSchema>;
  beforeAll(() => compileSchema({}));

  it('answers as the validator does', async () => {
    let known = 0;
    await fc.assert(
      fc.asyncProperty(schema, fc.array(value, { maxLength: 10 }), async (given, values) => {
        const fast = simpleTest(given);
        if (fast === undefined) return;
        known += 1;
        const compiled = await compileSchema(given);
        for (const each of values) expect([each, fast(each)]).toEqual([each, fits(compiled, each)]);
      }),
      { numRuns: runs(1_500) },
    );
    expect(known).toBeGreaterThan(100);
  });

  it.each([{ $ref: '#/$defs/a' }, { anyOf: [{}] }, { format: 'hostname' }, { enum: [[1]] }, { unknownWord: 1 }])(
    'leaves %j to the validator',
    (given) => {
      expect(simpleTest(given)).toBeUndefined();
    },
  );
});
