// JSON lines of any size as a table: the rows that reading them whole gives, or a refusal with the row.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runs } from '@labmesh/testing';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readRows } from '../formats/codec.js';
import type { Row } from '../rows.js';
import { engine } from './engine.js';
import { importTable } from './table-import.js';

const folder = mkdtempSync(join(tmpdir(), 'labmesh-import-'));
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const [file, target] = [join(folder, 'in.ndjson'), join(folder, 'out.parquet')];
async function imported(text: string) {
  writeFileSync(file, text);
  rmSync(target, { force: true });
  return importTable({ file, target, who: 'test' });
}
const rowsBack = async (): Promise<Row[]> => (await readRows('parquet', readFileSync(target))).rows;
const linesOf = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

describe('an import', () => {
  it.each<[string, Row[]]>([
    ['types', [{ a: 1, b: 1.5, c: 'x', d: true, e: null, f: [1, { g: null }], h: {} }]],
    [
      'nulls, gaps and both',
      [
        { a: null, b: 1, c: null },
        { a: 2, c: 3 },
        { a: 1, b: 2 },
      ],
    ],
    ['mixtures', [{ a: 1 }, { a: 'x' }, { a: [] }, { a: true }, { a: null }]],
    [
      'a text that looks like something else',
      [{ a: '1', b: '2017-09-04T18:05:00Z', c: 'null', d: '{}', e: '\uFEFFx' }],
    ],
    [
      'keys in another order',
      [
        { a: 1, b: 2 },
        { b: 3, a: 4 },
      ],
    ],
    [
      'unusual names',
      [
        { 'a b': 1, 'c"d': 2, é: 3, '$.x': 4, 'f\\g': null },
        { 'a b': 2, 'c"d': 2, é: 3, '$.x': 4 },
      ],
    ],
    ['a type that changes late', [...Array.from({ length: 40_000 }, (_, n): Row => ({ n })), { n: 'x' }]],
    ['a fraction that comes late', [...Array.from({ length: 40_000 }, (_, n): Row => ({ n })), { n: 0.5 }]],
    ['a column that comes late', [...Array.from({ length: 40_000 }, (_, n): Row => ({ n })), { n: 1, late: 'x' }]],
    [
      'a null that comes late',
      [...Array.from({ length: 40_000 }, (_, n): Row => ({ n, t: 'x' })), { n: null, t: 'x' }],
    ],
    [
      'names that are signs of a path',
      [
        { '*': null, '**': 1, 'a/b': 1, '~1': 2, $: 3, '[0]': 4, '#-1': 5, '0': 6 },
        { '**': 1, 'a/b': null, '~1': 2, $: null, '[0]': 4, '#-1': null, '0': null },
        { '**': null },
      ],
    ],
    ['numbers with all their digits', [{ a: 0.300_000_000_000_000_04, b: 9_007_199_254_740_991, c: 1e300, d: 5e-324 }]],
  ])('keeps %s', async (_, rows) => {
    expect(await imported(linesOf(rows))).toMatchObject({ rows: rows.length });
    expect(await rowsBack()).toStrictEqual(rows);
  });

  it('is of the rows that reading the text whole gives, whatever they are', async () => {
    const key = fc.constantFrom('a', 'b', 'c d', 'é');
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.integer(),
      fc.string({ unit: 'binary' }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(key, value, { minKeys: 1, noNullPrototype: true }), { minLength: 1, maxLength: 8 }),
        async (rows) => {
          const text = linesOf(rows);
          const whole = await readRows('ndjson', Buffer.from(text)).catch(() => undefined);
          if (whole === undefined) return;
          await imported(text);
          expect(await rowsBack()).toStrictEqual(whole.rows);
        },
      ),
      { numRuns: runs(60) },
    );
  });

  it.each(['json', 'ndjson'] as const)('takes lines of %s with a byte order mark in front', async (format) => {
    writeFileSync(file, '\uFEFF{"a":"\uFEFFx"}\n{"a":"y"}\n');
    rmSync(target, { force: true });
    await importTable({ file, format, target, who: 'test' });
    expect(await rowsBack()).toStrictEqual([{ a: '\uFEFFx' }, { a: 'y' }]);
  });

  it('takes as many columns as a table may have', async () => {
    const row = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`c${n}`, n]));
    await imported(linesOf([row, row]));
    expect(await rowsBack()).toStrictEqual([row, row]);
  });

  it('takes values that are as deep as a row may be', async () => {
    const text = `{"a":${'['.repeat(40)}${']'.repeat(40)}}\n`;
    await imported(text);
    expect(await rowsBack()).toStrictEqual([JSON.parse(text)]);
  });

  it('keeps whole numbers of 18 digits, which no double holds', async () => {
    expect(await imported('{"a":123456789012345678}\n{"a":-1}\n')).toMatchObject({ rows: 2 });
    const [[first] = []] = await engine.run({ who: 'test', limitMs: 10_000, files: [target] }, (session) =>
      session.all(`SELECT a FROM read_parquet('${target}')`),
    );
    expect(first).toBe(123_456_789_012_345_678n);
  });

  it('infers the schema, and tells how far it is', async () => {
    const told: number[] = [];
    writeFileSync(
      file,
      linesOf(
        Array.from({ length: 120_000 }, (_, n) => ({ n, text: 'x'.repeat(60), ...(n === 5 ? { rare: null } : {}) })),
      ),
    );
    const { schema, columns } = await importTable({
      file,
      target,
      who: 'test',
      progress: ({ done }) => told.push(done),
    });
    expect(schema).toMatchObject({
      properties: { n: { type: 'integer' }, text: { type: 'string' }, rare: { type: 'null' } },
      required: ['n', 'text'],
    });
    expect(columns.map(({ name, absent }) => [name, absent])).toEqual([
      ['n', false],
      ['text', false],
      ['rare', true],
    ]);
    expect(told.length).toBeGreaterThan(1);
  });
});

