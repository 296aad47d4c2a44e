// Pays what is due by itself: fills the pool once when the process first serves, then looks every few seconds. Two replicas at once
// do no harm: they take turns, and nothing is paid twice.
import { Lifecycle, LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { FirstPool } from './first-pool.js';
import { Rewards } from './rewards.js';

const LOOK_MS = 10_000;

@Injectable()
export class RewardSchedule implements OnModuleInit, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #running: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(FirstPool) private readonly first: Pick<FirstPool, 'fill'>,
    @Inject(Rewards) private readonly rewards: Pick<Rewards, 'distribute'>,
    @Inject(Lifecycle) private readonly lifecycle: Pick<Lifecycle, 'onServing'>,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
  ) {}

  onModuleInit(): void {
    this.lifecycle.onServing(() => this.#look());
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #look(): void {
    this.#running = this.first
      .fill()
      .then(() => this.rewards.distribute())
      .catch((error: unknown) => this.log.warn({ err: error }, 'rewards could not be paid; they are tried again'))
      .finally(() => {
        if (!this.#stopped) this.#timer = setTimeout(() => this.#look(), LOOK_MS).unref();
      });
  }
}
