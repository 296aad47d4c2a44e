// On a PostgreSQL server, where writers really overlap: a solution becomes visible only after all with lower numbers.
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { type Database, openDatabase } from '@labmesh/db';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SolutionsRepository } from './solutions.repository.js';

const SERVER = 'postgresql://postgres@127.0.0.1:5432';
const name = `labmesh_test_${randomBytes(6).toString('hex')}`;
let database: Database;

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${SERVER}/postgres` });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

beforeAll(async () => {
  await onServer(`CREATE DATABASE ${name}`);
  database = await openDatabase({ url: `${SERVER}/${name}`, folder: tmpdir() });
});

afterAll(async () => {
  await database?.close();
  await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
});

const solution = (id: string) => ({
  id,
  title: 'T',
  problem: 'P',
  solution: 'S',
  tags: ['a', 'b'],
  authorWalletId: 'wal_x',
  evidence: [],
  errorTemplates: [],
  contentHash: id,
  variantOf: null,
});

it('a reader that follows the numbers misses nothing that 100 overlapping writers log', async () => {
  const rows = new SolutionsRepository(database);
  const seen: number[] = [];
  const follow = async (): Promise<void> => {
    const page = await rows.newerThan(seen.at(-1) ?? 0);
    seen.push(...page.solutions.map(({ sequence }) => sequence));
  };
  let writing = true;
  const writers = Promise.all(Array.from({ length: 100 }, (_, at) => rows.append(solution(`sol_${at}`)))).finally(
    () => {
      writing = false;
    },
  );
  while (writing) await follow();
  await writers;
  await follow();
  expect(seen).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
});

it('a writer waits for one that has a number but has not committed', async () => {
  const rows = new SolutionsRepository(database);
  const slow = await database.pool.connect();
  try {
    await slow.query('BEGIN');
    const overSlow = new SolutionsRepository({ pool: slow as unknown as pg.Pool });
    await overSlow.append(solution('sol_slow'));
    const fast = rows.append(solution('sol_fast'));
    expect((await rows.newerThan(100)).solutions).toEqual([]);
    await slow.query('COMMIT');
    await fast;
    expect((await rows.newerThan(100)).solutions.map(({ id }) => id)).toEqual(['sol_slow', 'sol_fast']);
  } finally {
    slow.release();
  }
});

it('the same content of 50 writers at once is stored once, and takes one number', async () => {
  const rows = new SolutionsRepository(database);
  const before = (await rows.newerThan(0)).solutions.length;
  const same = (at: number) => rows.append({ ...solution(`sol_same-${at}`), contentHash: 'same' });
  const stored = await Promise.all(Array.from({ length: 50 }, (_, at) => same(at)));
  expect(stored.filter((at) => at !== undefined)).toHaveLength(1);
  await rows.append(solution('sol_after'));
  const after = (await rows.newerThan(before)).solutions;
  expect(after.map(({ sequence }) => sequence)).toEqual([before + 1, before + 2]);
});
