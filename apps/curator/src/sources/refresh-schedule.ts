// Fetches again by itself what was fetched once and is fresh no more: one stream at a time in each process, by whoever has its lease.
import { toAppError } from '@labmesh/contracts';
import { Lifecycle, LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { CURATOR_CONFIG, type CuratorConfig } from '../config.js';
import { SourceFetcher } from './source-fetcher.js';
import { type Slice, SourceStateRepository } from './source-state.repository.js';

const FIRST_LOOK_MS = 10_000;
const LOOK_MS = 30_000;
/** One fetch; what is left goes on at the next look. */
const FETCH_MS = 10 * 60_000;
const STOP_MS = 2_000;

@Injectable()
export class RefreshSchedule implements OnModuleInit, OnModuleDestroy {
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(SourceStateRepository) private readonly state: Pick<SourceStateRepository, 'due' | 'isDue'>,
    @Inject(SourceFetcher) private readonly fetcher: Pick<SourceFetcher, 'fetch'>,
    @Inject(Lifecycle) private readonly lifecycle: Pick<Lifecycle, 'onServing'>,
    @Inject(CURATOR_CONFIG) private readonly config: Pick<CuratorConfig, 'recorded'>,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'info' | 'warn'>,
  ) {}

  onModuleInit(): void {
    // What was recorded stays as it is.
    if (!this.config.recorded) this.lifecycle.onServing(() => this.#later(FIRST_LOOK_MS));
  }

  async onModuleDestroy(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    const late = new Promise<void>((resolve) => setTimeout(resolve, STOP_MS).unref());
    await Promise.race([this.#running, late]);
  }

  /** Fetches what is due now, and answers how many there were, those that another replica was faster with included. */
  async look(): Promise<number> {
    const due = await this.state.due(10);
    for (const slice of due) {
      if (this.#stop.signal.aborted) break;
      if (await this.state.isDue(slice.id)) await this.#refresh(slice);
    }
    return due.length;
  }

  async #refresh({ source, stream, parameters }: Slice): Promise<void> {
    try {
      const within = { deadline: Date.now() + FETCH_MS, signal: this.#stop.signal, force: true };
      const fetching = this.fetcher.fetch({ source, stream, parameters }, within);
      for (let next = await fetching.next(); next.done !== true; next = await fetching.next());
    } catch (error) {
      // Why is kept with the stream, where list_sources shows it.
      const { code } = toAppError(error);
      this.log.info({ source, stream, code }, 'a stream could not be fetched again');
    }
  }

  #later(ms: number): void {
    if (this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#running = this.look().then(
        () => this.#later(LOOK_MS),
        (error: unknown) => {
          this.log.warn({ err: error }, 'could not look which streams are to be fetched again');
          this.#later(LOOK_MS);
        },
      );
    }, ms);
    this.#timer.unref();
  }
}
