// Makes vectors of all that the Librarian knows, in the background, while a process serves: text by text, each claimed by its row, so
// that replicas share the work and what a crash leaves is made by whoever comes next. It never holds up a question.

import { toAppError } from '@labmesh/contracts';
import { packed } from '@labmesh/encoder';
import { Lifecycle, LOGGER, type Logger, outOfStep, RecurringWork } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { LIBRARIAN_CONFIG, type LibrarianConfig } from '../config.js';
import { chunksOf } from '../corpus/chunking.js';
import type { Document } from '../corpus/document.js';
import { Library } from '../corpus/library.js';
import { documentOf } from '../sources/collection.js';
import { Encoders } from './encoders.js';
import { passageText } from './passage-text.js';
import { SearchModelsRepository, type UsedModel } from './search-models.repository.js';
import { VectorsRepository } from './vectors.repository.js';

/** Texts of collections that are read at once; other replicas may take some of them first. */
const PAGE = 20;
/** Between two looks while a model is in use. */
const LOOK_MS = 5_000;
/** Longest rest of work that failed again and again; each is twice as long as the one before. */
const FAILING_MS = 10 * 60_000;
/** Where nothing changes, what is no more is looked for so often. */
const TIDY_MS = 10 * 60_000;
/** Pages of one turn. */
const PAGES_MAX = 100_000;

@Injectable()
export class Embedding implements OnModuleInit, OnModuleDestroy {
  readonly #stopping = new AbortController();
  readonly #work: RecurringWork;
  #inUse = false;
  #problem: string | null = null;
  /** Turns one after the other that failed. */
  #failures = 0;
  #tidiedAt = 0;

  constructor(
    @Inject(LIBRARIAN_CONFIG) private readonly config: Pick<LibrarianConfig, 'lookMs'>,
    @Inject(SearchModelsRepository) private readonly models: Pick<SearchModelsRepository, 'inUse' | 'arrived'>,
    @Inject(VectorsRepository) private readonly vectors: VectorsRepository,
    @Inject(Encoders) private readonly encoders: Pick<Encoders, 'open' | 'keepOnly'>,
    @Inject(Library) private readonly library: Pick<Library, 'upToDate'>,
    @Inject(Lifecycle) private readonly lifecycle: Pick<Lifecycle, 'onServing'>,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'info' | 'warn'>,
  ) {
    this.#work = new RecurringWork(
      () => this.turn(),
      () => outOfStep(this.#restMs()),
      (error) => {
        const { message } = toAppError(error);
        if (message !== this.#problem)
          this.log.warn({ err: error }, 'vectors of passages could not be made; it is tried again');
        this.#problem = message;
        this.#failures += 1;
      },
    );
  }

  onModuleInit(): void {
    this.lifecycle.onServing(() => this.#work.begin());
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    await this.#work.stop();
  }

  /** Why the last turn ended early; null when it did not. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Looks at once: another model is in use, or none. */
  poke(): void {
    this.#failures = 0;
    this.#work.within(0);
  }

  /** All that has no vectors of the model that is in use, or is to be. */
  async turn(): Promise<void> {
    const { answering, coming } = await this.models.inUse();
    await this.encoders.keepOnly([answering, coming].flatMap((model) => model?.id ?? []));
    const model = coming ?? answering;
    this.#inUse = model !== undefined;
    const made = model === undefined ? 0 : await this.#make(model);
    this.#problem = null;
    this.#failures = 0;
    if (model === undefined) return;
    if (this.#stopping.signal.aborted) return;
    const arrived =
      coming !== undefined && !(await this.vectors.making(model.id)) && (await this.models.arrived(model.id));
    if (arrived) this.log.info({ model: model.name }, 'another search model answers from now on');
    if (made === 0 && !arrived && Date.now() - this.#tidiedAt < TIDY_MS) return;
    await this.vectors.tidy((await this.library.upToDate()).documents());
    this.#tidiedAt = Date.now();
  }

  #restMs(): number {
    const { lookMs } = this.config;
    if (this.#failures === 0) return this.#inUse ? Math.min(LOOK_MS, lookMs) : lookMs;
    return Math.min(LOOK_MS * 2 ** this.#failures, FAILING_MS);
  }

  /** How many texts. */
  async #make(model: UsedModel): Promise<number> {
    let all = 0;
    for (let pages = 0; pages < PAGES_MAX && !this.#stopping.signal.aborted; pages += 1) {
      let made = 0;
      for (const { document, collectionId } of await this.#page(model))
        made += Number(await this.#one(model, document, collectionId));
      all += made;
      // None are left, or all of them are others' now: they are looked for again, later.
      if (made === 0 || !(await this.#isWanted(model))) break;
    }
    return all;
  }

  /** The lab's own first: everybody asks them. */
  async #page(model: UsedModel): Promise<Array<{ document: Document; collectionId?: string }>> {
    const corpus = await this.library.upToDate();
    const isTaken = await this.vectors.taken(model.id);
    const own = corpus.documents().filter((document) => !isTaken(document));
    if (own.length > 0) return own.slice(0, PAGE).map((document) => ({ document }));
    const waiting = await this.vectors.waiting(model.id, PAGE);
    return waiting.map(({ collectionId, ...text }) => ({ document: documentOf(collectionId, text), collectionId }));
  }

  /** Whether this process made them. */
  async #one(model: UsedModel, document: Document, collectionId: string | undefined): Promise<boolean> {
    if (this.#stopping.signal.aborted || !(await this.vectors.claim(model.id, document, collectionId))) return false;
    try {
      const thread = await this.encoders.open(model.id);
      const made: Float32Array[] = [];
      for (const chunk of chunksOf(document))
        made.push(await thread.passage(`${model.card.prompts.passage}${passageText(chunk)}`, this.#stopping.signal));
      await this.vectors.store(model.id, document, packed(made));
      return true;
    } catch (error) {
      await this.vectors.release(model.id, document).catch(() => undefined);
      if (this.#stopping.signal.aborted) return false;
      throw error;
    }
  }

  async #isWanted({ id }: UsedModel): Promise<boolean> {
    const { answering, coming } = await this.models.inUse();
    return (coming ?? answering)?.id === id;
  }
}
