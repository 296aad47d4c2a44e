// Fetches what was recorded into datasets when a lab of recorded data starts: so there is something to see at once.
import { Lifecycle, LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { CURATOR_CONFIG, type CuratorConfig } from '../config.js';
import { SourceFetcher } from '../sources/source-fetcher.js';
import { RECORDED_STREAMS } from './recorded-exchange.js';

const LOAD_MS = 60_000;

@Injectable()
export class RecordedLoader implements OnModuleInit, OnModuleDestroy {
  readonly #stop = new AbortController();
  #loading: Promise<void> = Promise.resolve();

  constructor(
    @Inject(CURATOR_CONFIG) private readonly config: Pick<CuratorConfig, 'recorded'>,
    @Inject(SourceFetcher) private readonly fetcher: Pick<SourceFetcher, 'fetch'>,
    @Inject(Lifecycle) private readonly lifecycle: Pick<Lifecycle, 'onServing'>,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
  ) {}

  onModuleInit(): void {
    if (!this.config.recorded) return;
    this.lifecycle.onServing(() => {
      this.#loading = this.load();
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.#stop.abort();
    await this.#loading;
  }

  /** What is there already is left as it is. */
  async load(): Promise<void> {
    for (const wish of RECORDED_STREAMS) {
      if (this.#stop.signal.aborted) return;
      try {
        const fetching = this.fetcher.fetch(wish, {
          deadline: Date.now() + LOAD_MS,
          signal: this.#stop.signal,
          force: false,
        });
        for (let next = await fetching.next(); next.done !== true; next = await fetching.next());
      } catch (error) {
        if (!this.#stop.signal.aborted) this.log.warn({ err: error, ...wish }, 'recorded data could not be loaded');
      }
    }
  }
}
