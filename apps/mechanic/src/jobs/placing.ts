// Puts waiting jobs on nodes whenever something may have changed, and looks after what a crash left. While no job is alive it hardly
// looks at all. Any number of replicas may do this at once.
import type { Bus } from '@labmesh/bus';
import { AttemptQueues, type Placed, Placement, Sweep, tellJobs } from '@labmesh/jobs';
import { BUS, Lifecycle, LOGGER, type Logger, RecurringWork } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { AskedHolds } from './asked-holds.repository.js';
import { ToldEnds } from './told-ends.repository.js';

/** While jobs are alive. */
const LOOK_MS = 2_000;
/** While none is; another replica's are told. */
const IDLE_MS = { shared: 15_000, alone: 60_000 };
/** After a start. */
const FIRST_MS = 1_000;
/** A placed attempt that no worker took for so long is put into its queue again. */
const UNTAKEN_MS = 5_000;
/** Workers that hear what was placed begin it by then: the queue, for those that do not, stands in nobody's way. */
const BEHIND_MS = 100;

@Injectable()
export class Placing implements OnModuleInit, OnModuleDestroy {
  readonly #placing = new RecurringWork(
    () => this.#placeNow(),
    Number.POSITIVE_INFINITY,
    (error) => this.log.warn({ err: error }, 'waiting jobs could not be placed; it is tried again'),
  );
  readonly #looking = new RecurringWork(
    () => this.#look(),
    () => this.#restMs,
    (error) => this.log.warn({ err: error }, 'jobs could not be looked after; it is tried again'),
  );
  readonly #queueing = new RecurringWork(
    () => this.#queue(),
    Number.POSITIVE_INFINITY,
    (error) => this.log.warn({ err: error }, 'placed jobs could not be put into their queue; it is tried again'),
  );
  #restMs = LOOK_MS;
  #isSomethingReady = false;
  #forQueue: Array<Placed & { readonly again: boolean }> = [];
  #servingSince = performance.now();

  constructor(
    @Inject(Placement) private readonly placement: Placement,
    @Inject(AttemptQueues) private readonly queues: AttemptQueues,
    @Inject(Sweep) private readonly sweep: Sweep,
    @Inject(AskedHolds) private readonly holds: AskedHolds,
    @Inject(ToldEnds) private readonly ends: Pick<ToldEnds, 'poke' | 'shared'>,
    @Inject(BUS) private readonly bus: Pick<Bus, 'broadcast'>,
    @Inject(Lifecycle) private readonly lifecycle: Pick<Lifecycle, 'onServing'>,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
  ) {}

  onModuleInit(): void {
    this.lifecycle.onServing(() => {
      this.#servingSince = performance.now();
      this.#looking.begin(FIRST_MS);
    });
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.#placing.stop(), this.#looking.stop(), this.#queueing.stop()]);
    // What does not get there is found by the next look, of whoever.
    await this.#queue().catch(() => undefined);
    await this.queues.close();
  }

  /**
   * There may be room, or something that wants it; `isReady`: a job does. Never throws; what comes while it is being done is done
   * after it, once.
   */
  soon(isReady = false): void {
    this.#isSomethingReady ||= isReady;
    this.#placing.within(0);
  }

  async #placeNow(): Promise<void> {
    try {
      await this.#place();
    } finally {
      this.#looking.within(LOOK_MS);
    }
  }

  async #place(): Promise<void> {
    const isReady = this.#isSomethingReady;
    this.#isSomethingReady = false;
    for (const one of await this.placement.place(isReady)) this.#deliver(one);
  }

  /** Workers that hear of it take it at once; what is in the queue waits for those that do not. */
  #deliver(placed: Placed, again = false): void {
    const { node, jobId, number } = placed;
    tellJobs(this.bus, { jobId, attempt: number, kind: 'placed', node });
    this.#forQueue.push({ ...placed, again });
    this.#queueing.within(BEHIND_MS);
  }

  async #queue(): Promise<void> {
    const all = this.#forQueue.splice(0);
    await Promise.all(all.map(({ node, jobId, number, again }) => this.queues.add(node, { jobId, number }, again)));
  }

  async #look(): Promise<void> {
    this.#restMs = this.ends.shared ? IDLE_MS.shared : IDLE_MS.alone;
    const { alive, dueInMs } = await this.sweep.standing();
    await this.holds.dropLeft();
    if (!alive) return this.sweep.forget();
    this.#restMs = dueInMs !== null && dueInMs > 0 ? Math.min(LOOK_MS, Math.max(1, dueInMs)) : LOOK_MS;
    const { changed, untaken } = await this.sweep.sweep(UNTAKEN_MS, performance.now() - this.#servingSince);
    for (const { jobId } of changed) tellJobs(this.bus, { jobId, kind: 'changed' });
    if (changed.length > 0) this.ends.poke();
    await this.#place();
    for (const one of untaken) this.#deliver(one, true);
  }
}
