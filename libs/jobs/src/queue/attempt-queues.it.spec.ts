// The queues of nodes on a real Redis, in a database number of its own, and on a real PostgreSQL.
import { randomInt } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type Database, openDatabase } from '@labmesh/db';
import { postgresDatabase, type TestDatabase } from '@labmesh/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AttemptQueues } from './attempt-queues.js';
import { queuesSuite } from './queues.testing.js';

const REDIS_PORT = 6379;
const REDIS_DATABASE = randomInt(9, 16);
const redisUrl = (port = REDIS_PORT): string => `redis://127.0.0.1:${port}/${REDIS_DATABASE}`;
/** Redis is asked alone: there is no pool to ask. */
const noDatabase = { kind: 'postgres', pool: undefined } as unknown as Pick<Database, 'kind' | 'pool'>;
const onRedis = (port?: number): AttemptQueues =>
  new AttemptQueues({ config: { redisUrl: redisUrl(port) }, database: noDatabase });

describe('queues on Redis', () => {
  let queues: AttemptQueues;
  beforeAll(() => {
    queues = onRedis();
  });
  afterAll(async () => {
    await queues.close();
    const redis = new Redis(redisUrl());
    const keys = await redis.keys('labmesh:attempts-*');
    if (keys.length > 0) await redis.del(keys);
    await redis.quit();
  });

  queuesSuite(() => queues);

  it('say that nobody answers, find Redis once it is there, and again after it was gone', async () => {
    expect(onRedis().kind).toBe('redis');
    const door = await doorTo(REDIS_PORT);
    const over = onRedis(door.port);
    await door.close();
    await expect(over.counts([])).rejects.toMatchObject({ code: 'unavailable' });
    await door.open();
    await expect.poll(() => over.counts([]).catch(() => undefined)).toMatchObject({ active: 0 });
    await door.close();
    await expect(over.counts([])).rejects.toMatchObject({ code: 'unavailable' });
    await door.open();
    await expect.poll(() => over.counts([]).catch(() => undefined)).toMatchObject({ active: 0 });
    await over.close();
    await door.close();
  });
});

describe('queues on PostgreSQL', () => {
  let server: TestDatabase;
  let database: Database;
  let queues: AttemptQueues;
  beforeAll(async () => {
    server = await postgresDatabase();
    database = await openDatabase({ url: server.url, folder: '' });
    queues = new AttemptQueues({ config: {}, database });
  });
  afterAll(async () => {
    await queues?.close();
    await database?.close();
    await server?.[Symbol.asyncDispose]();
  });

  queuesSuite(() => queues);

  it('make their tables once, and answer on every connection of the pool', async () => {
    const other = new AttemptQueues({ config: {}, database });
    const asked = await Promise.all(Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? queues : other).counts(['n'])));
    expect(asked.every(({ waiting }) => waiting === 0)).toBe(true);
    await other.close();
  });
});

/** Passes bytes on to a port of this machine while it is open. */
async function doorTo(target: number) {
  const sockets = new Set<Socket>();
  const server = createServer((inside) => {
    const outside = connect(target, '127.0.0.1');
    for (const socket of [inside, outside]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    inside.pipe(outside).pipe(inside);
  });
  const listen = (port: number) =>
    new Promise<number>((resolve) => {
      server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
  const port = await listen(0);
  return {
    port,
    open: () => listen(port),
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
