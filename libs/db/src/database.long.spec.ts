// The embedded database as its users see it: transactions, turns, notifications, and nothing lost at a kill.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from './database.js';
import { beginEmbedded } from './embedded/begun-engine.js';
import { vacuumTables } from './embedded/upkeep.js';
import { readMigrations } from './migrations/read-migrations.js';

let parent: string;
let db: Database;

const sumOfSafe = async (): Promise<number> => {
  const { rows } = await db.pool.query<{ sum: number }>('SELECT sum(amount)::int AS sum FROM safe');
  return rows[0]?.sum ?? 0;
};

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'labmesh-db-'));
  db = await openDatabase({ folder: join(parent, 'pg') });
  await db.pool.query(`
    CREATE TABLE safe (id int PRIMARY KEY, amount int NOT NULL);
    INSERT INTO safe SELECT n, 100 FROM generate_series(1, 5) AS n;
    CREATE TABLE receipt (safe_id int NOT NULL REFERENCES safe (id) DEFERRABLE INITIALLY DEFERRED)`);
});

afterAll(async () => {
  await db.close();
  await rm(parent, { recursive: true, force: true });
});

describe('an embedded database', () => {
  it('is up to date when it opens', async () => {
    const migrations = await readMigrations(new URL('../../../prisma/migrations/', import.meta.url).pathname);
    const { rows } = await db.pool.query(
      `SELECT migration_name AS name, checksum, applied_steps_count AS steps, logs, finished_at IS NOT NULL AS finished
       FROM _prisma_migrations ORDER BY migration_name`,
    );
    expect(rows).toEqual(
      migrations.map(({ name, checksum }) => ({ name, checksum, steps: 1, logs: null, finished: true })),
    );
    expect(db.kind).toBe('embedded');
    expect(await db.ping()).toBeGreaterThan(0);
  });

  it('answers `conflict` to a second opening, naming the process and the folder', async () => {
    const again = openDatabase({ folder: join(parent, 'pg') });
    await expect(again).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(new RegExp(`${join(parent, 'pg')}: process ${process.pid} on`)),
    });
  });

  it('that was begun before is the one that is opened, and what keeps it from opening is told then', async () => {
    const folder = join(parent, 'begun');
    await beginEmbedded(folder);
    const begun = await openDatabase({ folder });
    await begun.pool.query('CREATE TABLE note (text text)');
    // Somebody has it: beginning is no failure, opening is.
    await beginEmbedded(folder);
    await expect(openDatabase({ folder })).rejects.toMatchObject({ code: 'conflict' });
    await begun.close();
    const again = await openDatabase({ folder });
    expect((await again.pool.query('SELECT text FROM note')).rows).toEqual([]);
    await again.close();
    const papers = await mkdtemp(join(parent, 'papers-'));
    await writeFile(join(papers, 'thesis.tex'), '');
    await beginEmbedded(papers);
    await expect(openDatabase({ folder: papers })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('does not write among other files', async () => {
    const folder = await mkdtemp(join(parent, 'papers-'));
    await writeFile(join(folder, 'thesis.tex'), '');
    await expect(openDatabase({ folder })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('says so when the folder cannot be made', async () => {
    const file = join(parent, 'file');
    await writeFile(file, '');
    await expect(openDatabase({ folder: join(file, 'pg') })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(join(file, 'pg')),
    });
  });

  it('takes back what a failed transaction did', async () => {
    const failing = db.prisma.$transaction(async (tx) => {
      await tx.$executeRaw`UPDATE safe SET amount = 0`;
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await sumOfSafe()).toBe(500);
  });

  it('reports a COMMIT that fails', async () => {
    const failing = db.prisma.$transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO receipt VALUES (99)`;
    });
    await expect(failing).rejects.toThrow();
    expect((await db.pool.query('SELECT * FROM receipt')).rows).toEqual([]);
  });

  it('keeps a sum through twenty transactions at once, mixed with other queries', async () => {
    const move = (from: number, to: number) =>
      db.prisma.$transaction(async (tx) => {
        const [row] = await tx.$queryRaw<Array<{ amount: number }>>`SELECT amount FROM safe WHERE id = ${from}`;
        await tx.$executeRaw`UPDATE safe SET amount = ${(row?.amount ?? 0) - 7} WHERE id = ${from}`;
        await tx.$executeRaw`UPDATE safe SET amount = amount + 7 WHERE id = ${to}`;
      });
    const moves = Array.from({ length: 20 }, (_, n) => move((n % 5) + 1, ((n + 2) % 5) + 1));
    const sums = await Promise.all(Array.from({ length: 20 }, sumOfSafe));
    await Promise.all(moves);
    expect(new Set([...sums, await sumOfSafe()])).toEqual(new Set([500]));
  });

  it('gives the turn on when a client leaves inside a transaction', async () => {
    const client = await db.pool.connect();
    await client.query('BEGIN');
    await client.query('UPDATE safe SET amount = 0');
    const waiting = sumOfSafe();
    client.release(new Error('gone'));
    expect(await waiting).toBe(500);
  });

  it('goes on after a statement that fails, inside and outside a transaction', async () => {
    await expect(db.pool.query('SELECT nonsense')).rejects.toMatchObject({ code: '42703' });
    await expect(db.pool.query('SELECT 1 / $1::int', [0])).rejects.toMatchObject({ code: '22012' });
    const client = await db.pool.connect();
    await client.query('BEGIN');
    await expect(client.query('SELECT 1 / $1::int', [0])).rejects.toMatchObject({ code: '22012' });
    await client.query('ROLLBACK');
    client.release();
    expect(await sumOfSafe()).toBe(500);
  });

  it('carries large values both ways', async () => {
    const large = 'x'.repeat(3_000_000);
    const { rows } = await db.pool.query<{ back: string }>('SELECT $1::text AS back', [large]);
    expect(rows[0]?.back).toBe(large);
  });

  it('notifies the clients that listen, and only those', async () => {
    const heard: string[] = [];
    const listen = async (name: string, channel: string) => {
      const client = await db.pool.connect();
      client.on('notification', ({ payload }) => heard.push(`${name}: ${payload}`));
      await client.query(`-- what for, as BullMQ writes it\nLISTEN ${channel}`);
      return client;
    };
    const clients = [await listen('a', 'news'), await listen('b', '"news"'), await listen('c', 'other')];
    await db.pool.query(`SELECT pg_notify('news', 'one')`);
    await clients[0]?.query('UNLISTEN news');
    await db.pool.query(`SELECT pg_notify('news', 'two')`);
    await Promise.all(clients.map((client) => client.query('SELECT 1')));
    for (const client of clients) client.release(true);
    expect(heard.sort()).toEqual(['a: one', 'b: one', 'b: two']);
  });

  it('frees the room of deleted rows', async () => {
    await db.pool.query(
      'CREATE TABLE scratch AS SELECT n, repeat(md5(n::text), 10) AS text FROM generate_series(1, 2000) AS n',
    );
    await db.pool.query('DELETE FROM scratch');
    await vacuumTables(db.pool);
    const { rows } = await db.pool.query(`SELECT pg_relation_size('scratch')::int AS bytes`);
    expect(rows).toEqual([{ bytes: 0 }]);
  });

  it('loses no acknowledged row when its process is killed, and opens again', async () => {
    const folder = join(parent, 'killed');
    const child = spawn(process.execPath, ['--input-type=module', '-e', INSERT_FOREVER, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    let acknowledged = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line);
      if (acknowledged === 500) child.kill('SIGKILL');
    }
    await gone;
    const reopened = await openDatabase({ folder });
    const { rows } = await reopened.pool.query<{ count: number }>('SELECT count(*)::int AS count FROM kept');
    await reopened.close();
    expect(acknowledged).toBeGreaterThanOrEqual(500);
    expect(rows[0]?.count).toBeGreaterThanOrEqual(acknowledged);
  });
});

/** Runs in a process of its own, on the built library. */
const INSERT_FOREVER = `
  import { openDatabase } from '${new URL('../dist/index.js', import.meta.url).href}';
  const db = await openDatabase({ folder: process.argv[1] });
  await db.pool.query('CREATE TABLE kept (n int)');
  for (let n = 1; n < 1e6; n += 1) {
    await db.pool.query('INSERT INTO kept VALUES ($1)', [n]);
    console.log(n);
  }`;
