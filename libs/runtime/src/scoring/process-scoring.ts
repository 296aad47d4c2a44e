// The one thread of this process that scores, opened at the first need. A process that cannot have one goes on without scores:
// it says so once, and counts what it missed. It never holds up a call, and never fails one.
import { join } from 'node:path';
import { ModelScorer, ScoringThread } from '@labmesh/anomaly';
import { type AnomalyModel, toAppError } from '@labmesh/contracts';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics.js';

/** A thread that ended, or never began, is tried again after this long. */
const AGAIN_MS = 60_000;
/** A batch takes milliseconds: one that takes this long will not end. */
const STUCK_MS = 10_000;

export const SCORING_STATES = ['idle', 'ready', 'stuck', 'gone'] as const;
export type ScoringState = (typeof SCORING_STATES)[number];

export interface ScoringServices {
  readonly log: Pick<Logger, 'warn' | 'info'>;
  readonly metrics: Pick<Metrics, 'readings'>;
  /** Folder of the models and their cards. */
  readonly folder: string;
}

/** Where the models are in an installation. */
export const modelsFolder = (installRoot: string): string => join(installRoot, 'apps/sentinel/models');

export class ProcessScoring implements AsyncDisposable {
  readonly #models = new Map<AnomalyModel, Promise<ModelScorer | undefined>>();
  readonly #open = new Map<AnomalyModel, ModelScorer>();
  #thread: ScoringThread | undefined;
  /** How long threads that are gone have worked, milliseconds. */
  #workedMs = 0;
  #goneAt: number | undefined;
  #told = false;
  #closed = false;
  #odd = false;
  /** Scores made and given up since the process began. */
  readonly counts = { scored: 0, dropped: 0 };

  constructor(
    private readonly services: ScoringServices,
    private readonly newThread: () => ScoringThread = () => new ScoringThread(),
  ) {
    const { readings } = services.metrics;
    readings.add('scores', () => this.counts.scored, { result: 'scored' });
    readings.add('scores', () => this.counts.dropped, { result: 'dropped' });
    readings.add('scoringTime', () => (this.#workedMs + (this.#thread?.busyMs ?? 0)) / 1_000);
    for (const state of SCORING_STATES) readings.add('scoring', () => (this.state === state ? 1 : 0), { state });
  }

  get state(): ScoringState {
    if (this.#goneAt !== undefined) return 'gone';
    for (const { runningMs } of this.#open.values()) if (runningMs > STUCK_MS) return 'stuck';
    return this.#open.size > 0 ? 'ready' : 'idle';
  }

  /** Undefined while there is no thread to be had. Never throws. */
  model(name: AnomalyModel): Promise<ModelScorer | undefined> {
    if (this.#closed) return NONE;
    if (this.#goneAt !== undefined) {
      if (performance.now() - this.#goneAt < AGAIN_MS) return NONE;
      this.#goneAt = undefined;
    }
    const known = this.#models.get(name);
    if (known !== undefined) return known;
    const opening = this.#openModel(name);
    this.#models.set(name, opening);
    return opening;
  }

  /**
   * Told by whoever got an error in place of a score. True when the thread is gone; false when it was only that input which
   * could not be scored: whoever finds such an input must not stop the scoring of all others.
   */
  failed(error: unknown): boolean {
    if (this.#closed || this.#goneAt !== undefined) return true;
    if (toAppError(error).code !== 'unavailable') {
      if (!this.#odd) this.services.log.warn({ err: error }, 'an input could not be scored; said once');
      this.#odd = true;
      return false;
    }
    this.#end(error);
    return true;
  }

  #end(error: unknown): void {
    const thread = this.#thread;
    this.#thread = undefined;
    this.#workedMs += thread?.busyMs ?? 0;
    this.#goneAt = performance.now();
    this.#models.clear();
    this.#open.clear();
    void thread?.[Symbol.asyncDispose]();
    if (this.#told) return;
    this.#told = true;
    this.services.log.warn({ err: error }, 'this process goes on without anomaly scores; it tries again now and then');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#thread?.[Symbol.asyncDispose]();
  }

  async #openModel(name: AnomalyModel): Promise<ModelScorer | undefined> {
    try {
      this.#thread ??= this.newThread();
      const opened = await ModelScorer.open(this.#thread, join(this.services.folder, `${name}.onnx`));
      this.#open.set(name, opened);
      if (this.#told) this.services.log.info('this process scores again');
      this.#told = false;
      return opened;
    } catch (error) {
      if (!this.#closed && this.#goneAt === undefined) this.#end(error);
      return undefined;
    }
  }
}

const NONE = Promise.resolve(undefined);
