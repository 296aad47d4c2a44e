// `labmesh migrate`, as a job before the processes start runs it.
import { Child, postgresDatabase } from '@labmesh/testing';
import { expect, it } from 'vitest';
import { ROOT } from '../harness/lab-under-test.js';
import { meshServers } from '../harness/mesh-credentials.js';

async function migrate(databaseUrl?: string, ...more: string[]): Promise<{ exit: number | null; answer: unknown }> {
  const child = new Child({
    command: process.execPath,
    args: ['apps/cli/bin/labmesh.js', 'migrate', '--json', ...more],
    cwd: ROOT,
    env: databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl },
  });
  const exit = await child.exited;
  return { exit, answer: JSON.parse(child.output.slice(child.output.lastIndexOf('\n{') + 1)) };
}

it('brings an empty database up to date once, and two at once do it once', async () => {
  await using database = await postgresDatabase();
  const both = await Promise.all([migrate(database.url), migrate(database.url)]);
  const applied = both.flatMap(({ answer }) => (answer as { applied: string[] }).applied);
  expect(both.map(({ exit }) => exit)).toEqual([0, 0]);
  const { rows } = await database.sql('SELECT migration_name AS name FROM _prisma_migrations ORDER BY 1');
  expect(applied.sort()).toEqual((rows as Array<{ name: string }>).map(({ name }) => name));
  expect(applied.length).toBeGreaterThan(10);
  expect(await migrate(database.url)).toEqual({ exit: 0, answer: { applied: [] } });
});

it('of a dry run says what is missing, and changes nothing', async () => {
  await using database = await postgresDatabase();
  const { exit, answer } = await migrate(database.url, '--dry-run');
  expect([exit, (answer as { missing: string[] }).missing.length]).toEqual([0, expect.any(Number)]);
  const { rows } = await database.sql("SELECT to_regclass('public._prisma_migrations') AS there");
  expect(rows).toEqual([{ there: null }]);
  const { applied } = (await migrate(database.url)).answer as { applied: string[] };
  expect(answer).toEqual({ missing: applied });
  expect(await migrate(database.url, '--dry-run')).toEqual({ exit: 0, answer: { missing: [] } });
});

it('is the owner’s alone, and says so', async () => {
  await using servers = await meshServers('http://127.0.0.1:3000');
  expect(await migrate(servers.settings('owner').DATABASE_URL)).toEqual({ exit: 0, answer: { applied: [] } });
  expect(await migrate(servers.settings('curator').DATABASE_URL)).toMatchObject({
    exit: 4,
    answer: { code: 'forbidden', message: expect.stringContaining('owner.env') },
  });
  expect(await migrate()).toMatchObject({ exit: 2, answer: { message: expect.stringContaining('DATABASE_URL') } });
});
