// The queues of nodes on the embedded database: real BullMQ on real tables.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '@labmesh/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AttemptQueues } from './attempt-queues.js';
import { queuesSuite } from './queues.testing.js';

let folder: string;
let database: Database;
let queues: AttemptQueues;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-queue-'));
  database = await openDatabase({ folder: join(folder, 'pg') });
  queues = new AttemptQueues({ config: {}, database });
});

afterAll(async () => {
  await queues?.close();
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('queues on the embedded database', () => {
  queuesSuite(() => queues);

  it('leave the lab’s own statements alone', async () => {
    const { rows } = await database.pool.query<{ n: number }>('SELECT 1 AS n');
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('leave nothing behind at the pool, however often they are opened', async () => {
    const before = database.pool.listenerCount('error');
    for (let turn = 0; turn < 3; turn++) {
      const over = new AttemptQueues({ config: {}, database });
      const end = over.take({ node: 'n', concurrency: 1, take: async () => undefined });
      end.poke();
      await over.counts(['n']);
      await end.close();
      await over.close();
    }
    expect(database.pool.listenerCount('error')).toBe(before);
  });

  it('answer again after a failure', async () => {
    let broken = true;
    const pool: Database['pool'] = Object.create(database.pool, {
      // A pool asks itself with a callback; the rest of the world waits for a promise.
      connect: {
        configurable: true,
        value: (...callback: []) => (broken ? Promise.reject(new Error('no')) : database.pool.connect(...callback)),
      },
    });
    const over = new AttemptQueues({ config: {}, database: { kind: 'embedded', pool } });
    await expect(over.counts([])).rejects.toMatchObject({ code: 'unavailable' });
    broken = false;
    await expect(over.counts([])).resolves.toMatchObject({ waiting: 0 });
    await over.close();
  });

  it('can be closed before they were ever asked', async () => {
    await expect(new AttemptQueues({ config: {}, database }).close()).resolves.toBeUndefined();
  });
});
