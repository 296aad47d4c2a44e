// The job queue on the embedded database: real BullMQ on real tables.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '@labmesh/db';
import { createPostgresBackend, withBackend } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobQueueRepository, QUEUE_NAME } from './job-queue.repository.js';

let folder: string;
let database: Database;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-queue-'));
  database = await openDatabase({ folder: join(folder, 'pg') });
});

afterAll(async () => {
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the job queue on the embedded database', () => {
  it('makes its tables at the first question and counts what waits and what failed', async () => {
    const jobs = new JobQueueRepository({}, database);
    expect(jobs.kind).toBe('embedded');
    expect(await jobs.counts()).toEqual({ waiting: 0, active: 0, failed: 0 });

    const { Queue, Worker } = withBackend(createPostgresBackend);
    const queue = new Queue(QUEUE_NAME, { connection: database.pool });
    await queue.add('plain', {});
    await queue.add('urgent', {}, { priority: 1 });
    expect(await jobs.counts()).toEqual({ waiting: 2, active: 0, failed: 0 });

    const refuse = () => Promise.reject(new Error('refused'));
    const worker = new Worker(QUEUE_NAME, refuse, { connection: database.pool });
    const failed = new Promise<void>((resolve) => {
      let seen = 0;
      worker.on('failed', () => {
        if (++seen === 2) resolve();
      });
    });
    await failed;
    await worker.close();
    expect(await jobs.counts()).toEqual({ waiting: 0, active: 0, failed: 2 });
    await queue.obliterate({ force: true });
    await queue.close();
    await jobs.onModuleDestroy();
  });

  it('lets many ask at once and connects only once', async () => {
    const jobs = new JobQueueRepository({}, database);
    const answers = await Promise.all(Array.from({ length: 20 }, () => jobs.counts()));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    await jobs.onModuleDestroy();
  });

  it('leaves the lab’s own statements alone', async () => {
    const { rows } = await database.pool.query<{ n: number }>('SELECT 1 AS n');
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('answers again after a failure', async () => {
    let broken = true;
    const pool: Database['pool'] = Object.create(database.pool, {
      // A pool asks itself with a callback; the rest of the world waits for a promise.
      connect: {
        value: (...callback: []) => (broken ? Promise.reject(new Error('no')) : database.pool.connect(...callback)),
      },
    });
    const jobs = new JobQueueRepository({}, { kind: 'embedded', pool });
    await expect(jobs.counts()).rejects.toMatchObject({ code: 'unavailable' });
    broken = false;
    await expect(jobs.counts()).resolves.toEqual({ waiting: 0, active: 0, failed: 0 });
    await jobs.onModuleDestroy();
  });

  it('can be closed before it was ever asked', async () => {
    await expect(new JobQueueRepository({}, database).onModuleDestroy()).resolves.toBeUndefined();
  });
});
