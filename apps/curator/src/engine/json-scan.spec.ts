// The engine's look at JSON lines (worker/engine/json-scan.mjs) beside a slow and plain one: whatever the lines hold, however they are
// written, and wherever a block of the file ends, both see the same.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runs } from '@labmesh/testing';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { JsonShape } from './wire.js';

type Looked = Pick<JsonShape, 'rows' | 'longest' | 'suspects' | 'columns'>;
const { JsonScan } = (await import(join(import.meta.dirname, '../../worker/engine/json-scan.mjs'))) as {
  JsonScan: new (options?: { block?: number }) => { scan(file: string, options?: { limit?: number }): Promise<Looked> };
};

const folder = mkdtempSync(join(tmpdir(), 'labmesh-scan-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'in.ndjson');

async function scanned(text: string | Uint8Array, block?: number): Promise<Looked> {
  writeFileSync(file, text);
  const { rows, longest, suspects, columns } = await new JsonScan(block === undefined ? {} : { block }).scan(file);
  return { rows, longest, suspects, columns };
}
const outcome = (text: string | Uint8Array, block?: number): Promise<Looked | string> =>
  scanned(text, block).catch((error: Error) => error.message);

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[[\]{}:,]/g;
const KINDS = { t: 'booleans', f: 'booleans', n: 'nulls', '"': 'strings', '{': 'nested', '[': 'nested' } as const;
type Counted = { -readonly [Kind in keyof JsonShape['columns'][number]]: JsonShape['columns'][number][Kind] };

/** One line after the other, token by token. */
function reference(text: string): Looked {
  const columns = new Map<string, Counted>();
  const suspects: Array<JsonShape['suspects'][number]> = [];
  let [rows, longest] = [0, 0];
  for (const line of text.split('\n')) {
    if (/^[ \t\r\uFEFF]*$/.test(line)) continue;
    JSON.parse(line.replace(/^\uFEFF/, ''));
    lookAt([...line.matchAll(TOKEN)].map(([token]) => token));
    longest = Math.max(longest, Buffer.byteLength(line));
    rows += 1;
  }
  return { rows, longest, suspects, columns: [...columns.values()] };

  function lookAt(tokens: readonly string[]): void {
    let column: Counted | undefined;
    let depth = 0;
    for (const [index, token] of tokens.entries()) {
      if (depth === 1 && tokens[index + 1] === ':') column = columnOf(JSON.parse(token) as string);
      else if (depth > 0 && /^[-\d]/.test(token)) number(token, column as Counted, depth);
      else if (depth === 1 && /["{[tfn]/.test(token)) {
        (column as Counted)[KINDS[token[0] as keyof typeof KINDS]] += 1;
        if (token === '[') (column as Counted).lists += 1;
      }
      if (/^[{[]/.test(token)) depth += 1;
      if (/^[}\]]/.test(token)) depth -= 1;
    }
  }

  function columnOf(name: string): Counted {
    const none = { seen: 0, strings: 0, integers: 0, fractions: 0, booleans: 0, nulls: 0, nested: 0, lists: 0 };
    const column = columns.get(name) ?? { name, ...none };
    columns.set(name, column);
    column.seen += 1;
    return column;
  }

  function number(text: string, column: Counted, depth: number): void {
    const whole = !/[.eE]/.test(text);
    if (depth === 1) column[whole ? 'integers' : 'fractions'] += 1;
    const integer = whole && depth === 1;
    const plain = text.length < 16 && !/[eE]/.test(text);
    if (plain || (String(Number(text)) === text && (!integer || Number.isSafeInteger(Number(text))))) return;
    suspects.push({ row: rows, column: column.name, text, integer });
  }
}

const blank = fc.constantFrom('', '', '', ' ', '  ', '\t', ' \r ');
const key = fc.constantFrom(
  '"a"',
  '"b"',
  '"c d"',
  '"é"',
  '""',
  '"\\u0061b"',
  '"a\\"}:,{"',
  '"a key of more bytes than are compared"',
  `"${'long'.repeat(20)}"`,
);
const numeral = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '0',
    '-0',
    '-0.0',
    '1.50',
    '1E5',
    '2e-7',
    '-1e400',
    '123456789012345',
    '1234567890123456',
    '-123456789012345678',
  ),
  fc.constantFrom('9007199254740993', '0.1234567890123456789', '12345678901234567890', '0.10000000000000001'),
);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).map((value) => JSON.stringify(value)),
  fc.string({ unit: fc.constantFrom('"', '\\', 'x', '{', '\n', 'é', '😀') }).map((value) => JSON.stringify(value)),
  fc.constantFrom('"\\u0022"', '"\\\\"', '"\\/"', '""', '"  "'),
);
const spaced = (parts: readonly string[], blanks: readonly string[]): string =>
  parts.map((part, index) => `${part}${blanks[index % Math.max(1, blanks.length)] ?? ''}`).join('');
const blanks = fc.array(blank, { maxLength: 5 });
const { value } = fc.letrec<{ value: string; list: string; object: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, numeral, text, fc.constantFrom('true', 'false', 'null'), tie('list'), tie('object')),
  list: fc
    .tuple(fc.array(tie('value'), { maxLength: 4 }), blanks)
    .map(([items, between]) =>
      spaced(['[', ...items.flatMap((item, n) => (n === 0 ? [item] : [',', item])), ']'], between),
    ),
  object: objectOf(tie('value'), 0),
}));

