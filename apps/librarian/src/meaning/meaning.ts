// What a question means beside its words: how near each passage is to it that its asker may read. It is there within its time, or not
// at all: then words alone rank, and the count of it tells.
import { once } from 'node:events';
import { setImmediate as othersTurn } from 'node:timers/promises';
import { toAppError } from '@labmesh/contracts';
import { cosineOf } from '@labmesh/encoder';
import { Inject, Injectable } from '@nestjs/common';
import { meantBy } from '../answers/follow-up.js';
import type { Asking } from '../answers/understood.js';
import { LIBRARIAN_CONFIG, type LibrarianConfig } from '../config.js';
import type { Corpus, Passage, Scope } from '../corpus/corpus.js';
import type { Document } from '../corpus/document.js';
import { Encoders } from './encoders.js';
import { HeldVectors } from './held-vectors.js';
import { SearchModelsRepository, type UsedModel } from './search-models.repository.js';
import { VectorsRepository } from './vectors.repository.js';

/** Passages that are found by meaning alone. */
const NEAREST = 100;
/** Texts of one read. */
const PAGE = 100;
/** Passages that are compared before others have their turn. */
const TURN_PASSAGES = 20_000;

export interface Meaning {
  /** What words count beside it. */
  readonly wordsShare: number;
  /** From -1 to 1; undefined where the passage has no vector yet. */
  cosineOf(passage: Pick<Passage, 'document' | 'entry'>): number | undefined;
  /** Of all that the question may see, best first. */
  readonly nearest: readonly Passage[];
}

/** How often questions were answered while a model was in use, and why the last one without it was. */
export interface MeaningCounts {
  readonly questions: number;
  readonly withoutModel: number;
  readonly problem: string | null;
}

@Injectable()
export class Meanings {
  readonly #held = new HeldVectors();
  #counts: MeaningCounts = { questions: 0, withoutModel: 0, problem: null };
  #reading: Promise<void> = Promise.resolve();

  constructor(
    @Inject(LIBRARIAN_CONFIG) private readonly config: Pick<LibrarianConfig, 'wordsShare' | 'meaningMs'>,
    @Inject(SearchModelsRepository) private readonly models: Pick<SearchModelsRepository, 'inUse'>,
    @Inject(VectorsRepository) private readonly vectors: Pick<VectorsRepository, 'read'>,
    @Inject(Encoders) private readonly encoders: Pick<Encoders, 'open'>,
  ) {}

  get counts(): MeaningCounts {
    return this.#counts;
  }

  /** Undefined when no model is in use, or it did not answer in time. The scope is what the asker may see, and asks. */
  async of(asked: Asking, corpus: Corpus, scope: Scope): Promise<Meaning | undefined> {
    const { answering } = await this.models.inUse();
    if (answering === undefined) return undefined;
    const limit = AbortSignal.timeout(this.config.meaningMs);
    try {
      const meaning = await this.#within(limit, this.#meaning({ asked, model: answering, limit }, corpus, scope));
      this.#counts = { ...this.#counts, questions: this.#counts.questions + 1 };
      return meaning;
    } catch (error) {
      const problem = limit.aborted ? 'The search model did not answer in time.' : toAppError(error).message;
      const { questions, withoutModel } = this.#counts;
      this.#counts = { questions: questions + 1, withoutModel: withoutModel + 1, problem };
      return undefined;
    }
  }

  async #meaning(
    { asked, model, limit }: { asked: Asking; model: UsedModel; limit: AbortSignal },
    corpus: Corpus,
    scope: Scope,
  ): Promise<Meaning> {
    const documents = corpus.documents(scope);
    const text = [...meantBy(asked.question, asked.context), asked.question].join(' ');
    const thread = await this.encoders.open(model.id);
    const [vector] = await Promise.all([
      thread.question(`${model.card.prompts.question}${text}`, limit),
      this.#bring(model, documents),
    ]);
    const cosine = (document: Document, entry: number): number | undefined => {
      const vectors = this.#held.of(model.id, document);
      return vectors === undefined || entry >= vectors.scales.length ? undefined : cosineOf(vector, vectors, entry);
    };
    const best = await this.#best(model.id, vector, documents);
    return {
      wordsShare: this.config.wordsShare,
      cosineOf: ({ document, entry }) => cosine(document, entry),
      nearest: best.flatMap(({ document, entry }) => corpus.passage(document, entry, scope) ?? []),
    };
  }

  async #best(
    modelId: string,
    asked: Float32Array,
    documents: readonly Document[],
  ): Promise<Array<{ document: Document; entry: number; near: number }>> {
    let best: Array<{ document: Document; entry: number; near: number }> = [];
    const trimmed = () => best.sort((a, b) => b.near - a.near).slice(0, NEAREST);
    for (const document of documents) {
      const vectors = this.#held.of(modelId, document);
      for (let entry = 0; entry < (vectors?.scales.length ?? 0); entry += 1)
        if (vectors !== undefined) best.push({ document, entry, near: cosineOf(asked, vectors, entry) });
      if (best.length <= TURN_PASSAGES) continue;
      best = trimmed();
      await othersTurn();
    }
    return trimmed();
  }

  /** Vectors of these texts into memory, as far as there are any; one reader at a time. */
  #bring(model: UsedModel, documents: readonly Document[]): Promise<void> {
    if (this.#held.wanted(model.id, documents).length === 0) return Promise.resolve();
    const reading = this.#reading.then(() => this.#read(model, documents));
    this.#reading = reading.catch(() => undefined);
    return reading;
  }

  async #read({ id: modelId, card: { dimensions } }: UsedModel, documents: readonly Document[]): Promise<void> {
    const wanted = this.#held.wanted(modelId, documents);
    for (let at = 0; at < wanted.length; at += PAGE) {
      const page = wanted.slice(at, at + PAGE);
      const found = await this.vectors.read(modelId, page);
      for (const document of page) this.#held.take(document, { modelId, dimensions, bytes: found.get(document.file) });
    }
  }

  /** What is late goes on, for the next question. */
  async #within<T>(limit: AbortSignal, work: Promise<T>): Promise<T> {
    work.catch(() => undefined);
    const late = once(limit, 'abort').then((): never => limit.throwIfAborted() as never);
    late.catch(() => undefined);
    return Promise.race([work, late]);
  }
}
