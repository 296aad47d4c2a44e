// The bus when every agent lives in this process. Copies payloads as the network would; never hands over a reference.
import { type EventEnvelope, type EventRef, eventSubject, toAppError } from '@labmesh/contracts';
import { Logger } from '@nestjs/common';
import type { Bus, BusHeaders, RequestOptions, Responder, ScatterOptions } from '../bus.js';
import { callIdIn } from '../call-headers.js';
import { envelopeOf } from '../envelope.js';
import { InFlight } from '../in-flight.js';
import { carry } from '../json-copy.js';
import { PendingCall } from '../pending-call.js';
import { cancelled, closing, listenersNotUp, noResponder } from '../rejections.js';
import { ScatterWindow } from '../scatter-window.js';
import { Slab } from '../slab.js';
import type { EventLog, EventLogOptions, KeyValue, KeyValueOptions } from '../store.js';
import { InProcessContext } from './in-process-context.js';
import { MemoryEventLog } from './memory-event-log.js';
import { MemoryKeyValue } from './memory-key-value.js';
import type { Answer, Delivery, Switchboard } from './switchboard.js';

/** How often a durable event is offered to a listener before the publisher hears of the failure. */
const DELIVERY_ATTEMPTS = 3;

export class InProcessBus implements Bus {
  readonly kind = 'in-process';
  readonly #log = new Logger('Bus');
  readonly #flight = new InFlight();
  readonly #pending = new Slab<PendingCall>();
  readonly #stores = new Map<string, KeyValue>();
  readonly #logs = new Map<string, EventLog>();
  #closed = false;

  constructor(private readonly switchboard: Switchboard) {}

  request(subject: string, body: unknown, options: RequestOptions): Promise<unknown> {
    if (this.#closed) return Promise.reject(closing());
    if (options.signal?.aborted === true) return Promise.reject(cancelled(subject));
    const [answer] = this.switchboard.requests.match(subject);
    if (answer === undefined) return Promise.reject(noResponder(subject));
    let data: unknown;
    try {
      data = copyOf(body, subject);
    } catch (thrown) {
      return Promise.reject(thrown);
    }
    return this.#ask(answer, data, { subject, options });
  }

  async scatter(subject: string, body: unknown, options: ScatterOptions): Promise<Responder[]> {
    if (this.#closed) throw closing();
    const { headers, windowMs: timeoutMs } = options;
    const bodies = this.switchboard.requests.match(subject).map((answer) => [answer, copyOf(body, subject)] as const);
    const window = new ScatterWindow(options);
    const asked = bodies.map(([answer, data]) =>
      this.#ask(answer, data, { subject, options: { headers, timeoutMs } }).then((value) => window.add(value)),
    );
    void Promise.allSettled(asked).then(() => window.close());
    return window.answers;
  }

  publish<E extends EventRef>(event: E, payload: unknown, envelope?: { id?: string; at?: string }): Promise<void> {
    return this.publishEnvelope(eventSubject(event), envelopeOf(payload, envelope));
  }

  /**
   * Durable in process means: every listener is done. When one still fails after a few tries, this rejects, and the
   * publisher's outbox offers the event again later; listeners that had succeeded see it twice, which they must bear.
   */
  async publishEnvelope(subject: string, envelope: EventEnvelope): Promise<void> {
    if (this.#closed) throw closing();
    if (this.switchboard.isStarting(subject)) throw listenersNotUp(subject);
    this.#flight.enter();
    try {
      const outcomes = await Promise.allSettled(
        this.switchboard.events.match(subject).map((delivery) => this.#deliver(subject, envelope, delivery)),
      );
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw toAppError(outcome.reason);
    } finally {
      this.#flight.leave();
    }
  }

  broadcast(subject: string, body: unknown): void {
    if (this.#closed) throw closing();
    this.#tell(subject, copyOf(body, subject, 'event'), {});
  }

  keyValue(options: KeyValueOptions): KeyValue {
    const store = this.#stores.get(options.name) ?? new MemoryKeyValue(options);
    this.#stores.set(options.name, store);
    return store;
  }

  eventLog(options: EventLogOptions): EventLog {
    const log = this.#logs.get(options.name) ?? new MemoryEventLog(options);
    this.#logs.set(options.name, log);
    return log;
  }

  ping(): Promise<number> {
    return this.#closed ? Promise.reject(closing()) : Promise.resolve(0);
  }

  async close(): Promise<void> {
    await this.#flight.idle();
    this.#closed = true;
    for (const call of this.#pending.values()) call.fail(closing());
  }

  #ask(answer: Answer, data: unknown, asked: { subject: string; options: RequestOptions }): Promise<unknown> {
    const { subject, options } = asked;
    const call = new PendingCall(subject, options, {
      settled: () => {
        this.#pending.remove(place);
        this.#flight.leave();
      },
      givenUp: () => this.#tellGivenUp(options),
    });
    this.#flight.enter();
    const place = this.#pending.add(call);
    answer(data, new InProcessContext([subject, { ...options.headers }]), call);
    return call.answer;
  }

  async #deliver(subject: string, envelope: EventEnvelope, delivery: Delivery): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await delivery.deliver(carry(envelope, 'event', subject), new InProcessContext([subject, {}]));
        return;
      } catch (thrown) {
        if (!delivery.durable) this.#log.warn(`a listener of ${subject} failed`);
        if (!delivery.durable) return;
        if (attempt === DELIVERY_ATTEMPTS) throw thrown;
      }
    }
  }

  #tellGivenUp({ cancelSubject, headers }: RequestOptions): void {
    const callId = callIdIn(headers);
    if (cancelSubject === undefined || callId === undefined) return;
    this.#tell(cancelSubject, { callId }, headers);
  }

  #tell(subject: string, data: unknown, headers: BusHeaders): void {
    for (const listener of this.switchboard.events.match(subject)) {
      listener
        .deliver(carry(data, 'event', subject), new InProcessContext([subject, { ...headers }]))
        .catch(() => this.#log.warn(`a listener of ${subject} failed`));
    }
  }
}

function copyOf(body: unknown, subject: string, what = 'request'): unknown {
  try {
    return carry(body, what, subject);
  } catch (thrown) {
    throw toAppError(thrown);
  }
}
