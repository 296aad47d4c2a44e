// A role that may not migrate: it waits for whoever may, and says what to do when nobody does.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresDatabase, type TestDatabase } from '@labmesh/testing';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrateDatabase, openDatabase } from '../database.js';
import { roleName, roleStatements } from '../roles/role-statements.js';
import { applyMigrations } from './apply-migrations.js';
import { awaitMigrations, mayMigrate } from './await-migrations.js';

let database: TestDatabase;
let folder: string;
const poolOf = (role: string): pg.Pool => database.pool({ user: roleName(database.name, role), max: 1 });

beforeAll(async () => {
  database = await postgresDatabase();
  const passwords = new Map(['owner', 'curator'].map((role) => [role, `of-${role}`]));
  await database.sql(roleStatements({ prefix: database.name, agents: ['curator'], passwords }));
  folder = await mkdtemp(join(tmpdir(), 'labmesh-await-'));
  await mkdir(join(folder, '1_first'));
  await writeFile(join(folder, '1_first', 'migration.sql'), 'CREATE TABLE curator.first (n int)');
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

it('says what to run when nobody migrates, and goes on as soon as somebody did', async () => {
  const [owner, curator] = [poolOf('owner'), poolOf('curator')];
  expect([await mayMigrate(owner), await mayMigrate(curator)]).toEqual([true, false]);
  await expect(awaitMigrations(curator, { folder, limitMs: 0 })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/lacks 1_first, and the role .*_curator may not.*npx @labmesh\/cli migrate/),
  });
  const told: string[] = [];
  const waiting = awaitMigrations(curator, { folder, limitMs: 30_000, onWait: (why) => told.push(why) });
  await expect.poll(() => told).toHaveLength(1);
  expect(await applyMigrations(owner, folder)).toEqual(['1_first']);
  await waiting;
  expect(told).toEqual([expect.stringContaining('1_first')]);
  // What the owner made is the agent's to use, and not to change.
  await curator.query('INSERT INTO curator.first VALUES (1)');
  await expect(curator.query('ALTER TABLE curator.first ADD m int')).rejects.toMatchObject({ code: '42501' });
});

it('takes one that is under way for neither failed nor done', async () => {
  const curator = poolOf('curator');
  await mkdir(join(folder, '2_second'));
  await writeFile(join(folder, '2_second', 'migration.sql'), 'SELECT pg_sleep(1.5)');
  const applying = applyMigrations(poolOf('owner'), folder);
  await expect
    .poll(async () => (await database.sql('SELECT 1 FROM _prisma_migrations WHERE finished_at IS NULL')).rowCount)
    .toBe(1);
  await awaitMigrations(curator, { folder, limitMs: 30_000 });
  expect(await applying).toEqual(['2_second']);
});

it('of a lab that had no roles, the tables become the owner’s, and the agent’s to use', async () => {
  await using older = await postgresDatabase();
  await (await openDatabase({ url: older.url, folder: '' })).close();
  const passwords = new Map(['owner', 'curator', 'sentinel'].map((role) => [role, 'x']));
  const roles = { prefix: older.name, agents: ['curator', 'sentinel'], passwords };
  for (let time = 0; time < 2; time += 1) await older.sql(roleStatements(roles));
  const as = (role: string): string => older.url.replace('postgres@', `${roleName(older.name, role)}@`);
  expect(await migrateDatabase(as('owner'))).toEqual([]);
  await expect(migrateDatabase(as('curator'))).rejects.toMatchObject({ code: 'forbidden' });
  const curator = await openDatabase({ url: as('curator'), folder: '' });
  expect(await curator.prisma.dataset.count()).toBe(0);
  await expect(curator.prisma.credential.count()).rejects.toThrow(/permission denied/i);
  await curator.close();
  const { rows } = await older.sql(
    "SELECT DISTINCT pg_get_userbyid(proowner) AS owner FROM pg_proc WHERE pronamespace = 'sentinel'::regnamespace",
  );
  expect(rows).toEqual([{ owner: roleName(older.name, 'owner') }]);
});
