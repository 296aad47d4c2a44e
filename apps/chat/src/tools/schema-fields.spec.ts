// Fields made from input schemas as zod writes them.
import { describe, expect, it } from 'vitest';
import { type Field, schemaFields } from './schema-fields.js';

const one = (property: object, extra: object = {}): Field | undefined =>
  schemaFields({ type: 'object', properties: { it: property }, ...extra })[0];

describe('schemaFields', () => {
  it('puts required fields first and keeps the order otherwise', () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' }, c: { type: 'string' } },
      required: ['c'],
    };
    expect(schemaFields(schema).map((field) => field.name)).toEqual(['c', 'a', 'b']);
  });

  it('makes no fields of an empty schema', () => {
    expect(schemaFields({ type: 'object' })).toEqual([]);
    expect(schemaFields({})).toEqual([]);
  });

  it('reads numbers, and drops the bounds of safe integers', () => {
    const schema = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, default: 50 };
    expect(one(schema)).toMatchObject({
      defaultValue: 50,
      type: { kind: 'number', integer: true, minimum: 1, maximum: undefined },
    });
  });

  it('tells one line from many', () => {
    expect(one({ type: 'string', maxLength: 80 })?.type.kind).toBe('text');
    expect(one({ type: 'string', pattern: '^a$' })?.type.kind).toBe('text');
    expect(one({ type: 'string', format: 'uri' })?.type.kind).toBe('text');
    expect(one({ type: 'string', maxLength: 8_000 })?.type.kind).toBe('long-text');
    expect(one({ type: 'string' })?.type.kind).toBe('long-text');
  });

  it('reads choices', () => {
    expect(one({ type: 'string', enum: ['x', 'y'] })?.type).toEqual({ kind: 'choice', options: ['x', 'y'] });
    expect(one({ type: 'string', const: 'x' })?.type).toEqual({ kind: 'choice', options: ['x'] });
    expect(one({ type: 'array', minItems: 1, items: { enum: ['x', 'y'] } })?.type).toEqual({
      kind: 'choices',
      options: ['x', 'y'],
      minItems: 1,
    });
  });

  it('reads lists of strings, and leaves the rest to JSON', () => {
    expect(one({ type: 'array', items: { type: 'string' }, maxItems: 3 })?.type).toMatchObject({
      kind: 'lines',
      maxItems: 3,
    });
    expect(one({ type: 'array', items: { type: 'object' } })?.type).toEqual({ kind: 'json', expects: 'array' });
    expect(one({ type: 'object', additionalProperties: {} })?.type).toEqual({ kind: 'json', expects: 'object' });
    expect(one({})?.type).toEqual({ kind: 'json', expects: 'any' });
    expect(one({ enum: [1, 2] })?.type).toEqual({ kind: 'json', expects: 'any' });
  });

  it('sees through null and local references', () => {
    expect(one({ anyOf: [{ type: 'boolean' }, { type: 'null' }] })?.type).toEqual({ kind: 'boolean' });
    expect(one({ type: ['number', 'null'] })?.type.kind).toBe('number');
    const definitions = { $defs: { id: { type: 'string', pattern: '^i', description: 'An id' } } };
    expect(one({ $ref: '#/$defs/id' }, definitions)).toMatchObject({ description: 'An id', type: { pattern: '^i' } });
    expect(one({ $ref: '#/$defs/none' }, definitions)?.type).toEqual({ kind: 'json', expects: 'any' });
  });
});
