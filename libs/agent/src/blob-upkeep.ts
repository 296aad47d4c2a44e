// Now and then removes what an agent's files leave behind that no row names, for as long as the process serves. One replica does it.
import { setTimeout as pause } from 'node:timers/promises';
import { BlobCollector } from '@labmesh/blobs';
import { Lifecycle, LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';

/** A process that just began has better things to do. */
const FIRST_MS = 60_000;

@Injectable()
export class BlobUpkeep implements OnModuleInit, OnModuleDestroy {
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(
    @Inject(BlobCollector) private readonly collector: BlobCollector,
    @Inject(Lifecycle) private readonly lifecycle: Lifecycle,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.lifecycle.onServing(() => {
      this.#running = this.#run();
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    for (let waitMs = FIRST_MS; !signal.aborted; waitMs = this.collector.everyMs) {
      // Replicas must not ask in step.
      await pause(waitMs * (0.9 + Math.random() / 5), undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await this.#collect(signal);
    }
  }

  async #collect(signal: AbortSignal): Promise<void> {
    try {
      const collected = await this.collector.collectWhenDue(signal);
      if (collected !== undefined && collected.contents + collected.temporaries > 0)
        this.log.info(collected, 'removed files that nobody names');
    } catch (error) {
      this.log.warn({ err: error }, 'could not look for files that nobody names; it is tried again later');
    }
  }
}
