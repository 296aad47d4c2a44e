// Nothing of a Parquet file is rounded, cut or renamed: exact values and names, or a refusal that names column and row.
import { afterAll, describe, expect, it } from 'vitest';
import { engine } from '../engine/engine.js';
import type { Row } from '../rows.js';
import { readRows, writeRows } from './codec.js';
import { foreignParquet, storedParquet } from './parquet.testing.js';
import { PARQUET_TASK } from './parquet-reader.js';

afterAll(() => engine.close());

const read = async (bytes: Buffer): Promise<Row[]> => (await readRows('parquet', bytes)).rows;
const cell = async (expression: string): Promise<unknown> =>
  (await read(await foreignParquet(`SELECT ${expression} AS a`)))[0]?.a;
const refusal = (bytes: Promise<Buffer>) => expect(bytes.then(read)).rejects;

describe('a value that rows can hold', () => {
  it.each([
    [`9007199254740992::DECIMAL(18,0)`, 9_007_199_254_740_992],
    [`1234567890123.45::DECIMAL(20,2)`, 1_234_567_890_123.45],
    [`0.1::DECIMAL(38,20)`, 0.1],
    [`-0.05::DECIMAL(4,2)`, -0.05],
    [`[1.25, NULL]::DECIMAL(9,2)[]`, [1.25, null]],
    [`{'x': 1.25::DECIMAL(9,2), 'y': [{'z': 19.99::DECIMAL(9,2)}]}`, { x: 1.25, y: [{ z: 19.99 }] }],
    [`MAP {'k': 1.5::DECIMAL(9,1)}`, { k: 1.5 }],
    [`MAP {1: 'x', 20: NULL}`, { 1: 'x', 20: null }],
    [`MAP {DATE '2020-01-01': [1]}`, { '2020-01-01': [1] }],
    [`[TIMESTAMP '2020-01-01 00:00:00.123456']`, ['2020-01-01T00:00:00.123456']],
    [`{'t': TIMESTAMPTZ '2020-01-01 00:00:00+02'}`, { t: '2019-12-31T22:00:00.000000Z' }],
    [`MAP {'t': TIMESTAMP '1969-12-31 23:59:59.5'}`, { t: '1969-12-31T23:59:59.500000' }],
    [`[DATE '2020-02-29', NULL]`, ['2020-02-29', null]],
    [`DATE '0044-03-15 (BC)'`, '-000043-03-15'],
    [`TIMESTAMP '12020-01-01 00:00:00'`, '+012020-01-01T00:00:00.000000'],
    [`[TIME '01:02:03.000004']`, ['01:02:03.000004']],
    [`TIMETZ '01:02:03.5+02'`, '23:02:03.5Z'],
    [`INTERVAL '14 months 3 days 1.5 seconds'`, 'P14M3DT1.5S'],
    [`[UUID '77c95879-dbb8-42d2-9a53-fb9e1b7ee36d']`, ['77c95879-dbb8-42d2-9a53-fb9e1b7ee36d']],
    [`'x'::ENUM('x', 'y')`, 'x'],
    [`[1, 2]::INT[2]`, [1, 2]],
    [`18014398509481984::UBIGINT`, 18_014_398_509_481_984],
    [`0.1::FLOAT`, 0.10000000149011612],
    [`'-0'::DOUBLE`, 0],
    [`[chr(65279) || 'x', '']`, ['\uFEFFx', '']],
    [`{'s': chr(65279) || 'x', 'm': MAP {chr(65279): chr(65279)}}`, { s: '\uFEFFx', m: { '\uFEFF': '\uFEFF' } }],
    [`{'toString': 1, '10': 2, '2': 3}`, { toString: 1, 10: 2, 2: 3 }],
    [`[{'n': NULL::INT}, NULL]`, [{ n: null }, null]],
    [`[[['x']], [], NULL]`, [[['x']], [], null]],
    [`'{"n": [1.5]}'::JSON`, { n: [1.5] }],
  ])('%s', async (expression, value) => {
    expect(await cell(expression)).toStrictEqual(value);
  });
});

