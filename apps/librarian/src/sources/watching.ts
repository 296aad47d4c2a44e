// Looks again at folders, and at branches and tags of repositories, that were taken into the knowledge base, for as long as a process
// serves: of all replicas one at a time, by the row that says when one is due. What cannot be read changes nothing but what is said of it.
import { AppError, toAppError } from '@labmesh/contracts';
import { Lifecycle, LOGGER, type Logger, outOfStep, RecurringWork } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { LIBRARIAN_CONFIG, type LibrarianConfig } from '../config.js';
import { Library } from '../corpus/library.js';
import { OPERATOR_QUOTA } from './collection.js';
import { Offering, type Place } from './files/offering.js';
import { Taker } from './taking.js';
import { type DueSource, WatchedRepository } from './watched.repository.js';

/** Sources of one turn. */
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
        this.log.warn({ err: error }, 'could not look for sources of the knowledge base; it is tried again later'),
    );
  }

  onModuleInit(): void {
    this.lifecycle.onServing(() => this.#work.begin());
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    await this.#work.stop();
  }

  /** Every source that is due, and what this process no longer needs. */
  async turn(): Promise<void> {
    for (let turns = 0; turns < TURN_MAX && !this.#stopping.signal.aborted; turns += 1) {
      const source = await this.watched.due(this.config.lookMs);
      if (source === undefined) break;
      await this.#look(source);
    }
    await this.library.tidy();
  }

  async #look({ sourceId, kind, ref, commit, ...name }: DueSource): Promise<void> {
    const { signal } = this.#stopping;
    try {
      const place = placeOf(name, ref);
      if (place.from === 'git' && (await this.#tipOf(place)) === commit) return await this.watched.same(sourceId);
      const { place: _, ...offered } = await this.offering.offer(place, { walletId: name.owner }, signal);
      const taking = this.taker.take({ name, only: sourceId, offered, kind, quota: OPERATOR_QUOTA, signal });
      let step = await taking.next();
      while (step.done !== true) step = await taking.next();
      const { added, changed, removed } = step.value;
      if (added + changed + removed > 0)
        this.log.info({ sourceId, added, changed, removed }, 'a source of the knowledge base was taken anew');
    } catch (error) {
      if (signal.aborted) return;
      const { message } = toAppError(error);
      await this.watched.failed(sourceId, message);
      this.log.warn({ sourceId, reason: message }, 'a source of the knowledge base cannot be taken');
    }
  }

  /** A branch that is gone leaves what was taken of it. */
  async #tipOf(place: Place & { from: 'git' }): Promise<string> {
    const tip = await this.offering.tip(place, this.#stopping.signal);
    if (tip === undefined)
      throw new AppError('not_found', `Cannot look at ${place.url}: it has no branch or tag ${place.ref} any more.`);
    return tip;
  }
}

/** A repository's place is its address, and the folder in it where one was named. */
function placeOf({ from, place }: Pick<DueSource, 'from' | 'place'>, ref: string | null): Place {
  if (from !== 'git') return { from: 'folder', folder: place };
  const [url = '', ...folder] = place.split(' ');
  return { from, url, ref: ref ?? '', folder: folder.join(' ') };
}
