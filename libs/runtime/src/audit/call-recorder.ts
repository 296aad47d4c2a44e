// Gathers audit records and publishes them in batches. A record is dropped only when the process dies before its batch left;
// calls that change something wait for theirs, so of them none is lost.
import type { Bus } from '@labmesh/bus';
import { AppError, type CallRecord, callsRecorded } from '@labmesh/contracts';
import type { Logger } from '../log.js';

const BATCH_MAX = 500;
/** How long a record of a read waits for company: a batch of a hundred costs half as much a record as one of ten. */
const LINGER_MS = 25;
const BUFFER_MAX = 50_000;
const RETRY_MS = 250;
/** How long a call that changes something waits for its record before it answers `unavailable`. */
const DURABLE_WAIT_MS = 5_000;

export class CallRecorder {
  #buffer: CallRecord[] = [];
  /** Records taken, and records known to be stored, since the start. */
  #taken = 0;
  #stored = 0;
  /** Who waits for which record to be stored, in that order. */
  readonly #waiting: Array<{ readonly upTo: number; readonly wake: () => void }> = [];
  #flushing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #soon = false;
  #closed = false;
  /** Records that are made once their calls have been answered. */
  #unmade: Array<() => CallRecord> = [];
  /** Records given up since the start. */
  dropped = 0;

  constructor(
    private readonly bus: Pick<Bus, 'publish'>,
    private readonly log: Logger,
  ) {}

  /** Records not yet taken by the bus. */
  get backlog(): number {
    return this.#buffer.length + this.#unmade.length;
  }

  /** Age of the oldest of them, seconds. */
  get lagSeconds(): number {
    const [oldest] = this.#buffer;
    return oldest === undefined ? 0 : Math.max(0, Date.now() - Date.parse(oldest.at)) / 1_000;
  }

  /** Records a call; it will be stored within milliseconds. Never throws. */
  record(record: CallRecord): void {
    if (!this.#take(record)) this.log.error({ callId: record.callId }, 'audit record dropped: the log is full');
  }

  /**
   * Records a call whose record is made after this turn of the event loop, when the answer is on its way: a large result takes
   * milliseconds to hash, which its caller need not wait for. What `make` reads must not change any more. Never throws.
   */
  recordAnswered(make: () => CallRecord): void {
    this.#unmade.push(make);
    if (this.#unmade.length === 1) setImmediate(() => this.#makeAll());
  }

  /**
   * Records a call and resolves when the record is durable.
   * @throws AppError unavailable when it is not within 5 s (it stays queued), or when too many wait already.
   */
  async recordDurably(record: CallRecord): Promise<void> {
    if (!this.#take(record)) throw notStored();
    let giveUp: NodeJS.Timeout | undefined;
    const upTo = this.#taken;
    const stored = new Promise<void>((wake) => this.#waiting.push({ upTo, wake }));
    const late = new Promise<never>((_, reject) => {
      giveUp = setTimeout(() => reject(notStored()), DURABLE_WAIT_MS);
    });
    this.#flushAfterThisTurn();
    await Promise.race([stored, late]).finally(() => clearTimeout(giveUp));
  }

  /** Sends what is left; for shutdown. */
  async close(): Promise<void> {
    this.#makeAll();
    this.#closed = true;
    this.#flush();
    await this.#flushing;
  }

  #makeAll(): void {
    const unmade = this.#unmade;
    this.#unmade = [];
    for (const make of unmade) this.record(make());
  }

  /** False when the log has not taken records for so long that no more can be kept. */
  #take(record: CallRecord): boolean {
    this.#makeAll(); // what ended before stands before
    if (this.#buffer.length >= BUFFER_MAX) {
      this.dropped += 1;
      return false;
    }
    this.#buffer.push(record);
    this.#taken += 1;
    this.#linger();
    return true;
  }

  /** Calls that end in one turn of the event loop share a batch, and that costs them nothing. */
  #flushAfterThisTurn(): void {
    if (this.#soon) return;
    this.#soon = true;
    setImmediate(() => {
      this.#soon = false;
      this.#flush();
    });
  }

  #linger(): void {
    this.#timer ??= setTimeout(() => this.#flush(), LINGER_MS);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#flushing === undefined && this.#buffer.length > 0) this.#flushing = this.#drain();
  }

  /** What came while a batch was on its way gathers anew, unless somebody waits for it: else batches stay as small as they began. */
  async #drain(): Promise<void> {
    try {
      do {
        if (!(await this.#sendBatch())) return;
      } while (this.#buffer.length > 0 && this.#inHurry);
    } finally {
      // In the very turn in which it ends: a record that comes right after starts the next one.
      this.#flushing = undefined;
      if (this.#buffer.length > 0 && !this.#closed) this.#linger();
    }
  }

  get #inHurry(): boolean {
    return this.#waiting.length > 0 || this.#buffer.length >= BATCH_MAX || this.#closed;
  }

  /** False when the process stops and the records cannot be sent. */
  async #sendBatch(): Promise<boolean> {
    const records = this.#buffer.slice(0, BATCH_MAX);
    try {
      await this.bus.publish(callsRecorded, { records });
    } catch (error) {
      if (this.#closed) {
        this.dropped += this.#buffer.length;
        this.log.error({ err: error, records: this.#buffer.length }, 'audit records lost at shutdown');
        return false;
      }
      this.log.warn({ err: error }, 'audit records could not be sent; trying again');
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      return true;
    }
    this.#buffer.splice(0, records.length);
    this.#stored += records.length;
    while (this.#waiting[0] !== undefined && this.#waiting[0].upTo <= this.#stored) this.#waiting.shift()?.wake();
    return true;
  }
}

const notStored = (): AppError =>
  new AppError(
    'unavailable',
    'The call was made, but its audit record could not be stored yet: check the Sentinel, then the state before you repeat it',
  );
