// PostgreSQL as a source: one SELECT in a read-only transaction with a time limit, exact values, and no word of the password.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllowList } from './allow-list.js';
import type { PostgresManifest } from './manifest.js';
import { postgresRows } from './postgresql.repository.js';

const ADMIN = { host: '127.0.0.1', port: 5_432, user: 'postgres', database: 'postgres' };
const PASSWORD = 'p4ssw0rd-that-nobody-may-see';
const NAME = `labmesh_source_${process.pid}`;
let admin: pg.Client;

beforeAll(async () => {
  admin = new pg.Client(ADMIN);
  await admin.connect();
  await admin.query(
    `CREATE TABLE public.${NAME} (id int8, name text, share numeric(8,4), seen timestamptz, tags json, good bool)`,
  );
  await admin.query(
    `INSERT INTO public.${NAME} VALUES (1, 'a', 0.5000, '2026-01-01T00:00:00Z', '[1,2]', true), (2, NULL, 12.25, NULL, NULL, false)`,
  );
});
afterAll(async () => {
  await admin?.query(`DROP TABLE IF EXISTS public.${NAME}`);
  await admin?.end();
});

const manifest = { ...ADMIN, name: 'elsewhere', tls: false, kind: 'postgresql' } as unknown as PostgresManifest;
const ask = (query: string, more: object = {}) =>
  postgresRows({
    manifest,
    query,
    timeoutMs: 5_000,
    password: PASSWORD,
    allow: parseAllowList('127.0.0.1'),
    signal: new AbortController().signal,
    ...more,
  });

describe('a PostgreSQL source', () => {
  it('reads rows exactly', async () => {
    expect(
      await ask(`SELECT id, name, share, seen IS NULL AS unseen, tags, good FROM public.${NAME} ORDER BY id`),
    ).toStrictEqual([
      { id: 1, name: 'a', share: 0.5, unseen: false, tags: [1, 2], good: true },
      { id: 2, name: null, share: 12.25, unseen: true, tags: null, good: false },
    ]);
  });

  it.each([
    [`DELETE FROM public.${NAME}`, 'invalid_input'],
    [`SELECT 1; DROP TABLE public.${NAME}`, 'invalid_input'],
    [`SELECT 1; COMMIT; DROP TABLE public.${NAME}`, 'invalid_input'],
    [`WITH gone AS (DELETE FROM public.${NAME} RETURNING id) SELECT * FROM gone`, 'upstream_failed'],
    ['SELECT 9007199254740993::int8 AS big', 'invalid_input'],
    ['SELECT 1 AS a, 2 AS a', 'invalid_input'],
    ['SELECT * FROM public.no_such_table', 'invalid_input'],
  ])('refuses %s', async (query, code) => {
    await expect(ask(query)).rejects.toMatchObject({ code });
    expect((await admin.query(`SELECT count(*)::int AS count FROM public.${NAME}`)).rows).toStrictEqual([{ count: 2 }]);
  });

  it('ends a query that takes too long, and one whose caller went away', async () => {
    await expect(ask('SELECT pg_sleep(60)', { timeoutMs: 100 })).rejects.toThrow(/longer than 100 ms/);
    const caller = new AbortController();
    setTimeout(() => caller.abort(), 50);
    await expect(ask('SELECT pg_sleep(60)', { signal: caller.signal })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('is refused where the host is inside and nobody allowed it', async () => {
    await expect(ask('SELECT 1', { allow: [] })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('says nothing of the password', async () => {
    const wrong = { ...manifest, user: 'nobody_here' } as PostgresManifest;
    const error = await ask('SELECT 1', { manifest: wrong }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'upstream_failed' });
    expect(JSON.stringify([String(error), error])).not.toContain(PASSWORD);
  });
});