describe('what cannot be imported', () => {
  it.each([
    ['{"a":1}\n{"a":9007199254740993.5}\n', 'row 1, column "a"'],
    ['{"a":1}\n{"a":0.1234567890123456789}\n', 'row 1, column "a"'],
    ['{"a":{"b":[9007199254740993]}}\n', 'row 0, column "a"'],
    ['{"a":12345678901234567890}\n', 'row 0, column "a"'],
    ['{"a":1,"a":2}\n', 'row 0 has the key "a" twice'],
    ['{"a":0}\n{"a":[{"b":1,"c":2,"b":3}]}\n', 'row 1 has the key "b" twice'],
    ['{"a":[1,NaN]}\n', 'row 0 is no JSON object: of words, JSON has true, false and null alone'],
    ['{"a":nan }\n', 'row 0 is no JSON object'],
    ['{"a":[1,]}\n', 'row 0 is no JSON object'],
    ['{"a":1}\n\n{"a":2}\n{"a":01}\n', 'row 2 is no JSON object: number with leading zero is not allowed.'],
    ['{"a":null}\n{"b":1}\n\n{"a":[1.]}\n', 'row 2 is no JSON object: no digit after decimal point.'],
    ['{"a":1}\n{"a":"\\x"}\n', 'row 1 is no JSON object: invalid escaped character in string.'],
    ['{"a":1}\n{"a":1} x\n', 'row 1 is no JSON object'],
    ['{"a":1}\n{"a":1e}\n', 'row 1, column "a": 1e is no number'],
    ['{"a":0}\n{"a":{"__proto__":1}}\n', 'row 1 has the key "__proto__", which is not allowed'],
    ['{"a":0}\n{"__proto__":1}\n', 'row 1 has the key "__proto__", which is not allowed'],
    [`{"a":0}\n{"a":${'['.repeat(41)}${']'.repeat(41)}}\n`, 'row 1 is nested deeper than 40'],
    ['{"a":1}\n[1]\n', 'row 1 is no JSON object'],
    ['{"a":1}\n{"a":\n', 'row 1'],
    ['{"a":nope}\n', ''],
    ['{"a":"\\ud800"}\n', ''],
    ['', 'no column'],
  ])('%j is refused, and nothing is written', async (text, message) => {
    await expect(imported(text)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(message),
    });
    expect(existsSync(target)).toBe(false);
  });

  it('names that differ in case alone', async () => {
    await expect(imported('{"a":1,"A":2}\n')).rejects.toMatchObject({ code: 'unsupported_format' });
  });
});
