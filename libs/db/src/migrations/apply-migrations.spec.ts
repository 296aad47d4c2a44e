// The migration runner's rules.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedPool } from '../embedded/embedded-pool.js';
import type { OpenedPool } from '../opened-pool.js';
import { applyMigrations } from './apply-migrations.js';
import { fingerprintOf, readMigrations } from './read-migrations.js';

let parent: string;
let folder: string;
let opened: OpenedPool;

const add = async (name: string, sql: string) => {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'migration.sql'), sql);
};
const records = async () =>
  (await opened.pool.query('SELECT migration_name AS name, logs FROM _prisma_migrations ORDER BY 1')).rows;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'labmesh-migrations-'));
  opened = await openEmbeddedPool(join(parent, 'pg'), 'empty');
});
beforeEach(async () => {
  folder = await mkdtemp(join(parent, 'files-'));
  await opened.pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  await add('1_first', 'CREATE TABLE first (n int); INSERT INTO first VALUES (1);');
});
afterAll(async () => {
  await opened.pool.end();
  await opened.release();
  await rm(parent, { recursive: true, force: true });
});

it('a fingerprint is of names and texts, wherever they are', async () => {
  const before = fingerprintOf(await readMigrations(folder));
  expect(fingerprintOf(await readMigrations(folder))).toBe(before);
  await add('1_first', 'CREATE TABLE first (n bigint);');
  const edited = fingerprintOf(await readMigrations(folder));
  await add('2_second', '');
  expect(new Set([before, edited, fingerprintOf(await readMigrations(folder))]).size).toBe(3);
});

describe('applyMigrations', () => {
  it('applies each once, in the order of their names, function bodies whole', async () => {
    await add(
      '2_second',
      'CREATE FUNCTION two() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 2; END $$;',
    );
    expect(await applyMigrations(opened.pool, folder)).toEqual(['1_first', '2_second']);
    expect(await applyMigrations(opened.pool, folder)).toEqual([]);
    expect((await opened.pool.query('SELECT n, two() FROM first')).rows).toEqual([{ n: 1, two: 2 }]);
  });

  it('refuses one that was edited after it was applied', async () => {
    await applyMigrations(opened.pool, folder);
    await add('1_first', 'CREATE TABLE first (n bigint);');
    await expect(applyMigrations(opened.pool, folder)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/1_first was edited/),
    });
  });

  it('undoes and records one that fails, and refuses to go on from there', async () => {
    await add('2_broken', 'CREATE TABLE second (n int); SELECT nonsense;');
    await add('3_third', 'CREATE TABLE third (n int);');
    await expect(applyMigrations(opened.pool, folder)).rejects.toThrow(/2_broken failed: column "nonsense"/);
    expect(await records()).toEqual([
      { name: '1_first', logs: null },
      { name: '2_broken', logs: expect.stringContaining('nonsense') },
    ]);
    const { rows } = await opened.pool.query(`SELECT to_regclass('second') AS second, to_regclass('third') AS third`);
    expect(rows).toEqual([{ second: null, third: null }]);
    await expect(applyMigrations(opened.pool, folder)).rejects.toMatchObject({
      message: expect.stringMatching(/2_broken failed earlier/),
    });
  });
});