describe('a value that rows cannot hold', () => {
  it.each([
    [`9007199254740993::DECIMAL(18,0)`, '9007199254740993'],
    [`123456789012345678.91::DECIMAL(20,2)`, '123456789012345678.91'],
    [`18014398509481990`, '18014398509481990'],
    [`18446744073709549568::UBIGINT`, '18446744073709549568'],
    [`18446744073709551615::UBIGINT`, '18446744073709551615'],
    [`[9007199254740993]`, '9007199254740993'],
    [`{'x': [9007199254740993::DECIMAL(18,0)]}`, '9007199254740993'],
    [`MAP {'k': 0.1234567890123456789::DECIMAL(38,19)}`, '0.1234567890123456789'],
    [`'nan'::DOUBLE`, 'NaN'],
    [`[1.5, 'nan'::DOUBLE]`, 'NaN'],
    [`{'x': '-inf'::FLOAT}`, '-Infinity'],
    [`MAP {'k': 'inf'::DOUBLE}`, 'Infinity'],
    [`'infinity'::TIMESTAMP`, 'infinite'],
    [`['infinity'::DATE]`, 'infinite'],
    [`'{"n": 9007199254740993}'::JSON`, '/n is the number 9007199254740993'],
  ])('%s', async (expression, shown) => {
    const bytes = foreignParquet(`SELECT NULL AS "my column" UNION ALL SELECT ${expression}`);
    await refusal(bytes).toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/column "my column": in row 1 /),
    });
    await refusal(bytes).toMatchObject({ message: expect.stringContaining(shown) });
  });

  it.each([
    `'x'::BLOB`,
    `['x'::BLOB]`,
    `{'b': 'x'::BLOB}`,
    `MAP {'x'::BLOB: 1}`,
    `MAP {[1]: 1}`,
    `MAP {'k': 'x'::BLOB}`,
  ])('%s, of a type that is refused by the column’s name', async (expression) => {
    await refusal(foreignParquet(`SELECT ${expression} AS "my column"`)).toMatchObject({
      message: expect.stringContaining('column "my column"'),
    });
  });
});

describe('what DuckDB would cut or rename', () => {
  it('has its own names', async () => {
    expect(await read(storedParquet('names'))).toStrictEqual([{ id: 1, ID: 2, ID_1: 3, '': 4, µ: 5, M: 6 }]);
  });

  it.each([
    ['names-twice', 'column "a": two columns'],
    ['names-nested', 'column "s": two of its fields are "id" and "ID"'],
    ['names-none', 'column "s": one of its fields has no name'],
    ['no-utf8', 'column "my text": Invalid Input Error: Invalid string encoding'],
    ['int96', 'column "a": its times are INT96'],
    ['time-nanoseconds', 'column "a": its times of day are in nanoseconds'],
    ['decimal-256', 'column "a": its DECIMAL has 50 digits'],
  ])('is refused: %s', async (name, message) => {
    await refusal(Promise.resolve(storedParquet(name))).toMatchObject({ message: expect.stringContaining(message) });
  });

  it('keeps nanoseconds, in UTC and in local time', async () => {
    const at = '2020-01-01T00:00:00.123456789';
    expect(await read(storedParquet('nanoseconds'))).toStrictEqual([
      { utc: `${at}Z`, local: at, list: [`${at}Z`], map: { k: { at: `${at}Z` } } },
      { utc: null, local: '1969-12-31T23:59:59.999999999', list: [], map: null },
    ]);
  });
});

describe('names in Parquet written here', () => {
  const physicalNames = async (rows: Row[]): Promise<unknown[]> => {
    const { bytes } = await writeRows('parquet', rows);
    return engine.run(PARQUET_TASK, async (session) => {
      const { writeFile } = await import('node:fs/promises');
      await writeFile(`${session.folder}/x.parquet`, bytes);
      const found = await session.all(`SELECT name FROM parquet_schema('${session.folder}/x.parquet')`);
      return found.slice(1).flat();
    });
  };

  it('are the columns’ own', async () => {
    const names = ['température', 'µ', '1st', 'a.b', 'a"b', "it's", ' x ', 'column_3', 'É', 'é', '🌞', 'a\nb', '_'];
    expect(await physicalNames([Object.fromEntries(names.map((name) => [name, 1]))])).toStrictEqual(names);
  });

  it.each([
    ['"ID"', { id: 1, ID: 2 }],
    ['""', { '': 1 }],
    ['U+0000', { 'a\0b': 1 }],
  ])('are refused where they would be others: %s', async (shown, row) => {
    await expect(writeRows('parquet', [row as unknown as Row])).rejects.toMatchObject({
      code: 'unsupported_format',
      message: expect.stringContaining(shown),
    });
  });
});
