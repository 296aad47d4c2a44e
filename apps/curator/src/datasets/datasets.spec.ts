// The five tools on a real embedded database: whose datasets are seen, what is refused, what survives.
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DATA_FORMATS, DATASET_BYTES_MAX } from '@labmesh/contracts';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CuratorParts, curatorParts, walletOf } from '../curator.testing.js';
import { FormatEngines } from '../formats/format-engines.js';
import { readShipped } from '../shipped/shipped-loader.js';

const FLARES = 'ds_donki-solar-flares-2016-2018';
let parts: CuratorParts;
let server: Server;
let origin = '';

beforeAll(async () => {
  parts = await curatorParts({ settings: { LABMESH_FETCH_ALLOW: '127.0.0.1' } });
  await parts.loader.onModuleInit();
  server = createServer(
    (request, response) => void (request.url === '/x.csv' ? response.end('a,b\n1,x\n') : response.writeHead(500).end()),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await parts?.[Symbol.asyncDispose]();
  await new Promise((resolve) => server.close(resolve));
  await new FormatEngines().onModuleDestroy();
});

type Name = keyof CuratorParts['tools'];
const wallet = () => walletOf(() => parts);

describe('what is shipped', () => {
  it('is there for everyone, with schema and provenance, and fits its schema', async () => {
    const { use } = wallet();
    const { dataset, rows, schema } = await use('fetch_dataset', { datasetId: FLARES });
    expect(dataset).toMatchObject({
      owner: 'lab',
      rows: 98,
      format: 'json',
      provenance: { license: 'CC0-1.0', source: expect.stringContaining('https://') },
    });
    expect(rows?.[0]).toMatchObject({ flrID: '2016-01-01T23:00:00-FLR-001', peakTime: '2015-01-02T00:10Z' });
    expect(Object.keys(schema?.properties as object)).toStrictEqual(Object.keys(rows?.[0] as object));
    expect(await use('validate_data_schema', { datasetId: FLARES })).toMatchObject({ valid: true, rowsChecked: 98 });
  });

  it('is stored once, and anew when the file has changed', async () => {
    const shipped = await readShipped();
    const { loader } = parts;
    expect(await loader.ship(shipped)).toBe(false);
    expect(await loader.ship({ ...shipped, description: 'Changed' })).toBe(true);
    expect(await loader.ship({ ...shipped, content: Buffer.from('[]') })).toBe(true);
    expect(await loader.ship(shipped)).toBe(true);
    expect(await loader.ship(shipped)).toBe(false);
  });

  it('costs a later start reading alone, and is put back where it was lost', async () => {
    const { store } = parts.references;
    const puts = vi.spyOn(store, 'put');
    const changes = () =>
      parts.database.pool
        .query("SELECT count, xmin FROM curator.dataset_changes WHERE owner = 'lab'")
        .then(({ rows }) => rows);
    const before = await changes();
    await parts.loader.onModuleInit();
    expect([await changes(), puts.mock.calls.length]).toEqual([before, 0]);
    const { content } = await readShipped();
    const sha256 = createHash('sha256').update(content).digest('hex');
    await store.remove(sha256);
    await parts.loader.onModuleInit();
    expect(await store.stat(sha256)).toMatchObject({ bytes: content.byteLength });
    puts.mockRestore();
  });

  it('keeps its rows through every format and back', async () => {
    const { use } = wallet();
    const first = await use('fetch_dataset', { datasetId: FLARES });
    for (const to of DATA_FORMATS.filter((format) => format !== 'prometheus' && format !== 'openmetrics')) {
      const there = await use('transform_data_format', { datasetId: FLARES, to });
      const back = await use('transform_data_format', { datasetId: there.dataset.datasetId, to: 'json' });
      const again = await use('fetch_dataset', { datasetId: back.dataset.datasetId });
      expect(again.rows).toStrictEqual(first.rows);
      expect(again.schema).toStrictEqual(first.schema);
      expect(again.dataset.sha256).toBe(first.dataset.sha256);
      expect(there.dataset).toMatchObject({
        format: to,
        rows: 98,
        provenance: { derivedFrom: FLARES, license: 'CC0-1.0' },
      });
    }
  });
});

describe('submitting', () => {
  it('stores the bytes as they came, and infers the schema', async () => {
    const { use, walletId } = wallet();
    const content = '\uFEFFb,a\r\n007,\r\n"",1.5\r\n';
    const { dataset, schema } = await use('submit_dataset', {
      name: 'Mine',
      format: 'csv',
      content,
      license: 'CC-BY-4.0',
    });
    expect(dataset).toMatchObject({
      owner: walletId,
      rows: 2,
      bytes: Buffer.byteLength(content),
      provenance: { license: 'CC-BY-4.0', derivedFrom: null },
    });
    expect(schema).toMatchObject({ properties: { b: { type: 'string' }, a: { type: ['number', 'null'] } } });
    expect(await use('fetch_dataset', { datasetId: dataset.datasetId, as: 'content' })).toMatchObject({
      content: { encoding: 'utf8', data: content },
    });
    expect((await use('fetch_dataset', { datasetId: dataset.datasetId })).rows).toStrictEqual([
      { b: '007', a: null },
      { b: '', a: 1.5 },
    ]);
  });

  it('takes Parquet as base64 and gives it back so', async () => {
    const { use, submit } = wallet();
    const { dataset } = await submit([{ a: null }, {}, { a: [1] }]);
    const parquet = await use('transform_data_format', { datasetId: dataset.datasetId, to: 'parquet', name: 'P' });
    const { content } = await use('fetch_dataset', { datasetId: parquet.dataset.datasetId, as: 'content' });
    expect(content?.encoding).toBe('base64');
    const again = await use('submit_dataset', {
      name: 'Again',
      format: 'parquet',
      content: content?.data,
      encoding: 'base64',
    });
    expect(again.dataset.sha256).toBe(parquet.dataset.sha256);
    expect((await use('fetch_dataset', { datasetId: again.dataset.datasetId })).rows).toStrictEqual([
      { a: null },
      {},
      { a: [1] },
    ]);
  });

  it('refuses rows that do not fit the schema, with the rows and reasons', async () => {
    const { submit } = wallet();
    await expect(
      submit([{ a: 1 }, { a: 'x' }], { schema: { properties: { a: { type: 'integer' } } } }),
    ).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('row 1 at /a must be integer'),
      details: { invalidRows: 1, errors: [{ row: 1, path: '/a' }] },
    });
  });

  it('takes text for null the same bytes read by another schema', async () => {
    const { use } = wallet();
    const read = async (type: string) => {
      const { dataset } = await use('submit_dataset', {
        name: 'n',
        format: 'csv',
        content: 'a\n1\n',
        schema: { properties: { a: { type } } },
      });
      return (await use('fetch_dataset', { datasetId: dataset.datasetId })).rows;
    };
    expect([await read('string'), await read('integer')]).toStrictEqual([[{ a: '1' }], [{ a: 1 }]]);
  });

  it.each([
    ['neither content nor url', {}, 'invalid_input'],
    ['both', { content: '[]', url: 'http://127.0.0.1/' }, 'invalid_input'],
    ['half a character', { content: '["\uD800"]' }, 'invalid_input'],
    ['no base64', { content: 'a b', encoding: 'base64' }, 'invalid_input'],
    ['Parquet as text', { content: 'PAR1', format: 'parquet' }, 'invalid_input'],
    ['U+0000 in the name', { content: '[]', name: 'a\0b' }, 'invalid_input'],
    ['a broken schema', { content: '[]', schema: { type: 'text' } }, 'invalid_input'],
    ['a host that is not allowed', { url: 'http://localhost:1/' }, 'forbidden'],
    ['a file', { url: 'file:///etc/passwd' }, 'invalid_input'],
    ['too much', { content: `[${'{},'.repeat(DATASET_BYTES_MAX / 3)}{}]` }, 'too_large'],
    ['too much as base64', { content: 'A'.repeat(4_400_000), encoding: 'base64' }, 'too_large'],
  ])('refuses %s', async (_, input, code) => {
    await expect(wallet().use('submit_dataset', { name: 'x', format: 'json', ...input })).rejects.toMatchObject({
      code,
    });
  });

  it('fetches from an allowed address, and names it as the source without its query', async () => {
    const { use } = wallet();
    const { dataset } = await use('submit_dataset', { name: 'Fetched', format: 'csv', url: `${origin}/x.csv` });
    expect(dataset).toMatchObject({ rows: 1, provenance: { source: `${origin}/x.csv` } });
    await expect(use('submit_dataset', { name: 'x', format: 'csv', url: `${origin}/no` })).rejects.toMatchObject({
      code: 'upstream_failed',
    });
  });
});

