// Files and SQLite: what is allowed is read, and every way out of the allowed folder is refused.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenSources, openSources, type Replica } from './open-sources.testing.js';

let folder = '';
let sources: OpenSources;
let lab: Replica;

const FACE = {
  manifest: 1,
  title: 'Local',
  description: 'Local',
  licence: 'CC0-1.0',
  homepage: 'https://example.org',
  topics: ['tests'],
};
const stream = (more: object) => ({ title: 'Rows', description: 'Rows', ...more });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-local-'));
  await mkdir(join(folder, 'allowed/deep'), { recursive: true });
  await writeFile(join(folder, 'secret.json'), '[{"secret":1}]');
  await writeFile(join(folder, 'allowed/deep/rows.csv'), 'id,name\n1,a\n2,b\n');
  await writeFile(join(folder, 'allowed/rows.json'), '[{"id":1},{"id":2}]');
  await symlink(join(folder, 'secret.json'), join(folder, 'allowed/link.json'));
  await symlink(folder, join(folder, 'allowed/up'));
  await mkdir(join(folder, 'allowed/folder.json'));
  const database = new sqlite.Database(join(folder, 'allowed/lab.sqlite'));
  database.exec(
    `CREATE TABLE runs (id INTEGER, name TEXT, share REAL, raw BLOB); INSERT INTO runs VALUES (1, 'a', 0.5, x'00ff'), (2, NULL, 1.0, NULL)`,
  );
  database.close();
  sources = await openSources({ LABMESH_SOURCE_FOLDERS: join(folder, 'allowed') });
  lab = sources.replica();
});
afterAll(async () => {
  await sources?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const files = (path: string, more: object = {}) =>
  lab.catalog.add(
    JSON.stringify({
      ...FACE,
      name: 'files',
      kind: 'file',
      folder: join(folder, 'allowed'),
      streams: { rows: stream({ path, format: 'json' }) },
      ...more,
    }),
    'test',
  );
const queried = (query: string, more: object = {}) =>
  lab.catalog.add(
    JSON.stringify({
      ...FACE,
      name: 'lite',
      kind: 'sqlite',
      file: join(folder, 'allowed/lab.sqlite'),
      streams: { rows: stream({ query, ...more }) },
    }),
    'test',
  );
const fetchRows = async (source: string) => {
  const { dataset } = await lab.fetch({ source, stream: 'rows' });
  return lab.rowsOf(dataset.datasetId);
};

describe('a file source', () => {
  it('reads files inside its folder, and their newest content takes the place of the last', async () => {
    await files('rows.json');
    expect(await fetchRows('files')).toStrictEqual([{ id: 1 }, { id: 2 }]);
    await writeFile(join(folder, 'allowed/rows.json'), '[{"id":3}]');
    expect(await fetchRows('files')).toStrictEqual([{ id: 3 }]);
    await files('deep/rows.csv', { streams: { rows: stream({ path: 'deep/rows.csv', format: 'csv' }) } });
    expect(await fetchRows('files')).toStrictEqual([
      { id: 1, name: 'a' },
      { id: 2, name: 'b' },
    ]);
  });

  it.each([
    ['../secret.json', 'forbidden'],
    ['deep/../../secret.json', 'forbidden'],
    ['/etc/hostname', 'forbidden'],
    ['link.json', 'forbidden'],
    ['up/secret.json', 'forbidden'],
    ['up/allowed/rows.json', 'forbidden'],
    ['folder.json', 'forbidden'],
    ['missing.json', 'not_found'],
  ])('refuses %s as %s', async (path, code) => {
    await files(path);
    await expect(lab.fetch({ source: 'files', stream: 'rows' })).rejects.toMatchObject({ code });
  });

  it('refuses folders that nobody allowed, devices and sockets', async () => {
    await files('secret.json', { folder });
    await expect(lab.fetch({ source: 'files', stream: 'rows' })).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('LABMESH_SOURCE_FOLDERS'),
    });
    const socket = createServer();
    await new Promise<void>((resolve) => socket.listen(join(folder, 'allowed/socket.json'), resolve));
    await files('socket.json');
    await expect(lab.fetch({ source: 'files', stream: 'rows' })).rejects.toThrow(/no regular file/);
    await new Promise((resolve) => socket.close(resolve));
    const devices = sources.replica({ LABMESH_SOURCE_FOLDERS: '/dev' });
    await files('zero', { folder: '/dev' });
    await expect(devices.fetch({ source: 'files', stream: 'rows' })).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('a SQLite source', () => {
  it('reads rows, with what is NULL', async () => {
    await queried('SELECT id, name, share FROM runs ORDER BY id');
    expect(await fetchRows('lite')).toStrictEqual([
      { id: 1, name: 'a', share: 0.5 },
      { id: 2, name: null, share: 1 },
    ]);
  });

  it.each([
    ['DELETE FROM runs', /does not begin with SELECT/],
    ['WITH x AS (SELECT 1) DELETE FROM runs', /Cannot read the database/],
    [`ATTACH '/etc/passwd' AS x`, /does not begin with SELECT/],
    ['SELECT raw FROM runs', /row 0 has bytes in the column raw/],
    ['SELECT * FROM missing', /no such table/],
    ['SELECT 9007199254740993 AS big', /9007199254740993/],
  ])('refuses %s', async (query, why) => {
    await queried(query);
    await expect(lab.fetch({ source: 'lite', stream: 'rows' })).rejects.toThrow(why);
  });

  it('ends a query that runs away', async () => {
    await queried('WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) AS c FROM n', {
      timeout: '300ms',
    });
    await expect(lab.fetch({ source: 'lite', stream: 'rows' })).rejects.toThrow(/takes longer than 300 ms/);
  });
});
