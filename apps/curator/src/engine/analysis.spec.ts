// Profiles, reports, inferred schemas, differences and kept answers, as a wallet asks for them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, FLARES, openBench, type Wallet } from './analysis.testing.js';

let bench: Bench;
let wallet: Wallet;
beforeAll(async () => {
  bench = await openBench();
  wallet = bench.wallet();
});
afterAll(() => bench?.close());

interface Profiled {
  readonly rows: number;
  readonly duplicates: number;
  readonly columns: ReadonlyArray<Record<string, unknown> & { name: string; numbers?: Record<string, unknown> }>;
}
const profile = async (datasetId: string, more: object = {}) => {
  const { content, structured } = await wallet.use('profile_dataset', { datasetId, ...more });
  return { content, ...(structured as unknown as Profiled) };
};

describe('a profile', () => {
  it('says of each column what it holds', async () => {
    const rows = Array.from({ length: 100 }, (_, n) => ({
      n,
      word: n % 4 === 0 ? null : ['a', 'bb', 'a'][n % 3],
      ...(n % 10 === 0 ? {} : { rare: n % 2 === 0 }),
      at: `2017-09-04T18:${String(n % 60).padStart(2, '0')}Z`,
      list: [n % 2],
      both: n === 0 ? null : n,
      ...(n === 1 ? { both: undefined } : {}),
    }));
    const { columns, duplicates } = await profile(await wallet.submit(rows));
    const of = (name: string) => columns.find((column) => column.name === name);
    expect(duplicates).toBe(0);
    expect(of('n')).toMatchObject({ type: 'BIGINT', nulls: 0, missing: 0, distinct: 100, min: 0, max: 99 });
    const quantiles = [0.05, 0.25, 0.5, 0.75, 0.95].map((share) => ({ share, value: 99 * share }));
    expect(of('n')?.numbers).toMatchObject({ mean: 49.5, standardDeviation: expect.closeTo(29.011, 3), quantiles });
    const histogram = of('n')?.numbers?.histogram as { rule: string; counts: number[] };
    expect([histogram.rule, histogram.counts.reduce((sum, count) => sum + count, 0)]).toEqual([
      'Freedman-Diaconis',
      100,
    ]);
    expect(of('word')).toMatchObject({
      nulls: 25,
      missing: 0,
      distinct: 2,
      top: [
        { value: 'a', count: 50 },
        { value: 'bb', count: 25 },
      ],
    });
    expect(of('word')).toMatchObject({ lengths: { least: 1, most: 2, mean: expect.closeTo(4 / 3, 6) } });
    expect(of('rare')).toMatchObject({ nulls: 0, missing: 10, distinct: 2 });
    expect(of('at')).toMatchObject({
      times: { first: '2017-09-04T18:00:00.000000Z', last: '2017-09-04T18:59:00.000000Z' },
    });
    expect(of('list')).toMatchObject({
      type: 'BIGINT[]',
      distinct: 2,
      top: [
        { value: [0], count: 50 },
        { value: [1], count: 50 },
      ],
    });
    expect(of('both')).toMatchObject({ type: 'JSON', nulls: 1, missing: 1, distinct: 98 });
  });

  it('counts doubles of rows, and works for one value, for none and for no row', async () => {
    expect(await profile(await wallet.submit([{ a: 1 }, { a: 1 }, { a: 1 }]))).toMatchObject({
      rows: 3,
      duplicates: 2,
      columns: [{ numbers: { standardDeviation: 0, histogram: { rule: 'one value', counts: [3] } } }],
    });
    expect(await profile(await wallet.submit([{ a: null }]))).toMatchObject({
      columns: [{ nulls: 1, distinct: 0, top: [] }],
    });
    expect(await profile(await wallet.submit('[]'))).toMatchObject({ rows: 0, columns: [] });
  });

  it('holds for numbers whose sum, squares and range no double holds', async () => {
    const values = [1.7e308, -1.7e308, 1e308, 1, 0];
    const { columns } = await profile(await wallet.submit(values.map((a) => ({ a }))));
    expect(columns).toMatchObject([
      { min: -1.7e308, max: 1.7e308, numbers: { histogram: { rule: 'Freedman-Diaconis', from: -1.7e308 } } },
    ]);
    const numbers = columns[0]?.numbers ?? {};
    expect(Number(numbers.mean) / 2e307).toBeCloseTo(1, 9);
    expect(Number(numbers.standardDeviation) / 1.282_575_533_838_066e308).toBeCloseTo(1, 9);
    expect(numbers.quantiles).toContainEqual({ share: 0.5, value: 1 });
    expect(numbers.histogram).toMatchObject({ counts: [1, 2, 2] });
  });

  it('is a picture too: described, without a script, whatever the names', async () => {
    const name = `<script>alert("1")</script>&'`;
    const { content } = await profile(await wallet.submit([{ [name]: '<b>' }], { name }));
    const svg = Buffer.from((content[1] as { data: string }).data, 'base64').toString();
    expect(content[1]).toMatchObject({ type: 'image', mimeType: 'image/svg+xml' });
    expect(svg).toMatch(/^<svg .*role="img".*<title.*<desc/s);
    expect(svg).not.toContain('<script');
    expect((await profile(FLARES, { picture: false, columns: ['classType'] })).content).toHaveLength(1);
  });
});

