// Pays what is due by itself: fills the pool once when the process first serves, then looks twice a minute. Two replicas at once
// do no harm: they take turns, and nothing is paid twice.
import { Lifecycle, LOGGER, type Logger, RecurringWork } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { FirstPool } from './first-pool.js';
import { Rewards } from './rewards.js';

/** An event's reward is paid when it is judged: what is left are ends of epochs, and what a crash or an empty pool left. */
const LOOK_MS = 30_000;

@Injectable()
export class RewardSchedule implements OnModuleInit, OnModuleDestroy {
  #filled = false;
  readonly #work: RecurringWork;

  constructor(
    @Inject(FirstPool) private readonly first: Pick<FirstPool, 'fill'>,
    @Inject(Rewards) private readonly rewards: Pick<Rewards, 'payDue'>,
    @Inject(Lifecycle) private readonly lifecycle: Pick<Lifecycle, 'onServing'>,
    @Inject(LOGGER) log: Pick<Logger, 'warn'>,
  ) {
    this.#work = new RecurringWork(
      () => this.#look(),
      LOOK_MS,
      (error) => log.warn({ err: error }, 'rewards could not be paid; they are tried again'),
    );
  }

  onModuleInit(): void {
    this.lifecycle.onServing(() => this.#work.begin(0));
  }

  onModuleDestroy(): Promise<void> {
    return this.#work.stop();
  }

  async #look(): Promise<void> {
    if (!this.#filled) await this.first.fill();
    this.#filled = true;
    await this.rewards.payDue();
  }
}
