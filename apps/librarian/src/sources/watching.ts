// Looks again at folders that were taken into the knowledge base, for as long as a process serves: of all replicas one at a time, by
// the row that says when a folder is due. A folder that cannot be read changes nothing but what is said of it.
import { toAppError } from '@labmesh/contracts';
import { Lifecycle, LOGGER, type Logger, outOfStep, RecurringWork } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { LIBRARIAN_CONFIG, type LibrarianConfig } from '../config.js';
import { Library } from '../corpus/library.js';
import { OPERATOR_QUOTA } from './collection.js';
import { Offering } from './files/offering.js';
import { Taker } from './taking.js';
import { type DueFolder, WatchedRepository } from './watched.repository.js';

/** Folders of one turn. */
const TURN_MAX = 1_000;

@Injectable()
export class Watching implements OnModuleInit, OnModuleDestroy {
  readonly #stopping = new AbortController();
  readonly #work: RecurringWork;

  constructor(
    @Inject(LIBRARIAN_CONFIG) private readonly config: Pick<LibrarianConfig, 'lookMs'>,
    @Inject(WatchedRepository) private readonly watched: WatchedRepository,
    @Inject(Offering) private readonly offering: Offering,
    @Inject(Taker) private readonly taker: Taker,
    @Inject(Library) private readonly library: Pick<Library, 'tidy'>,
    @Inject(Lifecycle) private readonly lifecycle: Lifecycle,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'info' | 'warn'>,
  ) {
    this.#work = new RecurringWork(
      () => this.turn(),
      () => outOfStep(this.config.lookMs),
      (error) =>
        this.log.warn({ err: error }, 'could not look for folders of the knowledge base; it is tried again later'),
    );
  }

  onModuleInit(): void {
    this.lifecycle.onServing(() => this.#work.begin());
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    await this.#work.stop();
  }

  /** Every folder that is due, and what this process no longer needs. */
  async turn(): Promise<void> {
    for (let turns = 0; turns < TURN_MAX && !this.#stopping.signal.aborted; turns += 1) {
      const folder = await this.watched.due(this.config.lookMs);
      if (folder === undefined) break;
      await this.#look(folder);
    }
    await this.library.tidy();
  }

  async #look({ sourceId, kind, ...name }: DueFolder): Promise<void> {
    const { signal } = this.#stopping;
    try {
      const { place: _, ...offered } = await this.offering.offer(
        { from: 'folder', folder: name.place },
        { walletId: name.owner },
        signal,
      );
      const taking = this.taker.take({ name, only: sourceId, offered, kind, quota: OPERATOR_QUOTA, signal });
      let step = await taking.next();
      while (step.done !== true) step = await taking.next();
      const { added, changed, removed } = step.value;
      if (added + changed + removed > 0)
        this.log.info({ sourceId, added, changed, removed }, 'a folder of the knowledge base was taken anew');
    } catch (error) {
      if (signal.aborted) return;
      const { message } = toAppError(error);
      await this.watched.failed(sourceId, message);
      this.log.warn({ sourceId, reason: message }, 'a folder of the knowledge base cannot be taken');
    }
  }
}
