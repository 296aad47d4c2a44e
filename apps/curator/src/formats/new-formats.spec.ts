// NDJSON, TSV, Arrow, and what every text format says of the row where it breaks. Round trips of all formats are in round-trip.spec.ts.
import { afterAll, describe, expect, it } from 'vitest';
import { engine } from '../engine/engine.js';
import type { Row } from '../rows.js';
import { readRows, writeRows } from './codec.js';
import { transformRows } from './lossy.js';
import { closeYaml } from './yaml.js';

afterAll(() => Promise.all([engine.close(), closeYaml()]));

const text = async (format: 'ndjson' | 'tsv' | 'csv', rows: Row[]) => (await writeRows(format, rows)).bytes.toString();

describe('NDJSON', () => {
  it('is one row per line', async () => {
    expect(await text('ndjson', [{ a: 1 }, { b: 'x\ny' }])).toBe('{"a":1}\n{"b":"x\\ny"}\n');
    const read = await readRows('ndjson', Buffer.from('\uFEFF{"a":1}\r\n\n{"a":2,"a":2}'));
    expect(read.rows).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it.each([
    ['{"a":1}\n{"a":', 'line 2'],
    ['{"a":1}\n[1]', 'row 1'],
    ['{"a":NaN}', 'line 1'],
    ['{"a":9007199254740993}', 'would be rounded'],
    ['{"a":1}\n{"a":1,"a":2}', 'line 2 is not one JSON object (the object at the root has the key "a" twice'],
  ])('refuses %j by its line', async (content, message) => {
    await expect(readRows('ndjson', Buffer.from(content))).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(message),
    });
  });
});

describe('TSV', () => {
  it('is CSV with tabs', async () => {
    expect(await text('tsv', [{ a: 1, b: 'x\ty' }])).toBe('"a"\t"b"\r\n1\t"x\ty"\r\n');
    const { rows } = await readRows('tsv', Buffer.from('id\tname\n007\ta,b\n\t\n'));
    expect(rows).toEqual([
      { id: '007', name: 'a,b' },
      { id: null, name: null },
    ]);
  });
});

describe.each(['csv', 'tsv'] as const)('%s that breaks', (format) => {
  const separator = format === 'csv' ? ',' : '\t';
  const file = (quoted: boolean) =>
    ['id', 'text'].join(separator) +
    Array.from({ length: 100 }, (_, row) => `\n${row}${separator}${row === 35 ? '"open' : quoted ? '"x"' : 'x'}`).join(
      '',
    );

  it.each([true, false])('names the row in which a quote is not closed (others in quotes: %s)', async (quoted) => {
    await expect(readRows(format, Buffer.from(file(quoted)))).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('row 35'),
    });
  });
});

describe('a column with 40,000 whole numbers and then a text', () => {
  const values = [...Array.from({ length: 40_000 }, (_, n) => String(n)), 'x'];
  it.each([
    ['csv', Buffer.from(`n\n${values.join('\n')}\n`), 'x', '39999'],
    ['ndjson', Buffer.from(values.map((n) => `{"n":${n === 'x' ? '"x"' : n}}\n`).join('')), 'x', 39_999],
  ] as const)('is kept exactly in %s', async (format, bytes, last, before) => {
    const { rows } = await readRows(format, bytes);
    expect([rows.length, rows[39_999]?.n, rows[40_000]?.n]).toEqual([40_001, before, last]);
    const back = await readRows('parquet', (await writeRows('parquet', rows)).bytes);
    expect(back.rows).toStrictEqual(rows);
  });

  it('is refused by row when a schema says that it holds whole numbers', async () => {
    const schema = { properties: { n: { type: 'integer' } } };
    await expect(readRows('csv', Buffer.from(`n\n${values.join('\n')}\n`), { schema })).rejects.toMatchObject({
      message: expect.stringContaining('row 40000, column "n"'),
    });
  });
});

describe('a loss', () => {
  it('is refused by default', async () => {
    await expect(transformRows('parquet', [{ a: 1, A: 2 }], true)).rejects.toMatchObject({
      code: 'unsupported_format',
    });
    await expect(transformRows('openmetrics', [{ a: 1 }], true)).rejects.toMatchObject({ code: 'unsupported_format' });
  });

  it('is told where it is allowed: names that Parquet cannot have', async () => {
    const { rows, losses } = await transformRows('parquet', [{ a: 1, A: 2, '': 3 }, { a: 4 }], false);
    expect(rows).toEqual([{ a: 1, A_2: 2, column: 3 }, { a: 4 }]);
    expect(losses).toEqual([
      { column: 'A', what: 'is renamed to "A_2"', rows: 1 },
      { column: '', what: 'is renamed to "column"', rows: 1 },
    ]);
  });

  it('is told where it is allowed: columns that metrics do not have', async () => {
    const metric = { family: 'up', name: 'up', labels: {}, value: 1 };
    const { rows, losses } = await transformRows('prometheus', [{ ...metric, note: 'x' }], false);
    expect([rows, losses]).toEqual([
      [metric],
      [{ column: 'note', what: expect.stringContaining('left out'), rows: 1 }],
    ]);
  });

  it('is none where there is none', async () => {
    expect((await transformRows('csv', [{ a: 1 }], false)).losses).toEqual([]);
  });
});

describe('Arrow', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['something else', Buffer.from('ARROW1 nothing of the kind, but long enough to be something')],
  ])('is refused where it is %s', async (_, bytes) => {
    await expect(readRows('arrow', bytes)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
