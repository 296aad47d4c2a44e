// SQL over datasets: exact answers, page by page; what is refused, and how it says so.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, FLARES, openBench, type Wallet } from './analysis.testing.js';
import { engine } from './engine.js';

let bench: Bench;
let wallet: Wallet;
let numbers = '';
beforeAll(async () => {
  bench = await openBench();
  wallet = bench.wallet();
  numbers = await wallet.submit([
    { id: 1, name: 'a', at: '2017-09-04T18:05Z', tags: ['x'], o: { n: 1 } },
    { id: 2, name: 'é', at: '2017-09-05T18:05Z', tags: [], o: { n: null } },
    { id: 3, name: null, at: null, tags: null, o: null },
  ]);
});
afterAll(() => bench?.close());

const query = (sql: string, more: object = {}) => wallet.use('query_dataset', { data: numbers, sql, ...more });
const rowsOf = async (sql: string, more: object = {}) => (await query(sql, more)).rows;
const cell = async (expression: string) => {
  const { columns, rows } = await query(`SELECT ${expression}`);
  return [rows[0]?.[0], columns[0]?.as, columns[0]?.type];
};
const refusal = (sql: string, more: object = {}) => expect(query(sql, more)).rejects;

describe('a query', () => {
  it('reads one dataset as the table data', async () => {
    expect(await query('SELECT id, name FROM data WHERE id < 3 ORDER BY id DESC')).toEqual({
      columns: [
        { name: 'id', type: 'BIGINT', as: 'number' },
        { name: 'name', type: 'VARCHAR', as: 'text' },
      ],
      rows: [
        [2, 'é'],
        [1, 'a'],
      ],
    });
  });

  it('joins several under the names that they are given', async () => {
    const other = await wallet.submit([
      { id: 2, weight: 0.5 },
      { id: 3, weight: 1.5 },
    ]);
    const sql = 'SELECT name, weight FROM left_one l JOIN Right_One r USING (id) ORDER BY id';
    const { rows } = await wallet.use('query_dataset', { sql, datasets: { left_one: numbers, Right_One: other } });
    expect(rows).toEqual([
      ['é', 0.5],
      [null, 1.5],
    ]);
  });

  it('has the times and lists of the shipped flares', async () => {
    const sql = `SELECT strftime(iso_time(beginTime), '%Y') AS year, count(*) AS flares FROM data GROUP BY 1 ORDER BY 1`;
    const { rows } = await wallet.use('query_dataset', { data: FLARES, sql });
    expect(rows.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(98);
  });

  it.each([
    ['WITH x AS (SELECT max(id) AS m FROM data) SELECT m FROM x', [[3]]],
    ['VALUES (1, $$a$$)', [[1, 'a']]],
    ['FROM data SELECT id LIMIT 1', [[1]]],
    ['DESCRIBE SELECT id FROM data', [['id', 'BIGINT', 'YES', null, null, null]]],
    ['SELECT 1 -- the end;', [[1]]],
    ['SELECT 1;', [[1]]],
    ['WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM r WHERE x < 3) FROM r', [[1], [2], [3]]],
    ['SELECT * FROM range(2)', [[0], [1]]],
  ])('may be %s', async (sql, rows) => {
    expect(await rowsOf(sql)).toEqual(rows);
  });

  it('may be explained', async () => {
    expect(String((await rowsOf('/* why */ EXPLAIN SELECT id FROM data'))[0]?.[1])).toContain('PARQUET');
    expect(JSON.stringify(await rowsOf('explain analyze SELECT count(*) FROM data'))).not.toContain('/tmp');
  });

  it('takes its values apart from its text', async () => {
    const sql = 'SELECT name FROM data WHERE id = ? AND name = ?';
    expect(await rowsOf(sql, { parameters: [1, 'a'] })).toEqual([['a']]);
    expect(await rowsOf(sql, { parameters: [1, `a' OR 1=1 --`] })).toEqual([]);
    const named = { n: 9_007_199_254_740_991, none: null, ok: true };
    expect(await rowsOf('SELECT $n + 2, $none IS NULL, $ok', { parameters: named })).toEqual([
      ['9007199254740993', true, true],
    ]);
    await refusal(sql, { parameters: [1] }).toMatchObject({ message: expect.stringContaining('parameter') });
  });
});

describe('an answer', () => {
  it.each<[string, unknown, string, string]>([
    ['9007199254740991', 9_007_199_254_740_991, 'number', 'BIGINT'],
    ['9007199254740993', '9007199254740993', 'text', 'BIGINT'],
    ['170141183460469231731687303715884105727', '170141183460469231731687303715884105727', 'text', 'HUGEINT'],
    ['1.50', 1.5, 'number', 'DECIMAL(3,2)'],
    ['123456789012345678.91', '123456789012345678.91', 'text', 'DECIMAL(20,2)'],
    ['0.1::DOUBLE', 0.1, 'number', 'DOUBLE'],
    [`'nan'::DOUBLE`, 'NaN', 'text', 'DOUBLE'],
    [`'-inf'::FLOAT`, '-Infinity', 'text', 'FLOAT'],
    ['true', true, 'boolean', 'BOOLEAN'],
    [`TIMESTAMP '2017-09-04 18:05:00.123456'`, '2017-09-04T18:05:00.123456', 'text', 'TIMESTAMP'],
    [`TIMESTAMPTZ '2017-09-04 18:05:00+02'`, '2017-09-04T16:05:00.000000Z', 'text', 'TIMESTAMP WITH TIME ZONE'],
    [`TIMESTAMP_NS '2017-09-04 18:05:00.123456789'`, '2017-09-04T18:05:00.123456789', 'text', 'TIMESTAMP_NS'],
    [`TIMESTAMP_S '2017-09-04 18:05:00'`, '2017-09-04T18:05:00', 'text', 'TIMESTAMP_S'],
    [`'infinity'::TIMESTAMP`, 'infinity', 'text', 'TIMESTAMP'],
    [`'-infinity'::DATE`, '-infinity', 'text', 'DATE'],
    [`TIMESTAMP '294246-12-31 23:59:59.5'`, '+294246-12-31T23:59:59.500000', 'text', 'TIMESTAMP'],
    [`DATE '1000000-02-29'`, '+1000000-02-29', 'text', 'DATE'],
    [`DATE '0001-01-01' - 367`, '-000001-12-31', 'text', 'DATE'],
    [`TIMESTAMP '1969-12-31 23:59:59.999999'`, '1969-12-31T23:59:59.999999', 'text', 'TIMESTAMP'],
    [`DATE '2017-09-04'`, '2017-09-04', 'text', 'DATE'],
    [`TIME '18:05:00'`, '18:05:00', 'text', 'TIME'],
    [`INTERVAL '14 months 1.5 seconds'`, 'P14M0DT1.5S', 'text', 'INTERVAL'],
    [`'hi'::BLOB`, 'aGk=', 'base64', 'BLOB'],
    [`'\uFEFFx'`, '\uFEFFx', 'text', 'VARCHAR'],
    [`'🌞' || chr(0)`, '🌞\u0000', 'text', 'VARCHAR'],
    ['[1, NULL, 3]', [1, null, 3], 'json', 'INTEGER[]'],
    [`{'b': 1, 'a': [1.5]}`, { b: 1, a: [1.5] }, 'json', 'STRUCT("b" INTEGER, "a" DECIMAL(2,1)[])'],
    [`MAP {1: 'x'}`, { 1: 'x' }, 'json', 'MAP(INTEGER, VARCHAR)'],
    [
      `{'n': 9007199254740993, 'x': 'nan'::DOUBLE, 't': 'a'}`,
      '{"n":9007199254740993,"x":"NaN","t":"a"}',
      'text',
      'STRUCT("n" BIGINT, "x" DOUBLE, "t" VARCHAR)',
    ],
    [`'{"a": [1, null]}'::JSON`, { a: [1, null] }, 'json', 'JSON'],
    [`'{"a":9007199254740993}'::JSON`, '{"a":9007199254740993}', 'text', 'JSON'],
    ['NULL', null, 'number', 'INTEGER'],
  ])('is exact: %s', async (expression, value, as, type) => {
    expect(await cell(expression)).toEqual([value, as, type]);
  });

  it('has one form for all of a column', async () => {
    const { columns, rows } = await query('SELECT unnest([1, 9007199254740993])');
    expect([columns[0]?.as, rows]).toEqual(['text', [['1'], ['9007199254740993']]]);
  });

  it('keeps two columns of one name', async () => {
    expect(await query('SELECT 1 AS a, 2 AS a')).toMatchObject({
      columns: [{ name: 'a' }, { name: 'a' }],
      rows: [[1, 2]],
    });
  });

  it('comes page by page, each row once', async () => {
    const sql = 'SELECT range AS n FROM range(25000) WHERE range % 2 = 0';
    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await query(sql, { limit: 5_000, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.rows.flat());
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: 12_500 }, (_, index) => index * 2));
  });

  it('has a cursor for this query alone', async () => {
    const { nextCursor } = await query('SELECT * FROM range(10)', { limit: 2 });
    await refusal('SELECT * FROM range(11)', { limit: 2, cursor: nextCursor }).toMatchObject({ code: 'invalid_input' });
    await refusal('SELECT 1', { cursor: 'x' }).toMatchObject({ code: 'invalid_input' });
  });

  it('has none where the next page would be of another answer', async () => {
    const page = await query('SELECT random() FROM range(10)', { limit: 2 });
    expect([page.nextCursor, page.truncated, page.rows.length]).toEqual([undefined, true, 2]);
  });

  it('is bounded in bytes, and goes on', async () => {
    const sql = `SELECT repeat('x', 300000) FROM range(5)`;
    const first = await query(sql);
    expect([first.rows.length, first.nextCursor]).toEqual([3, expect.any(String)]);
    expect((await query(sql, { cursor: first.nextCursor })).rows).toHaveLength(2);
    await refusal(`SELECT repeat('x', 2000000)`).toMatchObject({ code: 'too_large' });
  });
});

