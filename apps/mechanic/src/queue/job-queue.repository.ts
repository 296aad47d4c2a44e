// The lab's job queue `jobs`, on Redis where REDIS_URL says so, else on the lab's own database.
// The only file that knows which of the two it is.

import { AppError } from '@labmesh/contracts';
import { DATABASE, type Database } from '@labmesh/db';
import { LAB_CONFIG, type LabConfig } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { createPostgresBackend, Queue, runMigrations, withBackend } from 'bullmq';
import { Redis } from 'ioredis';

export const QUEUE_NAME = 'jobs';
const REDIS_PREFIX = 'labmesh';
const REDIS_CONNECT_TIMEOUT_MS = 2_000;
const REDIS_RETRY_MAX_MS = 2_000;

export interface JobCounts {
  readonly waiting: number;
  readonly active: number;
  readonly failed: number;
}

/** What is needed of a queue, whichever backend it stands on. */
interface OpenedQueue {
  readonly counts: () => Promise<JobCounts>;
  readonly close: () => Promise<void>;
}

@Injectable()
export class JobQueueRepository implements OnModuleDestroy {
  readonly kind: 'redis' | 'postgres' | 'embedded';
  #opening: Promise<OpenedQueue> | undefined;

  constructor(
    @Inject(LAB_CONFIG) private readonly config: Pick<LabConfig, 'redisUrl'>,
    @Inject(DATABASE) private readonly database: Pick<Database, 'kind' | 'pool'>,
  ) {
    this.kind = config.redisUrl === undefined ? database.kind : 'redis';
  }

  /** Asks the backend now; connects first when nothing has yet. @throws AppError unavailable */
  async counts(): Promise<JobCounts> {
    try {
      const queue = await this.#opened();
      return await queue.counts();
    } catch (cause) {
      const remedy = this.kind === 'redis' ? 'See that Redis runs at REDIS_URL.' : 'See the database’s check and log.';
      throw new AppError('unavailable', `The job queue does not answer. ${remedy}`, { cause });
    }
  }

  async onModuleDestroy(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    const queue = await opening?.catch(() => undefined);
    await queue?.close();
  }

  /** One attempt at a time; a failed one is forgotten, because BullMQ's objects remember it for ever. */
  #opened(): Promise<OpenedQueue> {
    if (this.#opening !== undefined) return this.#opening;
    const { redisUrl } = this.config;
    const opening = redisUrl === undefined ? openOnDatabase(this.database) : openOnRedis(redisUrl);
    this.#opening = opening;
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = undefined;
    });
    return opening;
  }
}

async function openOnRedis(url: string): Promise<OpenedQueue> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: REDIS_CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt) => Math.min(attempt * 100, REDIS_RETRY_MAX_MS),
  });
  // A lost connection is told by the next check; without a listener it would end the process.
  redis.on('error', () => undefined);
  const queue = new Queue(QUEUE_NAME, { connection: redis, prefix: REDIS_PREFIX });
  return opened(queue, () => redis.disconnect());
}

async function openOnDatabase({ pool }: Pick<Database, 'pool'>): Promise<OpenedQueue> {
  const client = await pool.connect();
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
  const { Queue: DatabaseQueue } = withBackend(createPostgresBackend);
  return opened(new DatabaseQueue(QUEUE_NAME, { connection: pool }), () => undefined);
}

/** What both backends' queues have in common. */
interface AnyQueue extends Pick<Queue, 'waitUntilReady' | 'getJobCounts' | 'close'> {
  on(event: 'error', listener: (error: Error) => void): unknown;
}

async function opened(queue: AnyQueue, disconnect: () => void): Promise<OpenedQueue> {
  queue.on('error', () => undefined);
  const close = async (): Promise<void> => {
    await queue.close().finally(disconnect);
  };
  try {
    await queue.waitUntilReady();
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
  return { counts: () => countsOf(queue), close };
}

/** A prioritized job waits as well: BullMQ only keeps it in another list. */
async function countsOf(queue: AnyQueue): Promise<JobCounts> {
  const counts = await queue.getJobCounts('waiting', 'prioritized', 'active', 'failed');
  const of = (state: string): number => counts[state] ?? 0;
  return { waiting: of('waiting') + of('prioritized'), active: of('active'), failed: of('failed') };
}
