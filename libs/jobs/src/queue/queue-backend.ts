// BullMQ on Redis where REDIS_URL says so, else on the lab's own database. The only file that knows which of the two it is. BullMQ
// and Redis's client are a quarter of the lab's program: they are loaded when something is asked of a queue, so that no start waits.
import type { Database } from '@labmesh/db';
import type { LabConfig } from '@labmesh/runtime';
import type { Queue, Worker, WorkerOptions } from 'bullmq';

const PREFIX = 'labmesh';
const CONNECT_TIMEOUT_MS = 2_000;
const RETRY_MAX_MS = 2_000;

export type QueueKind = 'redis' | 'postgres' | 'embedded';
/** What both backends' queues and workers have in common. */
export type AnyQueue = Pick<Queue, 'waitUntilReady' | 'getJobCounts' | 'getWaiting' | 'add' | 'close'>;
export type AnyWorker = Pick<Worker, 'waitUntilReady' | 'close'>;
export type Take = (data: unknown) => Promise<void>;

export interface QueueBackend {
  readonly queue: (name: string) => AnyQueue;
  readonly worker: (name: string, take: Take, options: Omit<WorkerOptions, 'connection'>) => AnyWorker;
  /** After whatever was made of it is closed. */
  readonly disconnect: () => void;
}

export interface QueueSettings {
  readonly config: Pick<LabConfig, 'redisUrl'>;
  readonly database: Pick<Database, 'kind' | 'pool'>;
}

export const queueKind = ({ config, database }: QueueSettings): QueueKind =>
  config.redisUrl === undefined ? database.kind : 'redis';

/** Connects. What fails here may be tried again; BullMQ's own objects remember a failure for ever. */
export async function openBackend({ config, database }: QueueSettings): Promise<QueueBackend> {
  return config.redisUrl === undefined ? await onDatabase(database) : await onRedis(config.redisUrl);
}

async function onDatabase({ pool }: Pick<Database, 'pool'>): Promise<QueueBackend> {
  const { createPostgresBackend, runMigrations, withBackend } = await import('bullmq');
  const client = await pool.connect();
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
  const { Queue: OnDatabase, Worker: WorkerOnDatabase } = withBackend(createPostgresBackend);
  const connection = withoutListeners(pool);
  return {
    queue: (name) => heard(new OnDatabase(name, { connection })),
    worker: (name, take, options) =>
      heard(new WorkerOnDatabase(name, ({ data }) => take(data), { ...options, connection })),
    disconnect: () => undefined,
  };
}

async function onRedis(url: string): Promise<QueueBackend> {
  const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
  const settings = {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (attempt: number) => Math.min(attempt * 100, RETRY_MAX_MS),
  };
  const asking = heard(new Redis(url, { ...settings, maxRetriesPerRequest: 1 }));
  // A worker waits for as long as it takes.
  const waiting = heard(new Redis(url, { ...settings, maxRetriesPerRequest: null }));
  return {
    queue: (name) => heard(new bullmq.Queue(name, { connection: asking, prefix: PREFIX })),
    worker: (name, take, options) =>
      heard(new bullmq.Worker(name, ({ data }) => take(data), { ...options, connection: waiting, prefix: PREFIX })),
    disconnect: () => {
      asking.disconnect();
      waiting.disconnect();
    },
  };
}

/**
 * The pool as BullMQ gets it. Whatever it makes of it listens for errors of the pool and never stops, so that each end that was opened
 * and closed again would stay for ever. The pool has a listener of its own.
 */
const withoutListeners = (pool: Database['pool']): Database['pool'] =>
  new Proxy(pool, {
    get(target, name, quiet) {
      if (name === 'on')
        return (...[event, listener]: Parameters<typeof target.on>) =>
          event === 'error' ? quiet : target.on(event, listener);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

/** A lost connection is told by the next question; without a listener it would end the process. */
function heard<T extends { on(event: 'error', listener: () => void): unknown }>(emitter: T): T {
  emitter.on('error', () => undefined);
  return emitter;
}
