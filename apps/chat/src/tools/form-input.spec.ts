// What is typed into a form, and the input that comes of it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FormValues, fieldHints, formInput } from './form-input.js';
import { type Field, type FieldKind, schemaFields } from './schema-fields.js';

const field = (type: FieldKind, required = false): Field => ({ name: 'it', required, type });
const run = (type: FieldKind, value: FormValues[string] | undefined, required = false) =>
  formInput([field(type, required)], value === undefined ? {} : { it: value });
const input = (it: unknown) => ({ ok: true, input: { it } });
const TEXT: FieldKind = { kind: 'text' };

describe('formInput', () => {
  it('leaves out what is empty, unless it is required', () => {
    expect(run(TEXT, undefined)).toEqual({ ok: true, input: {} });
    expect(run(TEXT, '  ')).toEqual({ ok: true, input: {} });
    expect(run({ kind: 'choices', options: ['x'] }, [])).toEqual({ ok: true, input: {} });
    expect(run(TEXT, '', true)).toEqual({ ok: false, problems: { it: 'This field is required.' } });
  });

  it('parses each kind', () => {
    expect(run(TEXT, ' a ')).toEqual(input(' a '));
    expect(run({ kind: 'text', pattern: '^a$' }, ' a ')).toEqual(input('a'));
    expect(run({ kind: 'number', integer: false }, '1.5')).toEqual(input(1.5));
    expect(run({ kind: 'time' }, '2026-11-29')).toEqual(input('2026-11-29T00:00:00Z'));
    expect(run({ kind: 'boolean' }, 'false')).toEqual(input(false));
    expect(run({ kind: 'choice', options: ['x'] }, 'x')).toEqual(input('x'));
    expect(run({ kind: 'choices', options: ['x', 'y'] }, ['y'])).toEqual(input(['y']));
    expect(run({ kind: 'lines' }, 'a\n\n b \n')).toEqual(input(['a', 'b']));
    expect(run({ kind: 'json', expects: 'object' }, '{"a":[1]}')).toEqual(input({ a: [1] }));
  });

  it.each<[string, FieldKind, string]>([
    ['a word for a number', { kind: 'number', integer: false }, 'ten'],
    ['a fraction for a whole number', { kind: 'number', integer: true }, '1.5'],
    ['too small', { kind: 'number', integer: true, minimum: 1 }, '0'],
    ['too large', { kind: 'number', integer: true, maximum: 5 }, '6'],
    ['too short', { kind: 'text', minLength: 3 }, 'ab'],
    ['too long', { kind: 'text', maxLength: 2 }, 'abc'],
    ['not the pattern', { kind: 'text', pattern: '^wal_' }, 'x'],
    ['no such day', { kind: 'time' }, '2026-02-30'],
    ['not an option', { kind: 'choice', options: ['x'] }, 'y'],
    ['too many lines', { kind: 'lines', maxItems: 1 }, 'a\nb'],
    ['broken JSON', { kind: 'json', expects: 'any' }, '{'],
    ['an array for an object', { kind: 'json', expects: 'object' }, '[]'],
    ['an object for an array', { kind: 'json', expects: 'array' }, '{}'],
  ])('refuses %s', (_name, type, value) => {
    expect(run(type, value)).toMatchObject({ ok: false, problems: { it: expect.any(String) } });
  });

  it('leaves a pattern that no browser reads to the server', () => {
    expect(run({ kind: 'text', pattern: '(?<' }, 'x')).toEqual(input('x'));
  });

  it('sends any JSON as it was typed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const typed = JSON.stringify(value);
        expect(run({ kind: 'json', expects: 'any' }, typed)).toEqual(input(JSON.parse(typed)));
      }),
    );
  });
});

describe('fieldHints', () => {
  it('tells bounds and defaults', () => {
    const fields = schemaFields({
      properties: {
        limit: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
        name: { type: 'string', minLength: 1, maxLength: 120 },
        tags: { type: 'array', items: { type: 'string' } },
      },
    });
    expect(fields.map(fieldHints)).toEqual([['1 to 200', 'default 50'], ['1 to 120 characters'], ['one per line']]);
  });
});
