// Parquet as other programs see it, and files that other programs wrote.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { engine } from '../engine/engine.js';
import { quoteText } from '../engine/engine-session.js';
import type { Row } from '../rows.js';
import { readRows, writeRows } from './codec.js';
import { foreignParquet } from './parquet.testing.js';
import { PARQUET_TASK } from './parquet-reader.js';

afterAll(() => engine.close());

const columnTypes = async (rows: Row[]): Promise<unknown> => {
  const { bytes } = await writeRows('parquet', rows);
  return engine.run(PARQUET_TASK, async (session) => {
    const file = join(session.folder, 'written.parquet');
    await writeFile(file, bytes);
    const described = await session.all(`DESCRIBE SELECT * FROM read_parquet(${quoteText(file)})`);
    return Object.fromEntries(described.map(([name, type]) => [name, type]));
  });
};

describe('Parquet written here', () => {
  it('has the types of the values: times stay text, integers stay integers', async () => {
    const rows = [
      {
        t: '2017-09-04T18:05Z',
        n: 1,
        x: 1.5,
        big: 1e16,
        ok: true,
        list: [{ id: 'a', n: null }],
        mixed: 1,
        open: { a: 1 },
        gap: null,
        none: null,
      },
      { t: '2017-09-04', n: null, x: 2, big: 1, ok: false, list: null, mixed: 'x', open: { b: 1 }, none: null },
    ] as Row[];
    expect(await columnTypes(rows)).toStrictEqual({
      t: 'VARCHAR',
      n: 'BIGINT',
      x: 'DOUBLE',
      big: 'DOUBLE',
      ok: 'BOOLEAN',
      list: 'STRUCT(id VARCHAR, n VARCHAR)[]',
      mixed: 'JSON',
      open: 'JSON',
      gap: 'JSON',
      none: 'VARCHAR',
    });
  });
});

describe('Parquet from elsewhere', () => {
  it('is read by its types', async () => {
    const bytes =
      await foreignParquet(`SELECT 7::UTINYINT AS small, 1.25::DECIMAL(9, 2) AS money, DATE '2017-09-04' AS day, TIMESTAMP '2017-09-04 18:05:00' AS at,
      TIMESTAMPTZ '2017-09-04 18:05:00+02' AS zoned, [1, NULL]::HUGEINT[] AS list, {'a': 1.5, 'b': NULL} AS struct, MAP {'k': 'v'} AS map, NULL::VARCHAR AS none, 0.5::FLOAT AS f`);
    expect((await readRows('parquet', bytes)).rows).toStrictEqual([
      {
        small: 7,
        money: 1.25,
        day: '2017-09-04',
        at: '2017-09-04T18:05:00.000000',
        zoned: '2017-09-04T16:05:00.000000Z',
        list: [1, null],
        struct: { a: 1.5, b: null },
        map: { k: 'v' },
        none: null,
        f: 0.5,
      },
    ]);
  });

  it.each([
    ['a number that is none', `SELECT 'nan'::DOUBLE AS a`, 'invalid_input'],
    ['one inside a list', `SELECT ['inf'::DOUBLE] AS a`, 'invalid_input'],
    ['an integer that would be rounded', 'SELECT 9007199254740993 AS a', 'invalid_input'],
    ['one inside a struct', `SELECT {'a': 9007199254740993} AS a`, 'invalid_input'],
    ['bytes', `SELECT 'x'::BLOB AS a`, 'unsupported_format'],
    ['bytes inside a list', `SELECT ['x'::BLOB] AS a`, 'unsupported_format'],
    ['too many rows', 'SELECT 1 AS a FROM range(300000)', 'too_large'],
    ['a small file that unpacks to very much', `SELECT repeat('x', 1000000) AS a FROM range(200)`, 'too_large'],
  ])('refuses %s', async (_, select, code) => {
    await expect(foreignParquet(select).then((bytes) => readRows('parquet', bytes))).rejects.toMatchObject({ code });
  });
});
