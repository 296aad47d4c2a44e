// Datasets that are larger than what fits into a call or into memory: submitted as uploads and from addresses, read, asked, turned.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { curator, DATASET_BYTES_MAX } from '@labmesh/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CuratorParts, curatorOn, curatorParts, walletOf } from '../curator.testing.js';
import { readRows, writeRows } from '../formats/codec.js';
import { FormatEngines } from '../formats/format-engines.js';
import type { Row } from '../rows.js';

let parts: CuratorParts;

beforeAll(async () => {
  parts = await curatorParts();
});
afterAll(async () => {
  await parts?.[Symbol.asyncDispose]();
  await new FormatEngines().onModuleDestroy();
});

/** Above the limit by the length of their text: what rows there are is built, read and compared many times over. */
const COUNT = 12_000;
const PADDING = 'x'.repeat(480);
const rowOf = (n: number): Row => ({
  n,
  x: n / 8,
  text: n % 3 === 0 ? '' : `${PADDING} "${n}",\n`,
  ...(n % 7 === 0 ? {} : { gap: n % 2 === 0 ? null : [n, { deep: 'ä' }] }),
  ok: n % 2 === 0,
});
const ROWS = Array.from({ length: COUNT }, (_, n) => rowOf(n));

const asText = {
  ndjson: (rows: readonly Row[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  json: (rows: readonly Row[]) => JSON.stringify(rows, null, 1),
};
let uploads = 0;
const upload = async (walletId: string, content: string | Buffer): Promise<string> => {
  const place = parts.blobs.uploads.place as { path: string };
  uploads += 1;
  const id = `large${uploads}`;
  await writeFile(join(place.path, id), content);
  const metadata = { walletId, filename: 'large' };
  await writeFile(
    join(place.path, `${id}.json`),
    JSON.stringify({ id, size: Buffer.byteLength(content), offset: 0, metadata }),
  );
  return id;
};
const wallet = () => {
  const made = walletOf(() => parts);
  const bring = async (format: string, content: string | Buffer, more: object = {}) =>
    made.use('submit_dataset', { name: 'Large', format, uploadId: await upload(made.walletId, content), ...more });
  return { ...made, bring };
};
const named = async (walletId: string): Promise<number> =>
  (await parts.database.pool.query('SELECT 1 FROM curator.blobs WHERE owner = $1', [walletId])).rows.length;

describe.each(['ndjson', 'json'] as const)('an upload of %s above the limit', (format) => {
  it('is a dataset: read by the page, asked, and given back byte for byte', async () => {
    const { use, bring, call } = wallet();
    const content = asText[format](ROWS);
    expect(content.length).toBeGreaterThan(DATASET_BYTES_MAX);
    const { dataset, schema } = await bring(format, content);
    const { datasetId } = dataset;
    expect(dataset).toMatchObject({ rows: COUNT, bytes: Buffer.byteLength(content) });
    expect(schema).toMatchObject({
      properties: { n: { type: 'integer' }, x: { type: 'number' }, gap: { type: ['array', 'null'] } },
      required: ['n', 'x', 'text', 'ok'],
    });
    const page = await use('fetch_dataset', { datasetId, offset: 11_990, limit: 20 });
    expect(page.rows).toStrictEqual(ROWS.slice(11_990));
    const odd = (offset: number) => {
      const asked = curator.tools.fetch_dataset.input.parse({ datasetId, offset, limit: 5, columns: ['n'] });
      return parts.contents.fetcher.fetch(asked, call, { datasetId, isOf: ({ ok }) => ok === false });
    };
    expect(await odd(5_990)).toMatchObject({
      rows: [11_981, 11_983, 11_985, 11_987, 11_989].map((n) => ({ n })),
      nextOffset: 5_995,
    });
    const last = await odd(5_998);
    expect([last.rows, last.nextOffset]).toStrictEqual([[{ n: 11_997 }, { n: 11_999 }], undefined]);
    expect(page.nextOffset).toBeUndefined();
    expect(await use('fetch_dataset', { datasetId, offset: 7, limit: 2, columns: ['n', 'gap'] })).toMatchObject({
      rows: [{ n: 7 }, { n: 8, gap: null }],
      nextOffset: 9,
    });
    await expect(use('fetch_dataset', { datasetId, columns: ['none'] })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    const asked = await use('query_dataset', { data: datasetId, sql: 'SELECT count(*), sum(n), sum(x) FROM data' });
    expect(asked.rows).toEqual([[COUNT, (COUNT * (COUNT - 1)) / 2, (COUNT * (COUNT - 1)) / 16]]);
    const { link } = await use('fetch_dataset', { datasetId, as: 'content' });
    expect(link?.bytes).toBe(Buffer.byteLength(content));
    const record = await parts.reader.find(datasetId, call);
    expect((await buffer(await parts.reader.open(record))).toString()).toBe(content);
  });
});

describe.each(['csv', 'tsv', 'parquet'] as const)('rows turned into %s', (format) => {
  it('and brought in again are the same rows', async () => {
    const { use, bring } = wallet();
    const first = await bring('ndjson', asText.ndjson(ROWS));
    const turned = await use('transform_data_format', { datasetId: first.dataset.datasetId, to: format });
    expect(turned).toMatchObject({ losses: [], dataset: { rows: COUNT, format, origin: 'transformed' } });
    const rows = async (datasetId: string) => {
      const all: Row[] = [];
      for (let offset: number | undefined = 0; offset !== undefined; ) {
        const page: { rows?: Row[]; nextOffset?: number } = (await use('fetch_dataset', {
          datasetId,
          offset,
          limit: 5_000,
        })) as never;
        all.push(...(page.rows ?? []));
        offset = page.nextOffset;
      }
      return all;
    };
    expect(await rows(turned.dataset.datasetId)).toStrictEqual(ROWS);
    const back = await use('transform_data_format', { datasetId: turned.dataset.datasetId, to: 'json' });
    expect(await rows(back.dataset.datasetId)).toStrictEqual(ROWS);
  });
});

describe('CSV above the limit', () => {
  it('is read as a small one is, cell by cell', async () => {
    const { bring, use } = wallet();
    const special =
      'a,b,c,d,e,f,g\r\n1,x,true,,null,"[1,\n2]",007\r2,"say ""no""",false,"",,"{}",008\n3.0,,true,,null,"[]",1e3\n';
    const filler = Array.from({ length: 12_000 }, (_, n) => `${n},${PADDING},true,,null,"[${n}]",0${n}\n`).join('');
    const { dataset } = await bring('csv', special + filler);
    expect(dataset.rows).toBe(12_003);
    const whole = (await readRows('csv', Buffer.from(special + filler.slice(0, filler.indexOf('\n', 20_000) + 1))))
      .rows;
    expect(
      (await use('fetch_dataset', { datasetId: dataset.datasetId, limit: 5_000 })).rows?.slice(0, whole.length),
    ).toStrictEqual(whole);
  });

  it('follows the schema', async () => {
    const { bring, use } = wallet();
    const text = `id,when\n${Array.from({ length: 200_000 }, (_, n) => `${n},2017-09-04T18:05:00Z`).join('\n')}\n`;
    const schema = { properties: { id: { type: 'string' } }, required: ['id'] };
    const { dataset } = await bring('csv', text, { schema });
    expect((await use('fetch_dataset', { datasetId: dataset.datasetId, limit: 1 })).rows).toEqual([
      { id: '0', when: '2017-09-04T18:05:00Z' },
    ]);
  });
});

describe('numbers', () => {
  it('stay exact, or are refused with their row', async () => {
    const { bring, use } = wallet();
    const lines = ROWS.map(({ n }) => ({ n, PADDING })) as Row[];
    const text = await bring('ndjson', asText.ndjson([...lines, { n: 'a text', PADDING }]));
    const last = await use('fetch_dataset', { datasetId: text.dataset.datasetId, offset: COUNT - 1 });
    expect(last.rows).toStrictEqual([lines.at(-1), { n: 'a text', PADDING }]);
    const long = `[${lines.map((row) => JSON.stringify(row)).join(',')},{"n":123456789012345678}]`;
    const big = await bring('json', long);
    const asked = await use('query_dataset', { data: big.dataset.datasetId, sql: 'SELECT max(n) FROM data' });
    expect(asked.rows).toEqual([['123456789012345678']]);
    await expect(bring('json', long.replace('5678}', '5678.25}'))).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(`row ${COUNT}, column "n"`),
    });
  });
});

describe('what is refused leaves nothing', () => {
  const broken = (end: string): string => `${asText.ndjson(ROWS)}${end}`;
  it.each<[string, string, string, object, string, string]>([
    ['a malformed line', 'ndjson', broken('{"n":\n'), {}, 'invalid_input', `row ${COUNT}`],
    ['a list that does not end', 'json', asText.json(ROWS).slice(0, -2), {}, 'invalid_input', 'does not end'],
    ['a list with a gap', 'json', asText.json(ROWS).replace('},', '},,'), {}, 'invalid_input', 'row 1'],
    [
      'a cell too many',
      'csv',
      `a,b\n${'1,22222222\n'.repeat(300_000)}1,2,3\n`,
      {},
      'invalid_input',
      'row 300000 has 3 cells',
    ],
    ['an open quote', 'csv', `a,b\n${'1,22222222\n'.repeat(300_000)}1,"2\n`, {}, 'invalid_input', 'never closed'],
    ['another checksum', 'ndjson', broken(''), { sha256: 'a'.repeat(64) }, 'invalid_input', 'SHA-256'],
    [
      'a row that does not fit',
      'ndjson',
      broken('{"n":-1}\n'),
      { schema: { properties: { n: { minimum: 0 } } } },
      'invalid_input',
      `1 of ${COUNT + 1} rows do not fit the schema: row ${COUNT} at /n`,
    ],
    ['a format that is read whole', 'yaml', broken(''), {}, 'too_large', 'ndjson, json, csv, tsv, parquet'],
  ])('%s', async (_, format, content, more, code, message) => {
    const { bring, walletId, use } = wallet();
    await expect(bring(format, content, more)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    expect(await named(walletId)).toBe(0);
    expect((await use('list_available_datasets', { owner: 'mine' })).datasets).toEqual([]);
  });

  it('and what is above the quota is refused before it is copied', async () => {
    const { walletId, call } = wallet();
    const content = `${asText.ndjson(ROWS)}{"n":"of this test alone"}\n`;
    const uploadId = await upload(walletId, content);
    const small = curatorOn(parts.database, parts.blobs, { quotas: { researcher: 4_000_000 } });
    const submission = { name: 'x', description: '', format: 'ndjson', encoding: 'utf8', uploadId } as const;
    await expect(small.tools.submit_dataset(submission, call)).rejects.toMatchObject({ code: 'quota_exceeded' });
    expect(await parts.references.store.stat(createHash('sha256').update(content).digest('hex'))).toBeUndefined();
  });
});

it('a packed file that unpacks to more than memory may hold is taken by its file', async () => {
  const { use } = wallet();
  const many = Array.from({ length: 100_000 }, (_, n): Row => ({ same: PADDING, n: n % 7 }));
  const half = await writeRows('parquet', many);
  const made = await use('submit_dataset', {
    name: 'Packed',
    format: 'parquet',
    encoding: 'base64',
    content: half.bytes.toString('base64'),
  });
  expect(made.dataset.rows).toBe(100_000);
  expect((await use('fetch_dataset', { datasetId: made.dataset.datasetId, offset: 99_999 })).rows).toEqual([
    many.at(-1),
  ]);
});

it('an address gives data of any size', async () => {
  const content = asText.ndjson(ROWS);
  const server = createServer((_, response) => void response.end(content));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const settings = { LABMESH_FETCH_ALLOW: origin.slice('http://'.length) };
    const { use } = walletOf(() => curatorOn(parts.database, parts.blobs, { settings }));
    const { dataset } = await use('submit_dataset', { name: 'Fetched', format: 'ndjson', url: `${origin}/rows` });
    expect(dataset).toMatchObject({ rows: COUNT, provenance: { source: `${origin}/rows` } });
  } finally {
    server.close();
  }
});

it('a new version may be large where the one before was small, and withdrawing removes both', async () => {
  const { use, submit, walletId } = wallet();
  const { dataset } = await submit([rowOf(1)]);
  const { datasetId } = dataset;
  const uploadId = await upload(walletId, asText.ndjson(ROWS));
  await use('update_dataset', { datasetId, format: 'ndjson', uploadId });
  expect((await use('fetch_dataset', { datasetId, limit: 1, version: 1 })).rows).toStrictEqual([rowOf(1)]);
  expect((await use('fetch_dataset', { datasetId, limit: 1 })).rows).toStrictEqual([rowOf(0)]);
  const tables = () =>
    parts.database.pool.query(
      `SELECT 1 FROM curator.dataset_versions WHERE dataset_id = $1 AND table_blob_id IS NOT NULL`,
      [datasetId],
    );
  expect((await tables()).rows).toHaveLength(1);
  await use('withdraw_dataset', { datasetId });
  expect((await tables()).rows).toHaveLength(0);
});

it.each(['ndjson', 'json', 'parquet'] as const)(
  'columns that are new are left out of a large version in %s',
  async (format) => {
    const { use, bring, walletId } = wallet();
    const { dataset } = await bring('ndjson', asText.ndjson(ROWS));
    const { datasetId } = dataset;
    const more = ROWS.map((row, n) => ({ ...row, extra: n, ...(n === 9 ? { x: 'no number' } : {}) }));
    const content = format === 'parquet' ? (await writeRows('parquet', more)).bytes : asText[format](more);
    const send = async (drift: string) => ({ datasetId, format, drift, uploadId: await upload(walletId, content) });
    await expect(use('update_dataset', await send('freeze'))).rejects.toMatchObject({ code: 'conflict' });
    const { drift, dataset: second } = await use('update_dataset', await send('discard'));
    expect(drift?.discarded).toEqual({ columns: ['extra'], rows: 1 });
    expect(second).toMatchObject({ rows: COUNT - 1, format });
    expect((await use('fetch_dataset', { datasetId, offset: 8, limit: 2 })).rows).toStrictEqual([ROWS[8], ROWS[10]]);
    const third = await use('update_dataset', await send('evolve'));
    expect(third.drift?.changes).toMatchObject([
      { column: 'extra', kind: 'added' },
      { column: 'x', kind: 'retyped', widens: true },
    ]);
  },
);

describe('what looks at all rows of a large one', () => {
  it('answers as of a small one: checks, rules, schema, profile, differences', async () => {
    const { use, bring } = wallet();
    const { dataset } = await bring('ndjson', asText.ndjson(ROWS));
    const { datasetId } = dataset;
    const rules = [
      { name: 'gaps', notNull: 'gap' },
      { name: 'one', unique: ['n'] },
      { name: 'two', unique: ['ok', 'x'] },
      { name: 'same', unique: ['text'] },
      { name: 'least', sql: 'n > 1' },
      { name: 'odd', notNull: 'nothing' },
    ];
    const schema = { properties: { n: { minimum: 3 } } };
    const checked = await use('validate_data_schema', { datasetId, schema, rules, maxErrors: 2 });
    expect(checked).toMatchObject({ rowsChecked: COUNT, invalidRows: 3, partial: true, against: 'given' });
    // The same by hand.
    const gaps = ROWS.flatMap(({ gap }, n) => (gap === undefined || gap === null ? [n] : []));
    expect(checked.rules.slice(1)).toMatchObject([
      { rule: 'gaps', failures: gaps.length, samples: gaps.slice(0, 20) },
      { rule: 'one', status: 'ok' },
      { rule: 'two', status: 'ok' },
      { rule: 'same', failures: Math.ceil(COUNT / 3) - 1 },
      { rule: 'least', failures: 2, samples: [0, 1] },
      { rule: 'odd', status: 'error' },
    ]);
    expect(await use('validate_data_schema', { datasetId, like: datasetId })).toMatchObject({
      valid: true,
      against: 'inferred',
    });
    expect((await use('infer_schema', { datasetId })).rows).toBe(COUNT);
    const profile = (await use('profile_dataset', { datasetId, picture: false })).structured as {
      rows: number;
      duplicates: number;
    };
    expect(profile).toMatchObject({ rows: COUNT, duplicates: 0 });

    await use('update_dataset', { datasetId, format: 'json', content: JSON.stringify([{ n: 1, fresh: true }]) });
    const compared = await use('compare_datasets', { before: datasetId, beforeVersion: 1 });
    expect(compared).toMatchObject({ same: false, rowsBefore: COUNT, rowsAfter: 1 });
    expect(compared.changes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ column: 'fresh', kind: 'added' }),
        expect.objectContaining({ column: 'n', kind: 'range', before: `0 to ${COUNT - 1}`, after: '1 to 1' }),
      ]),
    );
    const sql = 'SELECT (SELECT count(*) FROM data), (SELECT count(*) FROM old)';
    const both = { data: datasetId, datasets: { old: datasetId }, versions: { old: 1 }, sql };
    expect((await use('query_dataset', both)).rows).toEqual([[1, COUNT]]);
    expect((await use('profile_dataset', { datasetId, version: 1, picture: false })).structured).toMatchObject({
      rows: COUNT,
    });
    await expect(use('query_dataset', { ...both, versions: { other: 1 } })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(use('query_dataset', { ...both, versions: { old: 7 } })).rejects.toMatchObject({ code: 'not_found' });
  });
});
