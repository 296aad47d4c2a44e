// A lab of before there was a place for bytes: its content moves there once, and a process that dies on the way loses none.
import { createHash } from 'node:crypto';
import { AppError } from '@labmesh/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CuratorParts, curatorOn, curatorParts, walletOf } from '../curator.testing.js';
import { readShipped } from '../shipped/shipped-loader.js';

let parts: CuratorParts;

beforeAll(async () => {
  parts = await curatorParts();
});
afterAll(() => parts?.[Symbol.asyncDispose]());

/** As the migration leaves a dataset that an older version stored. */
async function stored(id: string, owner: string, content: string | Uint8Array): Promise<void> {
  const bytes = Buffer.from(content);
  const { pool } = parts.database;
  const provenance = {
    source: 's',
    license: null,
    obtainedAt: new Date().toISOString(),
    derivedFrom: null,
    note: null,
  };
  await pool.query(
    `INSERT INTO curator.datasets (id, name, description, format, owner, version, source, content)
     VALUES ($1, 'Old', '', 'json', $2, 1, 'submission', $3)`,
    [id, owner, bytes],
  );
  await pool.query(
    `INSERT INTO curator.dataset_versions (dataset_id, version, format, row_count, byte_count, sha256, provenance)
     VALUES ($1, 1, 'json', 1, $2, $3, $4)`,
    [id, bytes.length, createHash('sha256').update(bytes).digest('hex'), provenance],
  );
}

const left = async (): Promise<number> =>
  (await parts.database.pool.query('SELECT 1 FROM curator.datasets WHERE content IS NOT NULL')).rows.length;

it('moves once, through deaths at any step and beside another replica, and reads as before', async () => {
  const { use, walletId } = walletOf(() => parts);
  const ids = Array.from({ length: 6 }, (_, n) => `ds_old-${n}`);
  for (const [n, id] of ids.entries()) await stored(id, walletId, JSON.stringify([{ n }]));
  // Two of one content; and the lab's own, which the start stores anew.
  await stored('ds_old-twin', walletId, JSON.stringify([{ n: 0 }]));
  const shipped = await readShipped();
  await stored(shipped.id, 'lab', shipped.content);
  for (const step of ['put', 'stat'] as const) {
    let calls = 0;
    const store = new Proxy(parts.references.store, {
      get: (target, property) =>
        property === step && ++calls === 3
          ? () => Promise.reject(new AppError('unavailable', 'died'))
          : Reflect.get(target, property).bind(target),
    });
    await expect(curatorOn(parts.database, { ...parts.blobs, of: () => store }).old.move()).rejects.toThrow('died');
  }
  const before = await left();
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(8);
  const other = curatorOn(parts.database, parts.blobs);
  const moved = await Promise.all([parts.old.move(), other.old.move()]);
  expect([moved[0] + moved[1], await left()]).toEqual([before, 0]);
  await parts.loader.onModuleInit();
  await parts.collector(-1_000).collect();
  for (const [n, datasetId] of ids.entries()) expect((await use('fetch_dataset', { datasetId })).rows).toEqual([{ n }]);
  expect((await use('fetch_dataset', { datasetId: 'ds_old-twin' })).rows).toEqual([{ n: 0 }]);
  expect((await use('fetch_dataset', { datasetId: shipped.id })).dataset).toMatchObject({
    bytes: shipped.content.length,
    version: 1,
  });
  const { rows } = await parts.database.pool.query(
    'SELECT owner, count(*)::int AS count FROM curator.blobs GROUP BY 1 ORDER BY 1',
  );
  expect(rows).toEqual([
    { owner: 'lab', count: 1 },
    { owner: walletId, count: 7 },
  ]);
});

it('that is damaged stays where it is, is told, and holds nothing else up', async () => {
  const { use, walletId } = walletOf(() => parts);
  await stored('ds_damaged', walletId, '[{"a":1}]');
  await stored('ds_sound', walletId, '[{"a":2}]');
  await parts.database.pool.query(`UPDATE curator.datasets SET content = 'x' WHERE id = 'ds_damaged'`);
  expect([await parts.old.move(), await left()]).toEqual([1, 1]);
  expect((await use('fetch_dataset', { datasetId: 'ds_sound' })).rows).toEqual([{ a: 2 }]);
  await expect(use('fetch_dataset', { datasetId: 'ds_damaged' })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('damaged'),
  });
});
