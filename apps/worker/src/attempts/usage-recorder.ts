// What an attempt uses, over time: a value every so often, in a series of bounded length that its row keeps. A job that is short has
// none. It must never hold up the attempt, nor fail it.
import { setTimeout as pause } from 'node:timers/promises';
import { USAGE_POINTS_MAX, type UsageSeries } from '@labmesh/contracts';
import type { GpuFigures, Usage } from '@labmesh/jobs';
import { RecurringWork } from '@labmesh/runtime';

export interface UsageOptions {
  readonly usage: () => Promise<Usage>;
  /** Those that are its own. */
  readonly gpus: readonly number[];
  readonly measureGpus: () => Promise<readonly GpuFigures[]>;
  readonly keep: (series: UsageSeries) => Promise<void>;
  readonly failed: (error: unknown) => void;
  readonly everyMs?: number;
}

const EVERY_MS = 1_000;
/** The row is written no more often than this while it runs. */
const KEEP_EVERY_MS = 5_000;
const LAST_LOOK_MS = 1_000;
const SECOND_MS = 1_000;

interface Point {
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly gpus: number;
}

export class UsageRecorder {
  #everyMs: number;
  #points: Point[] = [];
  #before = { at: 0, cpuMs: 0 };
  #keptAt = 0;
  #kept = 0;
  readonly #work: RecurringWork;

  constructor(private readonly options: UsageOptions) {
    this.#everyMs = options.everyMs ?? EVERY_MS;
    this.#work = new RecurringWork(
      () => this.#look(),
      () => this.#everyMs,
      options.failed,
    );
  }

  begin(): void {
    this.#before = { at: performance.now(), cpuMs: 0 };
    this.#keptAt = this.#before.at;
    this.#work.begin();
  }

  /** Keeps what is new since it was last kept. Never rejects. */
  async end(): Promise<void> {
    // An engine that does not answer any more is not waited for.
    await Promise.race([this.#work.stop(), pause(LAST_LOOK_MS, undefined, { ref: false })]);
    if (this.#points.length > this.#kept) await this.#keep().catch(this.options.failed);
  }

  async #look(): Promise<void> {
    const [{ cpuMs, memoryBytes }, gpus] = await Promise.all([this.options.usage(), this.#busyGpus()]);
    const at = performance.now();
    const cpus = Math.max(0, cpuMs - this.#before.cpuMs) / Math.max(1, at - this.#before.at);
    this.#before = { at, cpuMs: Math.max(cpuMs, this.#before.cpuMs) };
    if (this.#points.length === USAGE_POINTS_MAX) this.#halve();
    this.#points.push({ cpus, memoryBytes, gpus });
    if (at - this.#keptAt >= KEEP_EVERY_MS) await this.#keep();
  }

  async #busyGpus(): Promise<number> {
    const { gpus, measureGpus } = this.options;
    if (gpus.length === 0) return 0;
    const all = await measureGpus();
    return gpus.reduce((sum, index) => sum + (all.find((one) => one.index === index)?.utilizationRatio ?? 0), 0);
  }

  /** Each two become one, for twice the time. */
  #halve(): void {
    const halves: Point[] = [];
    for (let at = 0; at + 1 < this.#points.length; at += 2) {
      const [one, other] = [this.#points[at] as Point, this.#points[at + 1] as Point];
      halves.push({
        cpus: (one.cpus + other.cpus) / 2,
        memoryBytes: Math.max(one.memoryBytes, other.memoryBytes),
        gpus: (one.gpus + other.gpus) / 2,
      });
    }
    this.#points = halves;
    this.#everyMs *= 2;
    this.#kept = 0;
  }

  async #keep(): Promise<void> {
    this.#keptAt = performance.now();
    this.#kept = this.#points.length;
    await this.options.keep({
      everySeconds: this.#everyMs / SECOND_MS,
      cpus: this.#points.map(({ cpus }) => rounded(cpus)),
      memoryBytes: this.#points.map(({ memoryBytes }) => memoryBytes),
      gpus: this.options.gpus.length === 0 ? [] : this.#points.map(({ gpus }) => rounded(gpus)),
    });
  }
}

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
