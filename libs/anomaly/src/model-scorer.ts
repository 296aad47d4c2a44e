// Scores rows with one model. Under load it scores in batches, and what waits too long is dropped, oldest first, and counted:
// the caller gets undefined then, never an error and never a wait without end.
import { type ModelCard, type ModelFile, readModelFile } from './card.js';
import { Encoder, type Row } from './encoding.js';
import type { ScoringThread } from './scoring-thread.js';
import { type Score, verdicts } from './verdict.js';

/** Rows that may wait while a batch is under way. */
const WAITING_MAX = 1_024;
const BATCH_MAX = 64;

interface Waiting {
  readonly row: Row;
  readonly resolve: (score: Score | undefined) => void;
  readonly reject: (reason: unknown) => void;
}

export interface ModelScorerOptions {
  readonly waitingMax?: number;
  readonly batchMax?: number;
}

export class ModelScorer {
  readonly card: ModelCard;
  readonly #thread: ScoringThread;
  readonly #model: string;
  readonly #encoder: Encoder;
  readonly #waitingMax: number;
  readonly #batchMax: number;
  #waiting: Waiting[] = [];
  #running = false;
  #dropped = 0;
  /** When the batch under way began, by `performance.now()`. */
  #began: number | undefined;

  private constructor(thread: ScoringThread, loaded: { card: ModelCard; model: string }, options: ModelScorerOptions) {
    this.#thread = thread;
    this.card = loaded.card;
    this.#model = loaded.model;
    this.#encoder = new Encoder(loaded.card.input);
    this.#waitingMax = options.waitingMax ?? WAITING_MAX;
    this.#batchMax = options.batchMax ?? BATCH_MAX;
  }

  /** @throws AppError not_found, invalid_input */
  static async open(thread: ScoringThread, path: string, options: ModelScorerOptions = {}): Promise<ModelScorer> {
    const { card, bytes }: ModelFile = await readModelFile(path);
    const model = `${card.name} ${card.model.sha256}`;
    await thread.load(model, bytes);
    return new ModelScorer(thread, { card, model }, options);
  }

  /** Rows that were given up because more came than could be scored. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How long the batch under way has been running, milliseconds; 0 when none is. */
  get runningMs(): number {
    return this.#began === undefined ? 0 : performance.now() - this.#began;
  }

  /** Undefined when the row was dropped. */
  score(row: Row): Promise<Score | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length >= this.#waitingMax) {
        this.#waiting.shift()?.resolve(undefined);
        this.#dropped += 1;
      }
      this.#waiting.push({ row, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  /** All of them, in batches one after the other: for tables, where nothing may be dropped. */
  async scoreAll(rows: readonly Row[]): Promise<Score[]> {
    const scores: Score[] = [];
    for (let at = 0; at < rows.length; at += this.#batchMax)
      scores.push(...(await this.#batch(rows.slice(at, at + this.#batchMax))));
    return scores;
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#batchMax);
      try {
        const scores = await this.#batch(batch.map(({ row }) => row));
        for (const [at, { resolve }] of batch.entries()) resolve(scores[at]);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#running = false;
  }

  async #batch(rows: readonly Row[]): Promise<Score[]> {
    const encoded = this.#encoder.encode(rows);
    const began = performance.now();
    this.#began ??= began;
    try {
      return verdicts(this.card, encoded, await this.#thread.run(this.#model, encoded.feeds));
    } finally {
      if (this.#began === began) this.#began = undefined;
    }
  }
}
