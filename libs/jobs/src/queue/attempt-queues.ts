// The queues of placed attempts, one for each node. They only say where to look: what comes twice is claimed once, and what never
// comes is found by the sweep and put in again.
import { AppError } from '@labmesh/contracts';
import { z } from 'zod';
import {
  type AnyQueue,
  type AnyWorker,
  openBackend,
  type QueueBackend,
  type QueueKind,
  type QueueSettings,
  queueKind,
} from './queue-backend.js';

const Delivered = z.object({ jobId: z.string(), number: z.int() });
export type PlacedAttempt = z.output<typeof Delivered>;

/** Names of nodes may have dots, names of queues no colons. */
const queueOf = (node: string): string => `attempts-${node}`;
/** How long a worker waits at the queue before it looks again; nothing depends on it, as whoever adds wakes it. */
const DRAIN_SECONDS = 60;
const IDLE_MS = 60_000;

export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly failed: number;
  /** Age of the oldest that waits; null when none does. */
  readonly oldestMs: number | null;
}

export interface TakeOptions {
  readonly node: string;
  /** At most so many at once are under way in `take`. */
  readonly concurrency: number;
  /** May be called twice for one attempt: the row says who has it. What it throws is forgotten: the sweep brings it again. */
  readonly take: (attempt: PlacedAttempt) => Promise<void>;
  /** Without anything to take for so long, the queue is closed until the next `poke`. */
  readonly idleMs?: number;
}

/** A worker's end of a queue. Closed it costs nothing; `poke` opens it. */
export interface Taking {
  /** Something was placed on the node, or may have been. Never throws. */
  poke(): void;
  /** Takes no more and waits for what is under way. */
  close(): Promise<void>;
}

export class AttemptQueues {
  readonly kind: QueueKind;
  #opening: Promise<QueueBackend> | undefined;
  readonly #queues = new Map<string, AnyQueue>();

  constructor(private readonly settings: QueueSettings) {
    this.kind = queueKind(settings);
  }

  /** `again`: it was put in before, and nobody took it. @throws AppError unavailable */
  async add(node: string, { jobId, number }: PlacedAttempt, again = false): Promise<void> {
    const id = `${jobId}.${number}`;
    const data = { jobId, number };
    const options = { removeOnComplete: true, removeOnFail: true, jobId: again ? `${id}.${Date.now()}` : id };
    await this.#asked(async () => (await this.#queue(node)).add('attempt', data, options));
  }

  /** Of these nodes together. @throws AppError unavailable */
  async counts(nodes: readonly string[]): Promise<QueueCounts> {
    return await this.#asked(async () => {
      let sum: QueueCounts = { waiting: 0, active: 0, failed: 0, oldestMs: null };
      // Without a node there is a queue without a name to ask: whether the backend answers is of interest in any case.
      for (const node of nodes.length === 0 ? [''] : nodes) sum = added(sum, await countsOf(await this.#queue(node)));
      return sum;
    });
  }

  /** Opens nothing before its first `poke`. */
  take(options: TakeOptions): Taking {
    return new QueueTaking(options, () => this.#backend());
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    const queues = [...this.#queues.values()];
    this.#queues.clear();
    await Promise.all(queues.map((queue) => queue.close().catch(() => undefined)));
    (await opening?.catch(() => undefined))?.disconnect();
  }

  async #asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (cause) {
      const remedy = this.kind === 'redis' ? 'See that Redis runs at REDIS_URL.' : 'See the database’s check and log.';
      throw new AppError('unavailable', `The job queue does not answer. ${remedy}`, { cause });
    }
  }

  /** One attempt to connect at a time; a failed one is forgotten. */
  #backend(): Promise<QueueBackend> {
    if (this.#opening !== undefined) return this.#opening;
    const opening = openBackend(this.settings);
    this.#opening = opening;
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = undefined;
    });
    return opening;
  }

  async #queue(node: string): Promise<AnyQueue> {
    const backend = await this.#backend();
    let queue = this.#queues.get(node);
    if (queue === undefined) {
      queue = backend.queue(queueOf(node));
      this.#queues.set(node, queue);
    }
    try {
      await queue.waitUntilReady();
      return queue;
    } catch (error) {
      this.#queues.delete(node);
      await queue.close().catch(() => undefined);
      throw error;
    }
  }
}

class QueueTaking implements Taking {
  #worker: Promise<AnyWorker> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #under = 0;
  #closed = false;

  constructor(
    private readonly options: TakeOptions,
    private readonly backend: () => Promise<QueueBackend>,
  ) {}

  poke(): void {
    if (this.#closed) return;
    this.#rest();
    if (this.#worker !== undefined) return;
    const opening = this.#open();
    this.#worker = opening;
    opening.catch(() => {
      if (this.#worker === opening) this.#worker = undefined;
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    await this.#shut();
  }

  async #open(): Promise<AnyWorker> {
    const { node, concurrency } = this.options;
    const worker = (await this.backend()).worker(queueOf(node), (data) => this.#taken(data), {
      concurrency,
      drainDelay: DRAIN_SECONDS,
    });
    await worker.waitUntilReady();
    return worker;
  }

  async #taken(data: unknown): Promise<void> {
    const attempt = Delivered.safeParse(data);
    if (!attempt.success) return;
    this.#under += 1;
    try {
      await this.options.take(attempt.data);
    } finally {
      this.#under -= 1;
      this.#rest();
    }
  }

  #rest(): void {
    clearTimeout(this.#idle);
    if (this.#closed) return;
    this.#idle = setTimeout(() => {
      if (this.#under === 0) void this.#shut();
      else this.#rest();
    }, this.options.idleMs ?? IDLE_MS).unref();
  }

  async #shut(): Promise<void> {
    const opening = this.#worker;
    this.#worker = undefined;
    const worker = await opening?.catch(() => undefined);
    await worker?.close().catch(() => undefined);
  }
}

async function countsOf(queue: AnyQueue): Promise<QueueCounts> {
  const counts = await queue.getJobCounts('waiting', 'active', 'failed');
  const of = (state: string): number => counts[state] ?? 0;
  const [oldest] = of('waiting') > 0 ? await queue.getWaiting(0, 0) : [];
  const oldestMs = oldest === undefined ? null : Math.max(0, Date.now() - oldest.timestamp);
  return { waiting: of('waiting'), active: of('active'), failed: of('failed'), oldestMs };
}

const added = (one: QueueCounts, other: QueueCounts): QueueCounts => ({
  waiting: one.waiting + other.waiting,
  active: one.active + other.active,
  failed: one.failed + other.failed,
  oldestMs:
    one.oldestMs === null || other.oldestMs === null
      ? (one.oldestMs ?? other.oldestMs)
      : Math.max(one.oldestMs, other.oldestMs),
});