function objectOf(members: fc.Arbitrary<string>, minLength: number): fc.Arbitrary<string> {
  const keys = fc.uniqueArray(fc.tuple(key, members), {
    minLength,
    maxLength: 6,
    selector: ([name]) => JSON.parse(name) as string,
  });
  return fc
    .tuple(keys, blanks)
    .map(([pairs, between]) =>
      spaced(['{', ...pairs.flatMap(([name, held], n) => [...(n === 0 ? [] : [',']), name, ':', held]), '}'], between),
    );
}
const lines = fc
  .tuple(
    fc.constantFrom('', '', '\uFEFF'),
    fc.array(
      fc.tuple(blank, fc.oneof({ weight: 8, arbitrary: objectOf(value, 0) }, { weight: 1, arbitrary: blank }), blank),
      { maxLength: 12 },
    ),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
  )
  .map(([mark, rows, end, ended]) => `${mark}${rows.map((row) => row.join('')).join(end)}${ended ? end : ''}`);

describe('a scan', () => {
  it('sees what a plain reading sees, wherever blocks end', async () => {
    await fc.assert(
      fc.asyncProperty(lines, fc.integer({ min: 3, max: 40 }), async (written, block) => {
        const plain = reference(written);
        expect(await scanned(written)).toStrictEqual(plain);
        expect(await scanned(written, block)).toStrictEqual(plain);
      }),
      { numRuns: runs(2_000) },
    );
  });

  it('ends on whatever bytes, and says the same of them in blocks of every size', async () => {
    const damaged = fc.tuple(
      lines,
      fc.nat(),
      fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', '\n', '\0', 'n', '-', '.', ' ', 'é'),
    );
    await fc.assert(
      fc.asyncProperty(damaged, fc.integer({ min: 3, max: 40 }), async ([written, chance, sign], block) => {
        const at = chance % (written.length + 1);
        const bytes = Buffer.from(`${written.slice(0, at)}${sign}${written.slice(at + 1)}`);
        expect(await outcome(bytes, block)).toStrictEqual(await outcome(bytes));
      }),
      { numRuns: runs(2_000) },
    );
  });

  it('refuses a key that an object has twice, however it is spelled and however deep it is', async () => {
    const twin = fc.constantFrom(['"a"', '"a"'], ['"a"', '"\\u0061"'], ['"\\u0061"', '"a"'], ['"é"', '"\\u00e9"']);
    const around = fc.constantFrom(
      (held: string) => held,
      (held: string) => `{"x":${held}}`,
      (held: string) => `{"x":[1,{"a":0},{"y":${held}}]}`,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 5 }),
        twin,
        value,
        around,
        async (before, [one = '', other = ''], held, within) => {
          const good = `{"a":${held},"b":{"a":1,"x":{"a":{}}}}\n`.repeat(before);
          const twins = within(`{${one}:${held},"b":{"a":1},${other}:${held}}`);
          const name = JSON.stringify(JSON.parse(one));
          await expect(scanned(`${good}${twins}\n`)).rejects.toThrow(`row ${before} has the key ${name} twice`);
        },
      ),
      { numRuns: runs(200) },
    );
  });

  it.each([
    ['{"a":NaN}', 'of words, JSON has true, false and null alone'],
    ['{"a":nan }', 'of words, JSON has true, false and null alone'],
    ['{"a":[Infinity]}', 'of words, JSON has true, false and null alone'],
    ['{"a":{"b":[1,-inf]}}', 'of words, JSON has true, false and null alone'],
    ['{"a":[1,]}', 'is no JSON object'],
    ['{"a":{"b":1,}}', 'is no JSON object'],
    ['{"a":1,}', 'is no JSON object'],
    ['{"a":+1}', 'is no JSON object'],
    ['{"a":}', 'is no JSON object'],
    ['{"a" 1}', 'is no JSON object'],
    ['{"a":[1', 'is no JSON object'],
    ['[1]', 'is no JSON object'],
    ['{"a":"x', 'has a text that does not end'],
    ['{"a":"x\\', 'has a text that does not end'],
    ['{"a":["x', 'has a text that does not end'],
    ['{"a\u0001":1}', 'has a key that is no JSON text'],
  ])('refuses %j with its row', async (line, why) => {
    for (const text of [`{"a":0}\n${line}`, `{"a":0}\n${line}\n{"a":0}\n`, `{"a":0}\n${line}\r\n`])
      await expect(scanned(text)).rejects.toThrow(new RegExp(`^Invalid Input Error: row 1 .*${why}`));
  });

  it('refuses more columns, and more numbers to be doubted, than it can hold', async () => {
    const wide = Object.fromEntries(Array.from({ length: 2_001 }, (_, n) => [`c${n}`, n]));
    await expect(scanned(JSON.stringify(wide))).rejects.toThrow('row 0 brings more than 2000 columns');
    await expect(scanned('{"a":9007199254740993}\n'.repeat(50_001))).rejects.toThrow(
      'row 50000 holds one of more than 50000',
    );
  });

  it('refuses a line that is too long', async () => {
    const long = `{"a":"${'x'.repeat(16 * 1024 * 1024)}"}`;
    for (const text of [`{"a":0}\n${long}`, `{"a":0}\n${long}\n{"a":0}\n`])
      await expect(scanned(text)).rejects.toThrow('row 1 has more than 16777216 bytes');
  });

  it('looks at a beginning alone', async () => {
    writeFileSync(file, `{"a":1}\n{"b":2}\n{"c":3}\n`);
    const { rows, columns } = await new JsonScan({ block: 10 }).scan(file, { limit: 15 });
    expect([rows, columns.map(({ name }) => name)]).toEqual([2, ['a', 'b']]);
  });
});