describe('another wallet’s dataset', () => {
  it('is answered exactly as one that does not exist, by every tool', async () => {
    const { dataset } = await wallet().submit([{ secret: 1 }], { name: 'Secret' });
    const { use } = wallet();
    const uses: Array<[Name, object]> = [
      ['fetch_dataset', {}],
      ['fetch_dataset', { as: 'content' }],
      ['validate_data_schema', {}],
      ['transform_data_format', { to: 'csv' }],
    ];
    const refusal = (name: Name, datasetId: string, more: object) =>
      use(name, { datasetId, ...more }).then(
        () => expect.unreachable(),
        ({ code, message, details }) => ({ code, message: message.replace(datasetId, 'ID'), details }),
      );
    for (const [name, more] of uses) {
      const theirs = await refusal(name, dataset.datasetId, more);
      expect(theirs).toStrictEqual(await refusal(name, `ds_${uuidv7()}`, more));
      expect(theirs.code).toBe('not_found');
    }
    expect((await use('list_available_datasets', { query: 'secret' })).datasets).toStrictEqual([]);
  });
});

describe('listing and paging', () => {
  it('goes through own and shipped datasets, newest first, page by page', async () => {
    const { use, submit } = wallet();
    const made: string[] = [];
    for (let n = 0; n < 5; n += 1)
      made.unshift(
        (await submit([{ n }], { name: `Number ${n}`, description: n % 2 === 0 ? 'An even_one 100%' : '' })).dataset
          .datasetId,
      );
    const listed: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await use('list_available_datasets', { limit: 2, cursor });
      listed.push(...page.datasets.map(({ datasetId }) => datasetId));
      cursor = page.nextCursor;
    } while (cursor !== undefined && listed.length < 20);
    expect(listed).toStrictEqual([...made, FLARES]);
    const found = async (query: string) =>
      (await use('list_available_datasets', { query })).datasets.map(({ name }) => name);
    expect(await found('EVEN_ONE number')).toStrictEqual(['Number 4', 'Number 2', 'Number 0']);
    expect(await found('100% 2')).toStrictEqual(['Number 2']);
    expect(await found('e_en')).toStrictEqual([]);
    await expect(use('list_available_datasets', { cursor: 'nonsense' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('gives rows page by page, and tells when there are more', async () => {
    const { use, submit } = wallet();
    const { dataset } = await submit(Array.from({ length: 5 }, (_, n) => ({ n })));
    const page = (offset: number, limit: number) =>
      use('fetch_dataset', { datasetId: dataset.datasetId, offset, limit });
    expect(await page(1, 2)).toMatchObject({ rows: [{ n: 1 }, { n: 2 }], nextOffset: 3 });
    expect(await page(3, 2)).not.toHaveProperty('nextOffset');
    expect(await page(9, 2)).toMatchObject({ rows: [] });
  });

  it('refuses a page that is too large for an answer, and says what fits', async () => {
    const { use } = wallet();
    const text = 'x'.repeat(100_000);
    const { dataset } = await use('submit_dataset', {
      name: 'Wide',
      format: 'yaml',
      content: `- &a {t: ${text}}\n${'- *a\n'.repeat(40)}`,
    });
    await expect(use('fetch_dataset', { datasetId: dataset.datasetId })).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringContaining('at most 31'),
    });
    expect((await use('fetch_dataset', { datasetId: dataset.datasetId, limit: 31 })).rows).toHaveLength(31);
    await expect(use('transform_data_format', { datasetId: dataset.datasetId, to: 'arrow' })).rejects.toMatchObject({
      code: 'too_large',
    });
    // Written by the portion instead.
    const turned = await use('transform_data_format', { datasetId: dataset.datasetId, to: 'json' });
    expect(turned.dataset).toMatchObject({ rows: 41, bytes: 4_100_413 });
    expect((await use('fetch_dataset', { datasetId: turned.dataset.datasetId, limit: 1 })).rows).toEqual([{ t: text }]);
  });
});

describe('validating', () => {
  it('checks rows sent along, or a dataset against another schema', async () => {
    const { use } = wallet();
    const schema = { properties: { classType: { pattern: '^X' } } };
    expect(
      await use('validate_data_schema', { rows: [{ classType: 'X9' }, { classType: 'M1' }], schema }),
    ).toMatchObject({ valid: false, invalidRows: 1 });
    const verdict = await use('validate_data_schema', { datasetId: FLARES, schema, maxErrors: 2 });
    expect(verdict.errors).toHaveLength(2);
    expect(verdict.invalidRows).toBeGreaterThan(2);
  });

  it('sees every member of rows sent along', async () => {
    const { use } = wallet();
    const rows = JSON.parse('[{"__proto__":1,"toString":2,"a":{"__proto__":{}}}]');
    const schema = JSON.parse(
      '{"required":["__proto__"],"properties":{"__proto__":{"const":1},"a":{"minProperties":1}}}',
    );
    expect(await use('validate_data_schema', { rows, schema })).toMatchObject({ valid: true });
    expect(await use('validate_data_schema', { rows: [{}], schema })).toMatchObject({ valid: false });
  });

  it.each([
    ['[{"a":1},{"b":[9007199254740993]}]', 'row 1 holds the integer 9007199254740992'],
    ['[{"a":{"b":-18446744073709551615}}]', 'row 0 holds the integer -18446744073709552000'],
  ])('refuses rows sent along that may have been rounded: %s', async (rows, message) => {
    await expect(wallet().use('validate_data_schema', { rows: JSON.parse(rows), schema: {} })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(message),
    });
  });

  it('takes large numbers that are no long integers', async () => {
    const rows = [{ a: 6.022_140_76e23, b: 1e300, c: Number.MAX_SAFE_INTEGER, d: 0.1 }];
    expect(await wallet().use('validate_data_schema', { rows, schema: {} })).toMatchObject({ valid: true });
  });

  it.each([[{}], [{ rows: [] }], [{ rows: [], datasetId: FLARES, schema: {} }]])('refuses %j', async (input) => {
    await expect(wallet().use('validate_data_schema', input)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
