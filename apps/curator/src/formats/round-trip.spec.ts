// Rows and types survive the way through every format and back: the promise of transform_data_format.

import { DATA_FORMATS } from '@labmesh/contracts';
import { runs } from '@labmesh/testing';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { engine } from '../engine/engine.js';
import type { Row } from '../rows.js';
import { readShipped } from '../shipped/shipped-loader.js';
import { readRows, writeRows } from './codec.js';
import { writeJson } from './json.js';
import type { DataFormat } from './text.js';
import { closeYaml } from './yaml.js';

afterAll(() => Promise.all([engine.close(), closeYaml()]));

async function there(rows: readonly Row[], format: DataFormat): Promise<readonly Row[]> {
  const written = await writeRows(format, rows);
  return (await readRows(format, written.bytes, { columns: written.columns })).rows;
}

const TEXT = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '',
    'null',
    'true',
    '1',
    '007',
    '1e3',
    '~',
    '- a',
    'a: b',
    ' x ',
    '"',
    'a,b',
    'a\r\nb',
    '\n',
    '\t',
    '\0',
    '2017-09-04T18:05Z',
    '=1+1',
    '#',
    '{}',
    '[1]',
    '\uFEFF',
    '\u0085',
    '\u2028',
    '!!x',
    '&a',
    '*a',
    '<<',
    '🌞',
  ),
);
const NUMBER = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
  fc.constantFrom(1e28, 1e16, 9_007_199_254_740_991, 5e-324, 0.1),
);
const KEY = fc
  .oneof(
    fc.constantFrom('a', 'A', 'b', '', 'begin time', 'x"y', 'null', "it's", '1', 'column_0', '_'),
    fc.string({ unit: 'binary', maxLength: 5 }),
  )
  .filter((key) => key !== '__proto__');
const VALUE = fc.letrec((again) => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    NUMBER,
    TEXT,
    again('list'),
    again('object'),
  ),
  list: fc.array(again('any'), { maxLength: 4 }),
  object: fc.dictionary(KEY, again('any'), { maxKeys: 4, noNullPrototype: true }),
})).any;
/** Rows of any keys and any types, mixed. */
const WILD = fc.array(fc.dictionary(KEY, VALUE, { maxKeys: 5, noNullPrototype: true }), { maxLength: 8 });
/** Rows as real data has them: the same columns, one type each, now and then null or missing. */
const TAME = fc
  .uniqueArray(
    fc.record({
      name: KEY,
      of: fc.constantFrom<fc.Arbitrary<unknown>>(
        TEXT,
        NUMBER,
        fc.maxSafeInteger(),
        fc.boolean(),
        fc.array(TEXT, { maxLength: 3 }),
        fc.array(fc.record({ id: TEXT, n: fc.option(fc.integer()) }, { noNullPrototype: true }), { maxLength: 3 }),
        fc.record({ x: NUMBER, y: fc.option(TEXT) }, { noNullPrototype: true }),
      ),
      nulls: fc.boolean(),
      gaps: fc.boolean(),
    }),
    { selector: ({ name }) => name, minLength: 1, maxLength: 5 },
  )
  .chain((columns) =>
    fc.array(
      fc.record(Object.fromEntries(columns.map(({ name, of, nulls }) => [name, nulls ? fc.option(of) : of])), {
        requiredKeys: columns.filter(({ gaps }) => !gaps).map(({ name }) => name),
        noNullPrototype: true,
      }),
      { maxLength: 8 },
    ),
  );

/** What the format cannot write without renaming it; see parquet-writer.ts. */
const hasUnfitNames = (rows: readonly Row[], format: DataFormat): boolean => {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const folded = names.map((name) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
  return (
    format === 'parquet' &&
    (names.some((name) => name === '' || name.includes('\0')) || new Set(folded).size < names.length)
  );
};

async function survives(rows: readonly Row[], format: DataFormat): Promise<void> {
  if (hasUnfitNames(rows, format))
    await expect(there(rows, format)).rejects.toMatchObject({ code: 'unsupported_format' });
  else expect(await there(rows, format)).toStrictEqual(rows);
}

/** Those that hold any rows; metrics.spec.ts has the others. */
const ANY_ROWS = DATA_FORMATS.filter((format) => format !== 'prometheus' && format !== 'openmetrics');

describe.each(ANY_ROWS)('the way through %s and back', (format) => {
  it('keeps rows of real shapes', async () => {
    await fc.assert(
      fc.asyncProperty(TAME, async (rows) => {
        await survives(rows as Row[], format);
      }),
      { numRuns: runs(format === 'parquet' ? 80 : 300) },
    );
  });

  it('keeps rows of any shape', async () => {
    await fc.assert(
      fc.asyncProperty(WILD, async (rows) => {
        await survives(rows as Row[], format);
      }),
      { numRuns: runs(format === 'parquet' ? 80 : 300) },
    );
  });

  it('keeps the solar flares, with their order of columns and rows', async () => {
    const { rows } = await readRows('json', (await readShipped()).content);
    const back = await there(rows, format);
    expect(back).toStrictEqual(rows);
    expect(writeJson(back).equals(writeJson(rows))).toBe(true);
  });

  it('tells null, missing and the empty text apart', async () => {
    const rows: Row[] = [{ a: null, b: 'x' }, { b: '' }, { a: '', b: null }, { a: 'null', b: 'null' }];
    expect(await there(rows, format)).toStrictEqual(rows);
  });

  it.each<[Row[]]>([
    [[]],
    [[{}]],
    [[{}, {}]],
    [[{ a: null }]],
    [[{ a: [] }, { a: [null] }]],
    [[{ a: {} }, { a: { b: null } }]],
  ])('keeps %j', async (rows) => {
    expect(await there(rows, format)).toStrictEqual(rows);
  });
});
