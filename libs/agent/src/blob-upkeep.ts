// Now and then removes what an agent's files leave behind that no row names, for as long as the process serves. One replica does it.
import { BlobCollector } from '@labmesh/blobs';
import { Lifecycle, LOGGER, type Logger, outOfStep, RecurringWork } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';

/** A process that just began has better things to do. */
const FIRST_MS = 60_000;

@Injectable()
export class BlobUpkeep implements OnModuleInit, OnModuleDestroy {
  readonly #stopping = new AbortController();
  readonly #work: RecurringWork;

  constructor(
    @Inject(BlobCollector) private readonly collector: BlobCollector,
    @Inject(Lifecycle) private readonly lifecycle: Lifecycle,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#work = new RecurringWork(
      () => this.#collect(),
      () => outOfStep(this.collector.everyMs),
      (error) => this.log.warn({ err: error }, 'could not look for files that nobody names; it is tried again later'),
    );
  }

  onModuleInit(): void {
    this.lifecycle.onServing(() => this.#work.begin(outOfStep(FIRST_MS)));
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    await this.#work.stop();
  }

  async #collect(): Promise<void> {
    const collected = await this.collector.collectWhenDue(this.#stopping.signal);
    if (collected !== undefined && collected.contents + collected.temporaries > 0)
      this.log.info(collected, 'removed files that nobody names');
  }
}
