// Brings back stakes that have cooled down, now and then. Two replicas at once do no harm: each stake comes back once.
import { Lifecycle, LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Stakes } from './stakes.js';

const LOOK_MS = 5_000;

@Injectable()
export class ReturningStakes implements OnModuleInit, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #running: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(Stakes) private readonly stakes: Pick<Stakes, 'bringBackDue'>,
    @Inject(Lifecycle) private readonly lifecycle: Pick<Lifecycle, 'onServing'>,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
  ) {}

  onModuleInit(): void {
    this.lifecycle.onServing(() => this.#later());
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #later(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.stakes
        .bringBackDue()
        .catch((error: unknown) =>
          this.log.warn({ err: error }, 'stakes that have cooled down could not be brought back'),
        )
        .finally(() => this.#later());
    }, LOOK_MS).unref();
  }
}
