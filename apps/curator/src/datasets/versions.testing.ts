// What a dataset's versions must do, as tests: the same on each kind of database.
import { createHash } from 'node:crypto';
import { curator, DATASET_BYTES_MAX, eventSubject } from '@labmesh/contracts';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { type CuratorParts, walletOf } from '../curator.testing.js';
import { readShipped } from '../shipped/shipped-loader.js';

const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');
const json = (rows: unknown): string => JSON.stringify(rows);

export function versionTests(parts: () => CuratorParts): void {
  const wallet = () => walletOf(parts);
  const update = (datasetId: string, rows: unknown, more: object = {}) => ({
    datasetId,
    format: 'json',
    content: json(rows),
    ...more,
  });
  /** What the outbox holds of a wallet's contributions. */
  const told = async (walletId: string) => {
    const { rows } = await parts().database.pool.query(
      `SELECT subject, payload->'payload' AS payload FROM curator.outbox WHERE payload->'payload'->>'walletId' = $1 ORDER BY created_at`,
      [walletId],
    );
    return rows as Array<{ subject: string; payload: { datasetId: string; version: number; rows: number } }>;
  };
  const named = async (walletId: string): Promise<number> =>
    (await parts().database.pool.query('SELECT 1 FROM curator.blobs WHERE owner = $1', [walletId])).rows.length;

  describe('a new version', () => {
    it('is what is read from now on; the one before stays as it was', async () => {
      const { use, submit } = wallet();
      const { dataset } = await submit([{ a: 1 }], { license: 'CC0-1.0', topics: ['flares'] });
      const { datasetId } = dataset;
      expect(dataset).toMatchObject({ version: 1, topics: ['flares'], origin: 'submission' });
      const second = await use(
        'update_dataset',
        update(datasetId, [{ a: 2 }, { a: 3 }], { note: 'One more row', name: 'Better' }),
      );
      expect(second).toMatchObject({
        alreadyStored: false,
        dataset: {
          datasetId,
          version: 2,
          rows: 2,
          name: 'Better',
          topics: ['flares'],
          provenance: { license: 'CC0-1.0' },
        },
      });
      expect((await use('fetch_dataset', { datasetId })).rows).toEqual([{ a: 2 }, { a: 3 }]);
      expect((await use('fetch_dataset', { datasetId, version: 1 })).rows).toEqual([{ a: 1 }]);
      expect((await use('fetch_dataset', { datasetId, version: 1, as: 'content' })).content?.data).toBe('[{"a":1}]');
      expect(await use('validate_data_schema', { datasetId, version: 1 })).toMatchObject({ rowsChecked: 1 });
      const turned = await use('transform_data_format', { datasetId, version: 1, to: 'csv' });
      expect(turned.dataset).toMatchObject({
        rows: 1,
        origin: 'transformed',
        provenance: { note: expect.stringContaining('version 1') },
      });
      expect(await use('get_dataset', { datasetId })).toMatchObject({
        dataset: { version: 2 },
        schema: { properties: { a: { type: 'integer' } } },
        versions: [
          { version: 2, rows: 2, sha256: sha256Of(json([{ a: 2 }, { a: 3 }])), note: 'One more row' },
          { version: 1, rows: 1, sha256: sha256Of(json([{ a: 1 }])), note: null },
        ],
      });
      for (const version of [3, 99])
        await expect(use('fetch_dataset', { datasetId, version })).rejects.toMatchObject({
          code: 'not_found',
          message: expect.stringContaining(`version ${version}`),
        });
      const listed = await use('list_available_datasets', {});
      expect(listed.datasets.filter((one) => one.datasetId === datasetId)).toMatchObject([{ version: 2 }]);
    });

    it('is none when the content is the same, and one when it is read another way', async () => {
      const { use, submit } = wallet();
      const { dataset } = await submit(undefined, { format: 'csv', content: 'a\n1\n' });
      const again = (more: object) =>
        use('update_dataset', { datasetId: dataset.datasetId, format: 'csv', content: 'a\n1\n', ...more });
      expect(await again({ note: 'nothing' })).toMatchObject({ alreadyStored: true, dataset: { version: 1 } });
      const schema = { properties: { a: { type: 'string' } } };
      expect(await again({ schema })).toMatchObject({ alreadyStored: false, dataset: { version: 2 } });
    });

    it('is refused to who knows an older one, and made by one of many at once', async () => {
      const { use, submit } = wallet();
      const { dataset } = await submit([{ n: 0 }]);
      const { datasetId } = dataset;
      const all = await Promise.allSettled(
        [1, 2, 3, 4, 5].map((n) => use('update_dataset', update(datasetId, [{ n }], { expectedVersion: 1 }))),
      );
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const one of all)
        if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'conflict', details: { version: 2 } });
      // Without it each comes after the others.
      await Promise.all([6, 7, 8].map((n) => use('update_dataset', update(datasetId, [{ n }]))));
      const { versions } = await use('get_dataset', { datasetId });
      expect(versions.map(({ version }) => version)).toEqual([5, 4, 3, 2, 1]);
    });

    it('is nobody else’s to make, nor of what the lab ships', async () => {
      await parts().loader.onModuleInit();
      const { dataset } = await wallet().submit([{ a: 1 }]);
      const { use } = wallet();
      for (const datasetId of [dataset.datasetId, 'ds_donki-solar-flares-2016-2018', `ds_${uuidv7()}`]) {
        await expect(use('update_dataset', update(datasetId, []))).rejects.toMatchObject({ code: 'not_found' });
        await expect(use('withdraw_dataset', { datasetId })).rejects.toMatchObject({ code: 'not_found' });
      }
    });
  });

  describe('columns that differ from the schema before', () => {
    const OLD = [
      { id: 1, name: 'a' },
      { id: 2, name: 'b' },
    ];
    const NEW = [
      { id: 3, name: 'c', extra: 1 },
      { id: 'x', name: 'd', extra: 1 },
    ];

    it('widen it unless its owner says otherwise, and are told in the answer and on the card', async () => {
      const { use, submit } = wallet();
      const { dataset } = await submit(OLD);
      const { datasetId } = dataset;
      const { drift, schema } = await use('update_dataset', update(datasetId, NEW));
      expect(drift).toMatchObject({
        changes: [
          { column: 'extra', kind: 'added', after: 'integer' },
          { column: 'id', kind: 'retyped', before: 'integer', after: 'integer or string', widens: true },
        ],
        discarded: { columns: [], rows: 0 },
      });
      expect(schema).toMatchObject({ properties: { id: { type: ['integer', 'string'] }, extra: { type: 'integer' } } });
      const { versions } = await use('get_dataset', { datasetId });
      expect(versions.map((one) => one.drift)).toEqual([drift, null]);
      const third = await use('update_dataset', update(datasetId, NEW.slice(0, 1)));
      expect(third.drift?.changes).toMatchObject([{ column: 'id', kind: 'retyped', widens: false }]);
      expect((await use('update_dataset', update(datasetId, NEW))).drift).toBeNull();
    });

    it('are refused where they are frozen, with what differs, and so are rows that do not fit', async () => {
      const { use, submit } = wallet();
      const schema = { properties: { id: { type: 'integer', minimum: 1 }, name: { type: 'string' } } };
      const { dataset } = await submit(OLD, { schema });
      const { datasetId } = dataset;
      const frozen = (rows: unknown) => use('update_dataset', update(datasetId, rows, { drift: 'freeze' }));
      await expect(frozen(NEW)).rejects.toMatchObject({
        code: 'conflict',
        details: {
          drift: [
            { column: 'extra', kind: 'added' },
            { column: 'id', kind: 'retyped' },
          ],
        },
      });
      await expect(frozen([{ id: 0, name: 'a' }])).rejects.toMatchObject({
        code: 'invalid_input',
        message: expect.stringContaining('row 0 at /id'),
      });
      const kept = await frozen([{ id: 7, name: 'g' }]);
      expect(kept).toMatchObject({ drift: null, schema, dataset: { version: 2 } });
    });

    it('are left out where they are to be, and rows that do not fit too; that is told', async () => {
      const { use, submit } = wallet();
      const { dataset } = await submit(OLD);
      const { datasetId } = dataset;
      const { drift, dataset: second } = await use('update_dataset', update(datasetId, NEW, { drift: 'discard' }));
      expect(drift?.discarded).toEqual({ columns: ['extra'], rows: 1 });
      expect(second.rows).toBe(1);
      expect((await use('fetch_dataset', { datasetId })).rows).toEqual([{ id: 3, name: 'c' }]);
    });
  });

  describe('the same data again', () => {
    it('is the dataset that is there, and said to be', async () => {
      const { use, submit, walletId } = wallet();
      const first = await submit([{ a: 1 }], { description: 'Mine' });
      expect(first.alreadyStored).toBe(false);
      const again = await Promise.all([1, 2, 3].map(() => submit([{ a: 1 }])));
      for (const one of again) expect(one).toMatchObject({ alreadyStored: true, dataset: first.dataset });
      expect((await submit([{ a: 1 }], { name: 'Other' })).alreadyStored).toBe(false);
      expect((await wallet().submit([{ a: 1 }])).alreadyStored).toBe(false);
      expect(await named(walletId)).toBe(2);
      const turn = () => use('transform_data_format', { datasetId: first.dataset.datasetId, to: 'csv' });
      const turned = [await turn(), await turn()];
      expect(turned.map(({ alreadyStored }) => alreadyStored)).toEqual([false, true]);
      expect(turned[1]?.dataset).toEqual(turned[0]?.dataset);
    });

    it('makes one dataset of many submissions at once', async () => {
      const { submit, walletId } = wallet();
      const all = await Promise.all([1, 2, 3, 4, 5, 6].map(() => submit([{ same: true }])));
      expect(new Set(all.map(({ dataset }) => dataset.datasetId)).size).toBe(1);
      expect(all.filter(({ alreadyStored }) => !alreadyStored)).toHaveLength(1);
      expect([await named(walletId), (await told(walletId)).length]).toEqual([1, 1]);
    });
  });

  describe('a contribution', () => {
    it('is told once for each accepted version, with its rows and bytes', async () => {
      const { use, submit, walletId } = wallet();
      const { dataset } = await submit([{ a: 1 }]);
      await use('update_dataset', update(dataset.datasetId, [{ a: 1 }, { a: 2 }]));
      await use('update_dataset', update(dataset.datasetId, [{ a: 1 }, { a: 2 }]));
      await use('transform_data_format', { datasetId: dataset.datasetId, to: 'yaml' });
      await expect(submit([{ a: 1 }], { schema: { required: ['b'] } })).rejects.toMatchObject({
        code: 'invalid_input',
      });
      const contributed = { datasetId: dataset.datasetId, walletId };
      expect(await told(walletId)).toEqual(
        [json([{ a: 1 }]), json([{ a: 1 }, { a: 2 }])].map((content, at) => ({
          subject: eventSubject(curator.events.dataset_contributed),
          payload: { ...contributed, version: at + 1, sha256: sha256Of(content), rows: at + 1, bytes: content.length },
        })),
      );
    });

    it('is not told again when it was withdrawn and comes back, under whatever name', async () => {
      const { use, submit, walletId } = wallet();
      const { dataset } = await submit([{ a: 1 }]);
      await use('withdraw_dataset', { datasetId: dataset.datasetId });
      const back = await submit([{ a: 1 }]);
      expect(back).toMatchObject({ alreadyStored: false });
      expect(back.dataset.datasetId).not.toBe(dataset.datasetId);
      await submit([{ a: 1 }], { name: 'Other' });
      await use('update_dataset', update(back.dataset.datasetId, [{ a: 9 }]));
      await use('update_dataset', update(back.dataset.datasetId, [{ a: 1 }]));
      expect((await told(walletId)).map(({ payload }) => payload.version)).toEqual([1, 2]);
    });
  });

  describe('what was withdrawn', () => {
    it('may be the lab’s, by who adds sources: shipped again it stays away, kept again it is back in a new version', async () => {
      const shipped = { ...(await readShipped()), id: `ds_lab-${uuidv7()}` };
      const datasetId = shipped.id;
      await parts().loader.ship(shipped);
      await expect(wallet().use('withdraw_dataset', { datasetId })).rejects.toMatchObject({ code: 'not_found' });
      const operator = walletOf(parts, 'operator');
      expect(await operator.use('withdraw_dataset', { datasetId })).toMatchObject({ datasetId, owner: 'lab' });
      const { rows } = await parts().database.pool.query(
        `SELECT payload->'payload' AS payload FROM curator.outbox WHERE subject = $1 AND payload->'payload'->>'datasetId' = $2`,
        [eventSubject(curator.events.dataset_withdrawn), datasetId],
      );
      expect(rows).toEqual([{ payload: { datasetId, version: 1 } }]);
      expect(await parts().loader.ship(shipped)).toBe(false);
      await expect(operator.use('get_dataset', { datasetId })).rejects.toMatchObject({ code: 'not_found' });
      const { content, ...face } = shipped;
      await parts().writer.keep({ ...face, content: await parts().writer.put([content]) });
      expect((await wallet().use('get_dataset', { datasetId })).dataset.version).toBe(2);
      await operator.use('withdraw_dataset', { datasetId });
    });

    it('is gone for everybody, its bytes too, and known to have been there', async () => {
      const { use, submit, walletId, call } = wallet();
      const { dataset } = await submit([{ gone: walletId }]);
      const { datasetId } = dataset;
      await use('update_dataset', update(datasetId, [{ gone: `${walletId} 2` }]));
      const record = await parts().reader.find(datasetId, call);
      expect(await parts().reader.blob(record.blobId ?? '', call)).toMatchObject({
        mediaType: 'application/json',
        owner: walletId,
      });
      const [first, second] = [
        await use('withdraw_dataset', { datasetId }),
        await use('withdraw_dataset', { datasetId }),
      ];
      expect(second).toEqual(first);
      const uses = [
        use('fetch_dataset', { datasetId }),
        use('fetch_dataset', { datasetId, version: 1 }),
        use('get_dataset', { datasetId }),
        use('validate_data_schema', { datasetId }),
        use('transform_data_format', { datasetId, to: 'csv' }),
        use('update_dataset', update(datasetId, [])),
      ];
      for (const one of await Promise.allSettled(uses))
        expect(one).toMatchObject({ status: 'rejected', reason: { code: 'not_found' } });
      expect(await parts().reader.blob(record.blobId ?? '', call)).toBeUndefined();
      expect((await use('list_available_datasets', {})).datasets.map((one) => one.datasetId)).not.toContain(datasetId);
      expect(await named(walletId)).toBe(0);
      await parts().collector(-1_000).collect();
      expect(await parts().references.store.stat(record.sha256)).toBeUndefined();
      const { rows } = await parts().database.pool.query(
        'SELECT version, sha256 FROM curator.dataset_versions WHERE dataset_id = $1 ORDER BY version',
        [datasetId],
      );
      expect(rows).toHaveLength(2);
    });

    it('takes no bytes that another dataset has too', async () => {
      const [mine, theirs] = [wallet(), wallet()];
      const content = [{ shared: mine.walletId }];
      const { dataset } = await mine.submit(content);
      const other = await theirs.submit(content);
      await mine.use('withdraw_dataset', { datasetId: dataset.datasetId });
      await parts().collector(-1_000).collect();
      expect((await theirs.use('fetch_dataset', { datasetId: other.dataset.datasetId })).rows).toEqual(content);
    });
  });

  describe('a checksum that was sent along', () => {
    it('must be the content’s', async () => {
      const { submit, use, walletId } = wallet();
      const content = json([{ a: 1 }]);
      await expect(submit([{ a: 1 }], { sha256: sha256Of(`${content} `) })).rejects.toMatchObject({
        code: 'invalid_input',
        message: expect.stringContaining(sha256Of(content)),
      });
      expect([await named(walletId), (await use('list_available_datasets', { query: 'Some' })).datasets]).toEqual([
        0,
        [],
      ]);
      expect((await submit([{ a: 1 }], { sha256: sha256Of(content) })).dataset.sha256).toBe(sha256Of(content));
    });
  });

  it('a dataset of more than it may have is refused by its limit, however it comes', async () => {
    const content = `[${'{},'.repeat(DATASET_BYTES_MAX / 3)}{}]`;
    const { submit, use } = wallet();
    const { dataset } = await submit([{ a: 1 }]);
    await expect(use('update_dataset', { ...update(dataset.datasetId, []), content })).rejects.toMatchObject({
      code: 'too_large',
    });
  });
}
