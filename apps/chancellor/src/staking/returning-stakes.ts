// Brings back stakes that have cooled down, now and then. Two replicas at once do no harm: each stake comes back once.
import { Lifecycle, LOGGER, type Logger, RecurringWork } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Stakes } from './stakes.js';

/** What has cooled down for days may wait a little longer; where nothing cools down, who asks has it at once. */
const LOOK_MS = 30_000;

@Injectable()
export class ReturningStakes implements OnModuleInit, OnModuleDestroy {
  readonly #work: RecurringWork;

  constructor(
    @Inject(Stakes) stakes: Pick<Stakes, 'bringBackDue'>,
    @Inject(Lifecycle) private readonly lifecycle: Pick<Lifecycle, 'onServing'>,
    @Inject(LOGGER) log: Pick<Logger, 'warn'>,
  ) {
    this.#work = new RecurringWork(
      () => stakes.bringBackDue(),
      LOOK_MS,
      (error) => log.warn({ err: error }, 'stakes that have cooled down could not be brought back'),
    );
  }

  onModuleInit(): void {
    this.lifecycle.onServing(() => this.#work.begin());
  }

  onModuleDestroy(): Promise<void> {
    return this.#work.stop();
  }
}