describe('what is refused', () => {
  it.each([
    [`SELECT * FROM read_text('/etc/hostname')`, 'read_text'],
    [`SELECT * FROM '/etc/passwd'`, 'no table'],
    [`SELECT (SELECT content FROM read_blob('/etc/passwd'))`, 'read_blob'],
    [`SELECT * FROM glob('/etc/*')`, 'glob'],
    [`SELECT * FROM enable_logging('QueryLog', storage = 'file', storage_path = '/tmp/x')`, 'enable_logging'],
    [`SELECT * FROM query('SELECT 1')`, 'query()'],
    ['SELECT * FROM duckdb_settings()', 'duckdb_settings'],
    ['SELECT * FROM information_schema.tables', 'no table'],
    [`SELECT current_setting('temp_directory')`, 'current_setting'],
    [`COPY data TO '/tmp/x.csv'`, 'Only SELECT'],
    [`EXPLAIN ANALYZE COPY data TO '/tmp/x.csv'`, 'Only SELECT'],
    [`ATTACH '/tmp/x.db'`, 'Only SELECT'],
    ['INSTALL httpfs', 'Only SELECT'],
    ['LOAD httpfs', 'Only SELECT'],
    ['SET threads = 8', 'Only SELECT'],
    ['PRAGMA database_list', 'Only SELECT'],
    ['CALL pragma_version()', 'Only SELECT'],
    ['SHOW TABLES', 'Only SELECT'],
    ['CREATE TABLE x (a INT)', 'Only SELECT'],
    ['INSERT INTO data VALUES (1)', 'Only SELECT'],
    ['DROP VIEW data', 'Only SELECT'],
    ['WITH x AS (SELECT 1) DELETE FROM data', 'Only SELECT'],
    ['SELECT 1; SELECT 2', '2 statements'],
    ['-- nothing', 'no statement'],
    ['SELECT 1\0', 'U+0000'],
  ])('%s', async (sql, message) => {
    await refusal(sql).toMatchObject({ code: 'invalid_input', message: expect.stringContaining(message) });
  });

  it.each([
    ['SELECT\n  nocol\nFROM data', 'Referenced column "nocol"', { line: 2, column: 3 }],
    ['SELECT id,\n\n  FROM FROM data', 'syntax error', { line: 3, column: 8 }],
    ['SELECT 1 AS "é", nofun(1)', 'nofun', { line: 1, column: 18 }],
    [`SELECT 'é' AS a,\n x FROM nowhere`, 'nowhere', { line: 2, column: 9 }],
    [`SELECT ${'1, '.repeat(200)}nocol FROM data`, 'nocol', { line: 1, column: 608 }],
    [`SELECT CAST(name AS INT) FROM data`, 'Could not convert', { line: 1, column: 8 }],
    ['EXPLAIN\nSELECT * FROM nowhere', 'nowhere', { line: 2, column: 15 }],
  ])('says where: %s', async (sql, message, place) => {
    await refusal(sql).toMatchObject({ message: expect.stringContaining(message), details: place });
  });

  it('gives a hint', async () => {
    const sql = 'SELECT CAST(beginTime AS TIMESTAMP) FROM data';
    const hint = wallet.use('query_dataset', { data: FLARES, sql });
    await expect(hint).rejects.toMatchObject({ message: expect.stringContaining('iso_time') });

    await refusal('SELECT nocol FROM data').toMatchObject({ message: expect.stringContaining('DESCRIBE') });
  });

  it.each([
    [{ data: undefined }, 'name from 1 to'],
    [{ datasets: { DATA: FLARES } }, 'two datasets have the name'],
  ])('datasets as %j', async (more, message) => {
    await refusal('SELECT 1', more).toMatchObject({ code: 'invalid_input', message: expect.stringContaining(message) });
  });

  it('another wallet’s dataset, as one that does not exist', async () => {
    const other = bench.wallet();
    const sql = 'SELECT * FROM data';
    for (const input of [{ data: numbers }, { data: FLARES, datasets: { x: numbers } }, { data: 'ds_none' }])
      await expect(other.use('query_dataset', { sql, ...input })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('what runs away, at its time limit', async () => {
    const sql = 'SELECT count(*) FROM range(1000000000000) a, range(1000000) b';
    await refusal(sql, { timeoutMs: 200 }).toMatchObject({ code: 'deadline_exceeded' });
    expect(await rowsOf('SELECT 1')).toEqual([[1]]);
  });

  it('a dataset whose columns no table can have', async () => {
    const twins = await wallet.submit([{ a: 1, A: 2 }]);
    await expect(wallet.use('query_dataset', { data: twins, sql: 'SELECT 1' })).rejects.toMatchObject({
      code: 'unsupported_format',
      message: expect.stringContaining(twins),
    });
  });
});

it('a dataset is written as a table once', async () => {
  const id = await wallet.submit([{ x: 1 }]);
  await Promise.all([1, 2, 3].map(() => wallet.use('query_dataset', { data: id, sql: 'SELECT * FROM data' })));
  const before = engine.pids;
  expect(before.length).toBeLessThanOrEqual(2);
});
