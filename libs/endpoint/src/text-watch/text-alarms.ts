// Brings what was unusual to the Sentinel: gathered for a moment, sent as a durable event, tried again while the bus is away.
// Bounded: of more than it can keep, the oldest are given up and counted.
import type { Bus } from '@labmesh/bus';
import { type TextAlarm, unusualTextsFound } from '@labmesh/contracts';
import type { Logger } from '@labmesh/runtime';

const GATHER_MS = 50;
const RETRY_MS = 500;
const BATCH_MAX = 100;
const KEPT_MAX = 2_000;

export class TextAlarms {
  #waiting: TextAlarm[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #closed = false;

  constructor(
    private readonly bus: Pick<Bus, 'publish'>,
    private readonly log: Pick<Logger, 'warn' | 'error'>,
  ) {}

  tell(alarm: TextAlarm): void {
    if (this.#waiting.length >= KEPT_MAX) {
      this.#waiting.shift();
      this.log.error('an anomaly could not be told: the Sentinel was away for too long');
    }
    this.#waiting.push(alarm);
    this.#in(GATHER_MS);
  }

  /** Sends what is left, once. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#sending;
    if (this.#waiting.length > 0) await this.#send();
  }

  #in(ms: number): void {
    if (this.#closed || this.#timer !== undefined || this.#sending !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#sending = this.#send().finally(() => {
        this.#sending = undefined;
        if (this.#waiting.length > 0) this.#in(RETRY_MS);
      });
    }, ms);
    this.#timer.unref();
  }

  async #send(): Promise<void> {
    while (this.#waiting.length > 0) {
      const alarms = this.#waiting.slice(0, BATCH_MAX);
      try {
        await this.bus.publish(unusualTextsFound, { alarms });
      } catch (error) {
        this.log.warn({ err: error, alarms: alarms.length }, 'anomalies could not be told; trying again');
        return;
      }
      const sent = new Set(alarms.map(({ id }) => id));
      this.#waiting = this.#waiting.filter(({ id }) => !sent.has(id));
    }
  }
}
