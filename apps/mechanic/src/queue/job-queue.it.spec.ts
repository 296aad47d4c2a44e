// The job queue on a real Redis, in a database number of its own, and on a real PostgreSQL.
import { randomInt } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type Database, openDatabase } from '@labmesh/db';
import { postgresDatabase } from '@labmesh/testing';
import { createPostgresBackend, Queue, withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobQueueRepository, QUEUE_NAME } from './job-queue.repository.js';

const REDIS_PORT = 6379;
const REDIS_DATABASE = randomInt(9, 16);
const redisUrl = (port = REDIS_PORT): string => `redis://127.0.0.1:${port}/${REDIS_DATABASE}`;
/** Redis is asked alone: there is no pool to ask. */
const noDatabase = { kind: 'postgres', pool: undefined } as unknown as Pick<Database, 'kind' | 'pool'>;

describe('the job queue on Redis', () => {
  let redis: Redis;
  let producer: Queue;

  beforeAll(() => {
    redis = new Redis(redisUrl(), { maxRetriesPerRequest: null });
    producer = new Queue(QUEUE_NAME, { connection: redis, prefix: 'labmesh' });
  });

  afterAll(async () => {
    await producer.obliterate({ force: true });
    await producer.close();
    await redis.quit();
  });

  it('counts the jobs there', async () => {
    const jobs = new JobQueueRepository({ redisUrl: redisUrl() }, noDatabase);
    expect(jobs.kind).toBe('redis');
    const before = await jobs.counts();
    await producer.add('plain', {});
    await producer.add('urgent', {}, { priority: 2 });
    expect((await jobs.counts()).waiting).toBe(before.waiting + 2);
    await jobs.onModuleDestroy();
  });

  it('says that nobody answers, finds Redis once it is there, and again after it was gone', async () => {
    const door = await doorTo(REDIS_PORT);
    const jobs = new JobQueueRepository({ redisUrl: redisUrl(door.port) }, noDatabase);
    await door.close();
    await expect(jobs.counts()).rejects.toMatchObject({ code: 'unavailable' });
    await door.open();
    await expect(jobs.counts()).resolves.toMatchObject({ active: 0 });
    await door.close();
    await expect(jobs.counts()).rejects.toMatchObject({ code: 'unavailable' });
    await door.open();
    await expect.poll(() => jobs.counts().catch(() => undefined)).toMatchObject({ active: 0 });
    await jobs.onModuleDestroy();
    await door.close();
  });
});

describe('the job queue on PostgreSQL', () => {
  it('makes its tables once and counts on every connection of the pool', async () => {
    await using server = await postgresDatabase();
    const database = await openDatabase({ url: server.url, folder: '' });
    const replicas = [new JobQueueRepository({}, database), new JobQueueRepository({}, database)] as const;
    expect(replicas[0].kind).toBe('postgres');
    // Two replicas that start at once, and more questions than the pool has connections.
    const asked = await Promise.all(Array.from({ length: 60 }, (_, i) => replicas[i % 2 === 0 ? 0 : 1].counts()));
    expect(asked.every(({ waiting }) => waiting === 0)).toBe(true);
    const { Queue: DatabaseQueue } = withBackend(createPostgresBackend);
    const producer = new DatabaseQueue(QUEUE_NAME, { connection: database.pool });
    producer.on('error', () => undefined); // dropping the database breaks what is left of its connections
    await Promise.all(Array.from({ length: 30 }, () => producer.add('plain', {})));
    expect(await replicas[1].counts()).toEqual({ waiting: 30, active: 0, failed: 0 });
    await producer.close();
    await Promise.all(replicas.map((jobs) => jobs.onModuleDestroy()));
    await database.close();
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
