// Connections that a real server ends in the middle of a statement, of a transaction and between two statements.
import { postgresDatabase, type TestServer } from '@labmesh/testing';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.js';
import { lostConnection } from './lost-connection.js';

let server: TestServer;
let db: Database;
let admin: pg.Client;
beforeAll(async () => {
  server = await postgresDatabase();
  db = await openDatabase({ url: server.url, folder: '' });
  admin = new pg.Client(server.url);
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await db?.close();
  await server?.[Symbol.asyncDispose]();
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const OTHERS = 'FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()';

/** What `work` throws when all connections but our own are ended while it runs. */
async function thrownBy(work: () => Promise<unknown>): Promise<unknown> {
  const failing = work().then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  );
  await pause(300);
  await admin.query(`SELECT pg_terminate_backend(pid) ${OTHERS}`);
  return failing;
}

const sleeping = () => db.prisma.$queryRaw`SELECT pg_sleep(5)::text`;
const ways: Array<[string, () => Promise<unknown>]> = [
  ['a statement', sleeping],
  ['a statement of the pool', () => db.pool.query('SELECT pg_sleep(5)')],
  ['a statement in a transaction', () => db.prisma.$transaction((tx) => tx.$queryRaw`SELECT pg_sleep(5)::text`)],
  ['several statements at once', () => db.prisma.$transaction([sleeping(), sleeping()])],
  [
    'a transaction between two statements',
    () =>
      db.prisma.$transaction(async (tx) => {
        await tx.$queryRaw`SELECT 1`;
        await pause(800);
        await tx.$queryRaw`SELECT 1`;
      }),
  ],
  [
    'a transaction before its end',
    () =>
      db.prisma.$transaction(async (tx) => {
        await tx.$queryRaw`SELECT 1`;
        await pause(800);
      }),
  ],
];
it.each(ways)('%s whose connection ends is unavailable, and the next one works', async (_what, work) => {
  const thrown = await thrownBy(work);
  expect(thrown).toBeInstanceOf(Error);
  expect(lostConnection(thrown)).toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('connection to the database was lost'),
    cause: thrown,
  });
  await expect.poll(() => db.ping().then(() => 'answers', String)).toBe('answers');
});

it('a server that is not there is unavailable', async () => {
  const pool = new pg.Pool({ connectionString: 'postgresql://nobody@127.0.0.1:1/none' });
  const { PrismaClient } = await import('../generated/prisma/client.js');
  const { PrismaPg } = await import('@prisma/adapter-pg');
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  const ways = [
    () => pool.query('SELECT 1'),
    () => prisma.$queryRaw`SELECT 1`,
    () => prisma.$transaction((tx) => tx.$queryRaw`SELECT 1`),
  ];
  for (const work of ways)
    expect(lostConnection(await work().catch((error: unknown) => error))).toMatchObject({ code: 'unavailable' });
  await prisma.$disconnect();
  await pool.end();
});

it('a mistake stays one', async () => {
  const mistakes = [() => db.prisma.$queryRaw`SELECT 1 / 0`, () => db.pool.query('SELECT nothing')];
  for (const mistake of mistakes) {
    const thrown = await mistake().catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Error);
    expect(lostConnection(thrown)).toBeUndefined();
  }
  for (const other of [undefined, 'Connection terminated', new TypeError('x')])
    expect(lostConnection(other)).toBeUndefined();
});
