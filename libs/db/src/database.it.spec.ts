// The same on a PostgreSQL server, and Prisma's own commands on what the runner made. Needs the server; drops what it makes.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chancellor } from '@labmesh/contracts';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from './database.js';
import { applyMigrations } from './migrations/apply-migrations.js';
import { enqueueEvent } from './outbox/enqueue-event.js';
import { Outbox } from './outbox/outbox.js';
import { openServerPool } from './server/server-pool.js';

const SERVER = 'postgresql://postgres@127.0.0.1:5432';
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const name = `labmesh_test_${randomBytes(6).toString('hex')}`;
const url = `${SERVER}/${name}`;
let folder: string;
let db: Database;

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${SERVER}/postgres` });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

/** A command of Prisma's with its output; rejects when it fails. */
async function prisma(databaseUrl: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(join(ROOT, 'node_modules/.bin/prisma'), args, {
    cwd: ROOT,
    env: { ...process.env, DATABASE_URL: databaseUrl },
  });
  return stdout;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-db-it-'));
  await onServer(`CREATE DATABASE ${name}`);
  const opened = await Promise.all(Array.from({ length: 4 }, () => openDatabase({ url, folder }))); // replicas that start at once
  const [first, ...others] = opened;
  await Promise.all(others.map((other) => other.close()));
  if (first) db = first;
});

afterAll(async () => {
  await db?.close();
  await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await rm(folder, { recursive: true, force: true });
});

describe('a database on a server', () => {
  it('was brought up to date once, by one of the replicas', async () => {
    const { rows } = await db.pool.query<{ count: number; names: number }>(
      'SELECT count(*)::int AS count, count(DISTINCT migration_name)::int AS names FROM _prisma_migrations WHERE finished_at IS NOT NULL',
    );
    expect(rows[0]?.count).toBeGreaterThan(0);
    expect(rows[0]?.count).toBe(rows[0]?.names);
    expect(db.kind).toBe('postgres');
    expect(await db.ping()).toBeGreaterThan(0);
  });

  it('is named in the error when it cannot be reached, without the password', async () => {
    const unreachable = openDatabase({ url: 'postgresql://lab:hush@127.0.0.1:1/lab', folder });
    await expect(unreachable).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/^Cannot reach the database "lab" at 127\.0\.0\.1:1: (?!.*hush)/),
    });
  });

  it('lets another relay take over when a claim runs out', async () => {
    const id = await db.prisma.$transaction((tx) =>
      enqueueEvent(tx, chancellor.events.wallet_created, { walletId: `wal_${uuidv7()}`, role: 'citizen' }),
    );
    await db.pool.query(`UPDATE chancellor.outbox SET claimed_until = now() + interval '300 milliseconds'`);
    const sent: string[] = [];
    const outbox = new Outbox(db, 'chancellor', async (_, envelope) => void sent.push(envelope.id));
    outbox.start();
    await expect.poll(() => sent).toEqual([id]);
    await outbox.stop();
  });
});

describe('Prisma’s commands', () => {
  it('find a server that the runner migrated up to date, and equal to the models', async () => {
    expect(await prisma(url, 'migrate', 'status')).toContain('up to date');
    expect(await prisma(url, 'migrate', 'deploy')).toContain('No pending migrations');
    const diff = ['migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema', '--exit-code'];
    expect(await prisma(url, ...diff)).toContain('No difference');
  });

  it('work on an embedded folder, which the runner then finds up to date', async () => {
    const path = join(folder, 'pg');
    const embedded = `postgresql://embedded/${encodeURIComponent(path)}`;
    expect(await prisma(embedded, 'migrate', 'deploy')).toContain('successfully applied');
    const opened = await openDatabase({ folder: path });
    expect(await applyMigrations(opened.pool)).toEqual([]);
    await expect(prisma(embedded, 'migrate', 'status')).rejects.toThrow(); // it is in use
    await opened.close();
    expect(await prisma(embedded, 'migrate', 'status')).toContain('up to date');
  });

  it('need no database for what needs none', async () => {
    const nowhere = 'postgresql://lab@127.0.0.1:1/lab';
    expect(await prisma(nowhere, 'validate')).toContain('valid');
    const diff = ['migrate', 'diff', '--from-migrations', 'prisma/migrations', '--to-schema', 'prisma/schema'];
    expect(await prisma(nowhere, ...diff, '--exit-code')).toContain('No difference');
  });
});

it('a server’s pool finds the job queue’s tables', async () => {
  const { pool, release } = await openServerPool(url);
  expect((await pool.query('SHOW search_path')).rows).toEqual([{ search_path: 'public,bullmq' }]);
  await pool.end();
  await release();
});