describe('a report', () => {
  const check = (input: object) => wallet.use('validate_data_schema', input);

  it('has the failures of each rule, and tells of a rule that cannot be checked', async () => {
    const rows = [{ a: null }, { a: null }, { a: null }, { a: null }];
    const rules = [
      { name: 'not null', notNull: 'a' },
      { name: 'throws', sql: `CAST('x' AS INTEGER) > 0` },
      { name: 'no such column', sql: 'b > 0' },
      { name: 'holds', sql: 'a IS NULL' },
    ];
    const report = await check({ rows, rules });
    expect(report).toMatchObject({ valid: false, against: 'rules', failures: 4, invalidRows: 0 });
    expect(report.rules).toMatchObject([
      { rule: 'not null', column: 'a', status: 'failed', failures: 4, samples: [0, 1, 2, 3] },
      { rule: 'throws', status: 'error', error: expect.stringContaining('Could not convert') },
      { rule: 'no such column', status: 'error', error: expect.stringContaining('"b"') },
      { rule: 'holds', status: 'ok', failures: 0 },
    ]);
  });

  it('is of the dataset’s own schema, of one that is given, or as another dataset is', async () => {
    const good = await wallet.submit([{ a: 1 }, { a: 2 }]);
    const bad = await wallet.submit([{ a: 'x' }, { a: 2 }]);
    expect(await check({ datasetId: bad })).toMatchObject({ valid: true, against: 'own' });
    expect(await check({ datasetId: bad, schema: { properties: { a: { type: 'integer' } } } })).toMatchObject({
      valid: false,
      against: 'given',
      failures: 1,
    });
    expect(await check({ datasetId: bad, like: good })).toMatchObject({
      valid: false,
      against: 'inferred',
      errors: [{ row: 0, path: '/a', rule: 'type' }],
    });
  });

  it('says that it is partial, and counts all the same', async () => {
    const rows = Array.from({ length: 1_500 }, (_, n) => ({ n: String(n) }));
    const report = await check({ rows, schema: { properties: { n: { type: 'integer' } } }, maxErrors: 1_000 });
    expect([report.partial, report.errors.length, report.failures, report.invalidRows]).toEqual([
      true,
      1_000,
      1_500,
      1_500,
    ]);
  });

  it('finds doubles, by one column or several', async () => {
    const datasetId = await wallet.submit([
      { a: 1, b: 1 },
      { a: 1, b: 2 },
      { a: 1, b: 1 },
      { a: null, b: 1 },
    ]);
    const { rules } = await check({
      datasetId,
      rules: [
        { name: 'a', unique: ['a'] },
        { name: 'ab', unique: ['a', 'b'] },
      ],
    });
    expect(rules).toMatchObject([{ samples: [1, 2] }, { samples: [2] }]);
  });

  it('reads no file in a rule', async () => {
    const { rules } = await check({
      rows: [{ a: 1 }],
      rules: [{ name: 'x', sql: `(SELECT count(*) FROM read_text('/etc/hostname')) > 0` }],
    });
    expect(rules).toMatchObject([{ status: 'error', error: expect.stringContaining('read_text') }]);
  });
});

describe('schemas and differences', () => {
  it('are inferred of a dataset or of rows', async () => {
    const { schema } = await wallet.use('infer_schema', { rows: [{ a: 1 }, { a: null, b: 'x' }] });
    expect(schema).toMatchObject({
      properties: { a: { type: ['integer', 'null'] }, b: { type: 'string' } },
      required: ['a'],
    });
    expect(await wallet.use('infer_schema', { datasetId: FLARES })).toMatchObject({ rows: 98 });
  });

  it('are told column by column', async () => {
    const [before, after] = [await wallet.submit([{ a: 1, b: 1 }]), await wallet.submit([{ a: 'x', c: 1 }])];
    const { changes, same } = await wallet.use('compare_datasets', { before, after });
    expect([same, changes.map(({ column, kind }) => [column, kind])]).toEqual([
      false,
      [
        ['c', 'added'],
        ['b', 'removed'],
        ['a', 'retyped'],
      ],
    ]);
    expect(await wallet.use('compare_datasets', { before, after: before })).toMatchObject({ same: true, changes: [] });
  });

  it('are told of two versions of a dataset', async () => {
    const id = await wallet.submit([{ a: 1 }]);
    await wallet.use('update_dataset', { datasetId: id, format: 'json', content: '[{"a": 2}, {"a": null}]' });
    expect(await wallet.use('compare_datasets', { before: id, beforeVersion: 1, after: id })).toMatchObject({
      same: false,
      rowsBefore: 1,
      rowsAfter: 2,
      changes: [
        { column: 'a', kind: 'gaps', widens: true },
        { column: 'a', kind: 'range', before: '1 to 1', after: '2 to 2', widens: false },
      ],
    });
    const there = { before: id, after: id, afterVersion: 3 };
    await expect(wallet.use('compare_datasets', there)).rejects.toThrow(/version 3/);
  });
});

describe('a kept answer', () => {
  it('is a dataset that says how it was made', async () => {
    const data = await wallet.submit([{ n: 1 }, { n: 2 }, { n: 3 }]);
    const sql = 'SELECT n, n * 2 AS twice FROM data WHERE n > ?';
    const { dataset } = await wallet.use('save_query', { data, sql, parameters: [1], name: 'Twice' });
    expect(dataset).toMatchObject({
      rows: 2,
      format: 'parquet',
      provenance: { derivedFrom: data, note: expect.stringContaining(sql) },
    });
    const { rows } = await wallet.use('fetch_dataset', { datasetId: dataset.datasetId });
    expect(rows).toEqual([
      { n: 2, twice: 4 },
      { n: 3, twice: 6 },
    ]);
  });

  it.each([
    ['SELECT 1 AS a, 2 AS a', 'Two columns'],
    ['SELECT * FROM range(300000)', 'more than 250000'],
  ])('is refused: %s', async (sql, message) => {
    await expect(wallet.use('save_query', { data: FLARES, sql, name: 'x' })).rejects.toThrow(message);
  });
});
