// Routes what lands: plans the deliveries of new versions, and sends what is due until it is settled. It wakes when something
// lands or is settled, and when the next delivery is due; in a mesh also now and then, for what another replica stored.
import { Lifecycle, LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Arrivals } from '../datasets/arrivals.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import type { Route } from './route.js';
import { RoutesRepository } from './routes.repository.js';

/** Where no other process has the database, all that lands is told here. */
const LOOK_MS = { alone: 600_000, shared: 15_000 };
const FAILED_MS = 5_000;
/** Turns of one look; what is left is for the next. */
const TURNS_MAX = 100;

/** The lab's own datasets are known to whoever asks the knowledge base. */
const TO_THE_LIBRARIAN: Route = {
  id: 'rt_datasets-of-the-lab',
  name: 'Datasets of the lab',
  to: 'librarian',
  match: { packets: false },
  enabled: true,
};

@Injectable()
export class Router implements OnModuleInit, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(
    @Inject(RoutesRepository) private readonly routes: RoutesRepository,
    @Inject(DeliveriesRepository) private readonly deliveries: DeliveriesRepository,
    @Inject(Arrivals) private readonly arrivals: Pick<Arrivals, 'whenChanged'>,
    @Inject(Lifecycle) private readonly lifecycle: Lifecycle,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.routes.putOnce(TO_THE_LIBRARIAN);
    this.lifecycle.onServing(() => {
      void this.wake();
      this.arrivals.whenChanged(() => void this.wake());
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  /** Something landed, or is to be sent: looks at once. It never throws, and need not be waited for. */
  async wake(): Promise<void> {
    if (this.#stopped) return;
    this.#again = true;
    this.#looking ??= this.#lookings();
    await this.#looking;
  }

  async #lookings(): Promise<void> {
    while (this.#again && !this.#stopped) await this.#look();
    this.#looking = undefined;
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#again = false;
    let restMs: number = this.deliveries.alone ? LOOK_MS.alone : LOOK_MS.shared;
    try {
      await this.#plan();
      for (let turn = 0; turn < TURNS_MAX && !this.#stopped; turn += 1)
        if ((await this.deliveries.sendDue()) === 0) break;
      restMs = Math.min(restMs, (await this.deliveries.nextDueMs()) ?? restMs);
    } catch (error) {
      this.log.warn({ err: error }, 'data is not routed for now; it is tried again');
      restMs = FAILED_MS;
    }
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.wake(), restMs);
    this.#timer.unref();
  }

  async #plan(): Promise<void> {
    const enabled = (await this.routes.all()).filter(({ enabled }) => enabled);
    for (let turn = 0; turn < TURNS_MAX && !this.#stopped; turn += 1)
      if ((await this.deliveries.planLanded(enabled)) === 0) return;
  }
}
