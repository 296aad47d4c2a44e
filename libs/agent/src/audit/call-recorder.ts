// Gathers audit records and publishes them in batches. A record is dropped only when the process dies before its batch left;
// calls that change something wait for theirs, so of them none is lost.

import type { Bus } from '@labmesh/bus';
import { AppError, type CallRecord, callsRecorded } from '@labmesh/contracts';
import type { Logger } from '../log.js';

const BATCH_MAX = 500;
const LINGER_MS = 10;
const BUFFER_MAX = 50_000;
const RETRY_MS = 250;
/** How long a call that changes something waits for its record before it answers `unavailable`. */
const DURABLE_WAIT_MS = 5_000;

export class CallRecorder {
  #buffer: CallRecord[] = [];
  #waiting: Array<() => void> = [];
  #flushing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    private readonly bus: Pick<Bus, 'publish'>,
    private readonly log: Logger,
  ) {}

  /** Records a call; it will be stored within milliseconds. Never throws. */
  record(record: CallRecord): void {
    if (this.#buffer.length >= BUFFER_MAX) {
      this.log.error({ callId: record.callId }, 'audit record dropped: the log has not taken records for too long');
      return;
    }
    this.#buffer.push(record);
    this.#timer ??= setTimeout(() => this.#flush(), LINGER_MS);
  }

  /**
   * Records a call and resolves when the record is durable.
   * @throws AppError unavailable when it is not within 5 s (it stays queued).
   */
  async recordDurably(record: CallRecord): Promise<void> {
    this.record(record);
    let giveUp: NodeJS.Timeout | undefined;
    const stored = new Promise<void>((resolve) => this.#waiting.push(resolve));
    const late = new Promise<never>((_, reject) => {
      giveUp = setTimeout(
        () =>
          reject(
            new AppError(
              'unavailable',
              'The call was made, but its audit record could not be stored yet: check the Sentinel, then the state before you repeat it',
            ),
          ),
        DURABLE_WAIT_MS,
      );
    });
    this.#flush();
    await Promise.race([stored, late]).finally(() => clearTimeout(giveUp));
  }

  /** Sends what is left; for shutdown. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#flush();
    await this.#flushing;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushing ??= this.#drain().finally(() => {
      this.#flushing = undefined;
    });
  }

  async #drain(): Promise<void> {
    while (this.#buffer.length > 0) {
      const records = this.#buffer.splice(0, BATCH_MAX);
      // Everyone waiting has a record in this batch or in one behind it; the last batch wakes the rest.
      const waiting = this.#buffer.length === 0 ? this.#waiting.splice(0) : [];
      try {
        await this.bus.publish(callsRecorded, { records });
        for (const wake of waiting) wake();
      } catch (error) {
        this.#buffer.unshift(...records);
        this.#waiting.unshift(...waiting);
        if (this.#closed) {
          this.log.error({ err: error, records: this.#buffer.length }, 'audit records lost at shutdown');
          return;
        }
        this.log.warn({ err: error }, 'audit records could not be sent; trying again');
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}
