// Versions of datasets on the embedded database; uploads, quotas, and what a crash leaves.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, DATASET_BYTES_MAX } from '@labmesh/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CuratorParts, curatorOn, curatorParts, walletOf } from '../curator.testing.js';
import { FormatEngines } from '../formats/format-engines.js';
import { catalogueTests } from './catalogue.testing.js';
import { versionTests } from './versions.testing.js';

let parts: CuratorParts;

beforeAll(async () => {
  parts = await curatorParts();
});
afterAll(async () => {
  await parts?.[Symbol.asyncDispose]();
  await new FormatEngines().onModuleDestroy();
});

versionTests(() => parts);
catalogueTests(() => parts);

describe('an upload', () => {
  const upload = async (id: string, walletId: string, content: string, size = content.length) => {
    const place = parts.blobs.uploads.place as { path: string };
    const metadata = { walletId, filename: 'my\u0000 table.csv' };
    await writeFile(join(place.path, id), content);
    await writeFile(join(place.path, `${id}.json`), JSON.stringify({ id, size, offset: 0, metadata }));
  };

  it('becomes a dataset, and is gone then', async () => {
    const { use, walletId } = walletOf(() => parts);
    await upload('up1', walletId, 'a,b\n1,2\n');
    const { dataset } = await use('submit_dataset', { name: 'Uploaded', format: 'csv', uploadId: 'up1' });
    expect(dataset).toMatchObject({ rows: 1, provenance: { source: 'Uploaded by its owner as my  table.csv' } });
    await expect(use('submit_dataset', { name: 'Again', format: 'csv', uploadId: 'up1' })).rejects.toMatchObject({
      code: 'not_found',
    });
    await upload('up2', walletId, 'a,b\n3,4\n');
    const second = await use('update_dataset', { datasetId: dataset.datasetId, format: 'csv', uploadId: 'up2' });
    expect(second.dataset.version).toBe(2);
  });

  it('of another wallet, unfinished or unreadable, large or not, is refused, and stays', async () => {
    const { use, walletId } = walletOf(() => parts);
    const other = walletOf(() => parts);
    const take = (uploadId: string) => use('submit_dataset', { name: 'x', format: 'json', uploadId });
    await upload('theirs', other.walletId, '[]');
    await upload('half', walletId, '[', 2);
    await upload('large', walletId, ' '.repeat(DATASET_BYTES_MAX + 1));
    await upload('broken', walletId, '[{');
    for (const [id, code] of [
      ['theirs', 'not_found'],
      ['half', 'not_found'],
      ['../curator', 'not_found'],
      ['large', 'invalid_input'],
      ['broken', 'invalid_input'],
    ] as const)
      await expect(take(id)).rejects.toMatchObject({ code });
    expect(await parts.blobs.uploads.find('broken', walletId)).toBeDefined();
    expect(await parts.blobs.uploads.find('theirs', other.walletId)).toBeDefined();
    await expect(
      use('submit_dataset', { name: 'x', format: 'json', uploadId: 'broken', content: '[]' }),
    ).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('a quota', () => {
  it('holds what a wallet stores, in whatever way, and is free again after a withdrawal', async () => {
    const limited = curatorOn(parts.database, parts.blobs, { quotas: { researcher: 60 } });
    const { use, submit } = walletOf(() => limited);
    const rows = (text: string) => [{ text: text.repeat(20) }];
    const { dataset } = await submit(rows('a'));
    await expect(submit(rows('b'))).rejects.toMatchObject({
      code: 'quota_exceeded',
      message: expect.stringContaining('has 33 of the 60'),
    });
    const { datasetId } = dataset;
    await expect(
      use('update_dataset', { datasetId, format: 'json', content: JSON.stringify(rows('b')) }),
    ).rejects.toMatchObject({ code: 'quota_exceeded' });
    await expect(use('transform_data_format', { datasetId, to: 'csv' })).rejects.toMatchObject({
      code: 'quota_exceeded',
    });
    expect((await submit(rows('a'))).alreadyStored).toBe(true);
    await use('withdraw_dataset', { datasetId });
    expect((await submit(rows('b'))).alreadyStored).toBe(false);
    expect((await walletOf(() => limited, 'operator').submit([{ text: 'c'.repeat(100) }])).alreadyStored).toBe(false);
  });
});

describe('a crash', () => {
  const counts = async (): Promise<number[]> => {
    const tables = ['datasets', 'dataset_versions', 'blobs', 'contributions', 'outbox'];
    return Promise.all(
      tables.map(async (table) => (await parts.database.pool.query(`SELECT 1 FROM curator.${table}`)).rows.length),
    );
  };

  it('between any two steps of a submission leaves nothing half-written, and content that is collected', async () => {
    const before = await counts();
    const { references } = parts;
    /** A replica that dies in one step: the call of this name, the nth time. */
    const dying = (name: 'stat' | 'put', nth: number) => {
      let left = nth;
      const blobs = {
        ...parts.blobs,
        of: () =>
          new Proxy(references.store, {
            get: (store, property) =>
              property === name && --left === 0
                ? () => Promise.reject(new AppError('unavailable', 'died'))
                : Reflect.get(store, property).bind(store),
          }),
      };
      return curatorOn(parts.database, blobs);
    };
    for (const replica of [dying('put', 1), dying('stat', 1)]) {
      const { submit } = walletOf(() => replica);
      await expect(submit([{ crash: 1 }])).rejects.toMatchObject({ code: 'unavailable' });
      expect(await counts()).toEqual(before);
    }
    // After the content was put, nothing names it.
    const { contents } = await parts.collector(-1_000).collect();
    expect(contents).toBeGreaterThan(0);
    expect((await walletOf(() => parts).submit([{ crash: 1 }])).dataset.rows).toBe(1);
  });
});
