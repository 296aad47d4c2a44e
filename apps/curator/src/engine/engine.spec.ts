// The data engine: what it may reach, how it ends, and that the lab lives whatever happens in it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Engine } from './engine.js';
import { EngineEnded } from './engine-errors.js';
import type { EngineSession } from './engine-session.js';
import { FairQueue } from './fair-queue.js';

const engine = new Engine();
afterAll(() => engine.close());

const TASK = { who: 'test', limitMs: 60_000 };
const run = (sql: string): Promise<void> => engine.run(TASK, (session) => session.run(sql));
const all = (sql: string) => engine.run(TASK, (session) => session.all(sql));

describe('the data engine', () => {
  it.each([
    `SELECT * FROM read_text('/etc/hostname')`,
    `SELECT * FROM glob('/etc/*')`,
    `SELECT * FROM read_blob('/proc/self/environ')`,
    `COPY (SELECT 1) TO '/tmp/labmesh-should-not-be.csv'`,
    `ATTACH '/tmp/labmesh-should-not-be.db'`,
    'INSTALL httpfs',
    'LOAD httpfs',
    'SET threads = 4',
    'SET enable_external_access = true',
    'PRAGMA memory_limit = "4GB"',
    `EXPORT DATABASE '/tmp/labmesh-should-not-be'`,
    `CREATE PERSISTENT SECRET s (TYPE http)`,
  ])('refuses %s', async (sql) => {
    await expect(run(sql)).rejects.toThrow(/Permission Error|Invalid Input Error|Catalog Error|Error/);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('labmesh-should-not-be'))).toEqual([]);
  });

  it('has nothing of the Curator’s environment', async () => {
    await run('SELECT 1');
    for (const pid of engine.pids) expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toMatch(/HOME|PATH/);
  });

  it('reaches its own folder and no other, and leaves nothing behind', async () => {
    let used = '';
    await engine.run(TASK, async (session) => {
      used = join(session.folder, 'x.txt');
      await writeFile(used, 'x');
      expect(await session.all(`SELECT content FROM read_text('${used}')`)).toEqual([['x']]);
      const [other] = readdirSync(await engine.root()).filter((name) => !session.folder.endsWith(name));
      if (other !== undefined) await expect(session.run(`SELECT * FROM glob('${other}/*')`)).rejects.toThrow();
    });
    expect(existsSync(used)).toBe(false);
  });

  it('gives values as they are', async () => {
    const [row] = await all(
      `SELECT 9007199254740993, 1.50, 'x'::BLOB, DATE '1970-01-02', TIMESTAMP_NS '1970-01-01 00:00:00.000000001', INTERVAL 1 DAY,
        [1, NULL], {'2': 'b', '1': 'a'}, MAP {'k': 1}, '\uFEFFx', 'nan'::DOUBLE, NULL`,
    );
    expect(row).toEqual([
      9_007_199_254_740_993n,
      '1.50',
      Buffer.from('x'),
      1,
      1n,
      [0, 1, 0n],
      [1, null],
      ['b', 'a'],
      [['k', 1]],
      '\uFEFFx',
      Number.NaN,
      null,
    ]);
  });

  it('works on, after a failure, with what is left', async () => {
    await expect(engine.run(TASK, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(run('SELEC 1')).rejects.toThrow('Parser Error');
    const tasks = Array.from({ length: 5 }, (_, n) => all(`SELECT ${n}`));
    expect(await Promise.all(tasks)).toEqual([0, 1, 2, 3, 4].map((n) => [[n]]));
    expect(engine.pids.length).toBeLessThanOrEqual(2);
  });
});

describe('the end of the data engine', () => {
  it('is told to who works and to who waits, and leaves no process and no folder', async () => {
    const ending = new Engine();
    const root = await ending.root();
    const sql = 'SELECT count(*) FROM range(1000000000000) a, range(1000000) b';
    const tasks = [1, 2, 3, 4].map(() => ending.run(TASK, (session) => session.all(sql)));
    await expect.poll(() => ending.pids.length).toBe(2);
    const pids = ending.pids;
    const ends = Promise.allSettled(tasks);
    await ending.close();
    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
    expect(existsSync(root)).toBe(false);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow();
  });
});

describe('a fair queue', () => {
  it('gives one wallet’s next turn after the other wallet’s first', () => {
    const queue = new FairQueue<string>();
    for (const item of ['a1', 'a2', 'a3']) queue.add('a', item);
    queue.add('b', 'b1');
    queue.remove('a', 'a2');
    expect([queue.size, queue.take(), queue.take(), queue.take(), queue.take()]).toEqual([
      3,
      'a1',
      'b1',
      'a3',
      undefined,
    ]);
  });
});

describe('what runs away', () => {
  it('is stopped at the time limit', async () => {
    const task = engine.run({ ...TASK, limitMs: 300 }, (session) =>
      session.all('SELECT count(*) FROM range(1000000000000) a, range(1000000) b'),
    );
    await expect(task).rejects.toMatchObject({ code: 'deadline_exceeded', message: expect.stringContaining('300 ms') });
    expect(await all('SELECT 1')).toEqual([[1]]);
  });

  it('is ended at the time limit, even when it does not listen to an interrupt', async () => {
    const before = engine.pids;
    const deaf = engine.run({ ...TASK, limitMs: 300 }, (session) => session.all(DEAF));
    await expect(deaf).rejects.toMatchObject({ code: 'deadline_exceeded' });
    expect(engine.pids).not.toEqual(before);
    expect(await all('SELECT 1')).toEqual([[1]]);
  });

  it('stops when nobody waits any more, in its turn or before', async () => {
    const gone = new AbortController();
    const work = (session: EngineSession) =>
      session.all('SELECT count(*) FROM range(1000000000000) a, range(1000000) b');
    const tasks = [1, 2, 3, 4].map(() => engine.run({ ...TASK, signal: gone.signal }, work));
    setTimeout(() => gone.abort(), 100);
    const ends = await Promise.allSettled(tasks);
    expect(ends).toEqual(
      ends.map(() => ({ status: 'rejected', reason: expect.objectContaining({ code: 'cancelled' }) })),
    );
  });

  it('spills into its folder, where it would pass its memory', async () => {
    const [row] = await engine.run({ ...TASK, memory: '64MB' }, (session) =>
      session.all(
        'SELECT count(*), max(x) FROM (SELECT x, repeat(x::VARCHAR, 20) FROM range(1500000) t(x) ORDER BY hash(x))',
      ),
    );
    expect(row).toEqual([1_500_000n, 1_499_999n]);
  });

  it('ends alone, when it takes more memory than a process may have', async () => {
    const hungry = engine.run({ ...TASK, memory: '8GB' }, (session) =>
      session.all(`SELECT count(*) FROM (SELECT repeat('x', 10000) || i AS t FROM range(400000) r(i) ORDER BY t)`),
    );
    await expect(hungry).rejects.toMatchObject({ reason: 'memory' });
    await expect(hungry).rejects.toBeInstanceOf(EngineEnded);
    expect(await all('SELECT 1')).toEqual([[1]]);
  });
});

/** One value that takes long: DuckDB looks for an interrupt between two portions of rows. */
const DEAF = `SELECT levenshtein(repeat('ab', 30000), repeat('ba', 30000))`;
