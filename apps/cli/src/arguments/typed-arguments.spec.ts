// Typing of `key=value` by a schema: values of each type, files, and what is refused.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AGENTS, AppError, curator, publicTools } from '@labmesh/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { secondsOf } from './duration.js';
import { type JsonSchema, kindText, typesOf } from './schema.js';
import { jsonArguments, typedArguments, typedValue } from './typed-arguments.js';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'labmesh-arguments-'));
});
afterAll(() => rm(cwd, { recursive: true }));

const schema = z.toJSONSchema(
  z.object({
    text: z.string().optional(),
    whole: z.number().int().optional(),
    ratio: z.number().optional(),
    flag: z.boolean().optional(),
    tags: z.array(z.string()).optional(),
    sizes: z.array(z.number()).optional(),
    row: z.record(z.string(), z.unknown()).optional(),
    nothing: z.number().nullable().optional(),
    anything: z.unknown(),
  }),
  { io: 'input' },
) as JsonSchema;
const typed = (...pairs: string[]) => typedArguments(pairs, { schema, cwd });

describe('typedArguments', () => {
  it('types each value as its argument’s schema says', async () => {
    const words = ['text=5', 'whole=-3', 'ratio=1.5e3', 'flag=true', 'row={"a":[1]}', 'nothing=null', 'anything=[1]'];
    await expect(typed(...words)).resolves.toEqual({
      text: '5',
      whole: -3,
      ratio: 1500,
      flag: true,
      row: { a: [1] },
      nothing: null,
      anything: [1],
    });
  });

  it('takes a list whole or element by element', async () => {
    await expect(typed('tags=a,b', 'tags=c', 'sizes=[1,2]', 'sizes=3')).resolves.toEqual({
      tags: ['a,b', 'c'],
      sizes: [1, 2, 3],
    });
  });

  it('keeps everything after the first equals sign', async () => {
    await expect(typed('text=a=b=', 'anything=plain')).resolves.toEqual({ text: 'a=b=', anything: 'plain' });
  });

  it('reads a value from a file, and takes @@ for @', async () => {
    await writeFile(join(cwd, 'note.txt'), 'line\n');
    await writeFile(join(cwd, 'row.json'), '{"b":2}');
    await expect(typed('text=@note.txt', 'row=@row.json')).resolves.toEqual({ text: 'line\n', row: { b: 2 } });
    await expect(typed('text=@@home')).resolves.toEqual({ text: '@home' });
    await expect(typed('text=@missing')).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('sends a file that is no text as base64 where the tool takes that', async () => {
    const bytes = Buffer.from([0x50, 0x41, 0x52, 0x31, 0xff, 0x00]);
    await writeFile(join(cwd, 'data.parquet'), bytes);
    const submit = z.toJSONSchema(curator.tools.submit_dataset.input, { io: 'input' }) as JsonSchema;
    const args = await typedArguments(['content=@data.parquet'], { schema: submit, cwd });
    expect(args).toEqual({ content: bytes.toString('base64'), encoding: 'base64' });
    await expect(typed('text=@data.parquet')).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it.each([
    'whole=1.5',
    'whole=9007199254740993',
    'ratio=abc',
    'flag=yes',
    'row=[1]',
    'row={',
    'text',
    '=x',
    'colour=red',
    '__proto__=x',
    'text=a',
  ])('refuses %s', async (pair) => {
    const pairs = pair === 'text=a' ? ['text=a', 'text=b'] : [pair];
    await expect(typed(...pairs)).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('gives back every JSON value that was written out for its type', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.object()),
        (value) => {
          const type = typeof value === 'object' ? 'object' : typeof value;
          const json = JSON.stringify(value);
          expect(typedValue('x', json, { type })).toEqual(JSON.parse(json));
        },
      ),
    );
  });

  it('never throws anything but an AppError, whatever is typed', () => {
    const types = fc.constantFrom('number', 'integer', 'boolean', 'object', 'array', 'null', 'unheard-of');
    fc.assert(
      fc.property(fc.string(), types, (text, type) => {
        try {
          typedValue('x', text, { type });
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
    );
  });
});

describe('jsonArguments', () => {
  const none = { stdin: (async function* () {})() };

  it('wants an object', async () => {
    await expect(jsonArguments('{"a":1}', { cwd, ...none })).resolves.toEqual({ a: 1 });
    for (const text of ['[1]', 'null', '5', '{', '', '@missing']) {
      await expect(jsonArguments(text, { cwd, ...none })).rejects.toMatchObject({ code: 'invalid_input' });
    }
  });
});

describe('schema words', () => {
  it('explain the arguments of every tool of the lab', () => {
    for (const { spec } of publicTools(AGENTS)) {
      const { properties = {} } = z.toJSONSchema(spec.input, { io: 'input' });
      for (const property of Object.values(properties)) {
        expect(kindText(property as JsonSchema)).not.toBe('');
        expect(typesOf(property as JsonSchema).size).toBeGreaterThan(0);
      }
    }
  });

  it('are short', () => {
    const words = (one: z.ZodType) => kindText(z.toJSONSchema(one, { io: 'input' }) as JsonSchema);
    expect(words(z.number().int().min(1).max(200))).toBe('whole number 1 to 200');
    expect(words(z.number().int())).toBe('whole number');
    expect(words(z.enum(['a', 'b']))).toBe('"a" | "b"');
    expect(words(z.array(z.string()))).toBe('list of text');
    expect(words(z.string().nullable())).toBe('text or null');
  });
});

describe('secondsOf', () => {
  it('reads times', () => {
    expect(['90', '90s', '15m', '12h', '30d'].map(secondsOf)).toEqual([90, 90, 900, 43_200, 2_592_000]);
    for (const text of ['', '1w', '-1', '1.5h', '99999999999']) expect(() => secondsOf(text)).toThrow(AppError);
  });
});
