// A server's database of before there was a place for bytes, brought up to date and moved: nothing of it is another afterwards.
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { postgresDatabase, type TestDatabase } from '@labmesh/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CuratorParts, curatorParts, walletOf } from '../curator.testing.js';

const MIGRATIONS = join(import.meta.dirname, '../../../../prisma/migrations');
const RECORDS = `CREATE TABLE public._prisma_migrations (id VARCHAR(36) PRIMARY KEY, checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

let server: TestDatabase;
let parts: CuratorParts | undefined;

beforeAll(async () => {
  server = await postgresDatabase();
  await server.sql(RECORDS);
  const before = (await readdir(MIGRATIONS)).filter((name) => /^20261121/.test(name)).sort();
  for (const name of before) {
    const text = await readFile(join(MIGRATIONS, name, 'migration.sql'), 'utf8');
    await server.sql(text);
    const checksum = createHash('sha256').update(text).digest('hex');
    await server.sql(`INSERT INTO public._prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
      VALUES ('${randomUUID()}', '${checksum}', '${name}', now(), 1)`);
  }
});
afterAll(async () => {
  await parts?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

it('keeps every dataset as it was, with its bytes, its time and its owner', async () => {
  const owner = `wal_${randomUUID()}`;
  const csv = 'a\r\n007\r\n';
  const sha256 = createHash('sha256').update(csv).digest('hex');
  await server.sql(`INSERT INTO curator.datasets VALUES ('ds_before', 'Before', 'Of old', 'csv', 1, ${csv.length}, '${sha256}',
    '${owner}', '2026-11-01T10:00:00Z', '{"source":"s","license":"CC0-1.0","obtainedAt":"2026-11-01T09:00:00.000Z","derivedFrom":null,"note":null}',
    '{"type":"object","properties":{"a":{"type":"string"}}}', NULL, '${csv}')`);
  parts = await curatorParts({ databaseUrl: server.url });
  expect(await parts.old.move()).toBe(1);
  const wallet = walletOf(() => parts as CuratorParts);
  const call = { ...wallet.call, principal: { ...wallet.call.principal, walletId: owner } };
  const { dataset, content } = await parts.contents.fetcher.fetch(
    { datasetId: 'ds_before', as: 'content', inline: false, offset: 0, limit: 1 },
    call,
  );
  expect(dataset).toMatchObject({
    ...{
      name: 'Before',
      rows: 1,
      sha256,
      owner,
      version: 1,
      origin: 'submission',
      createdAt: '2026-11-01T10:00:00.000Z',
    },
    ...{ updatedAt: '2026-11-01T10:00:00.000Z', provenance: { license: 'CC0-1.0' } },
  });
  expect(content).toEqual({ encoding: 'utf8', data: csv });
  expect(await parts.references.usedBy(owner)).toBe(csv.length);
  // What was there before there were rewards earns none when it comes again.
  const { rows } = await parts.database.pool.query('SELECT wallet_id, sha256 FROM curator.contributions');
  expect(rows).toEqual([{ wallet_id: owner, sha256 }]);
});
