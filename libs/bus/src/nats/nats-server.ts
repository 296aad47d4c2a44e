// Nest's own NATS server on the shared connection. What differs: durable events come from JetStream, an answer that
// cannot be sent becomes an error that can, and closing waits for work under way.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errorShape } from '@labmesh/contracts';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import {
  type BaseRpcContext,
  type MessageHandler,
  NatsContext,
  ServerNats,
  type WritePacket,
} from '@nestjs/microservices';
import { finalize, type Observable, throwError } from 'rxjs';
import { InFlight } from '../in-flight.js';
import { type EventListener, eventListener, type NestHandler, runToEnd } from '../nest-handlers.js';
import type { BrokerLink } from './broker-link.js';
import { DurableListener } from './durable-listener.js';
import type { EventStream } from './event-stream.js';
import { isForged } from './forged-news.js';
import { attempt, publishFailure } from './wire.js';

type Respond = (packet: WritePacket) => Promise<unknown> | undefined;
type Incoming = { readonly data: Uint8Array; readonly subject: string; readonly headers?: unknown; json<T>(): T };

export interface NatsServices {
  readonly link: BrokerLink;
  readonly events: EventStream;
  readonly name: string;
}

export class NatsServer extends ServerNats {
  /** A listener's failure decides whether the event comes again, so Nest need not log it. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #listening: EventListener[] = [];
  readonly #flight = new InFlight();
  #requests: Subscription[] = [];
  #broadcasts: Subscription[] = [];
  #durable: DurableListener[] = [];

  constructor(private readonly services: NatsServices) {
    super({});
  }

  /** Unlike Nest's own, keeps listeners of one subject apart: each has its own queue. */
  override addHandler(
    pattern: unknown,
    handler: MessageHandler,
    isEvent = false,
    extras: { readonly queue?: unknown } = {},
  ): void {
    if (!isEvent) {
      super.addHandler(pattern, handler, false, extras);
      return;
    }
    const queue = typeof extras.queue === 'string' ? extras.queue : this.services.name;
    this.#listening.push(eventListener(this.normalizePattern(pattern as string), handler as NestHandler, queue));
  }

  override createNatsClient(): Promise<NatsConnection> {
    return Promise.resolve(this.services.link.connection);
  }

  /** The link reports on the connection, once for the whole process. */
  override async handleStatusUpdates(): Promise<void> {}

  /** Listening means that the broker knows of it: a request sent from now on is answered. */
  override start(callback: (error?: unknown) => void): void {
    this.bindEvents(this.services.link.connection);
    void this.services.link.flush().then(() => callback());
  }

  override bindEvents(connection: NatsConnection): void {
    for (const [pattern, { extras }] of this.messageHandlers) {
      const callback = this.getMessageHandler(pattern) as (error: Error | null, message: Msg) => void;
      this.#requests.push(connection.subscribe(pattern, { queue: extras?.queue || undefined, callback }));
    }
    for (const listener of this.#listening) {
      if (listener.durable) this.#durable.push(this.#listenDurably(listener));
      else this.#broadcasts.push(this.#listen(connection, listener));
    }
  }

  /** Takes no new requests: the queue groups' other members get them. What had arrived is still handed over. */
  async leave(): Promise<void> {
    const requests = this.#requests.splice(0);
    if (!this.services.link.up) {
      // Otherwise they would come back with the connection.
      for (const subscription of requests) subscription.unsubscribe();
      return;
    }
    // A drained subscription still hands over what had arrived.
    await Promise.allSettled(requests.map((subscription) => subscription.drain()));
    // Nest begins a handler some turns after its message: it must count as under way before anybody waits for that.
    await nextTurn();
  }

  /** Takes no new work, finishes what is under way; the connection stays, it belongs to the whole process. */
  override async close(): Promise<void> {
    const durable = this.#durable.splice(0).map((listener) => listener.stop());
    const { link } = this.services;
    await this.leave();
    await Promise.all([this.#flight.idle(), ...durable]);
    for (const subscription of this.#broadcasts.splice(0)) subscription.unsubscribe();
    // Nest sends a handler's last answer one turn after the handler has ended.
    await nextTurn();
    await link.flush();
  }

  /**
   * As Nest's own, with all answers of one turn in one write. A reply that is too large or not JSON would be logged there,
   * and awaited by its caller until the deadline: it becomes an error that can be sent.
   */
  override getPublisher(message: Msg, id: string, _context: NatsContext): Respond {
    const failure = (thrown: unknown): string => {
      const err = publishFailure(thrown, 'answer', message.subject).toShape();
      return JSON.stringify({ err, isDisposed: true, id });
    };
    return (packet) => {
      const text = attempt(() => JSON.stringify(Object.assign(packet, { id })), failure);
      this.services.link.outgoing.add(() => {
        attempt(
          () => message.respond(text),
          (thrown) => message.respond(failure(thrown)),
        );
      });
      return undefined;
    };
  }

  protected override handleRequest(
    context: BaseRpcContext,
    produce: () => Promise<Observable<unknown>>,
    respond: Respond,
  ): void {
    this.#flight.enter();
    const answers = async (): Promise<Observable<unknown>> => {
      const values = await produce().catch(
        (thrown: unknown): Observable<unknown> => throwError(() => errorShape(thrown)),
      );
      return values.pipe(finalize(() => this.#flight.leave()));
    };
    super.handleRequest(context, answers, respond);
  }

  #listen(connection: NatsConnection, { pattern, queue, handler }: EventListener): Subscription {
    const callback = (error: Error | null, message: Msg): void => {
      if (error !== null) return;
      this.#handle(handler, pattern, message).catch(() => this.logger.warn(`a listener of ${pattern} failed`));
    };
    return connection.subscribe(pattern, { queue: queue || undefined, callback });
  }

  #listenDurably({ pattern, queue, handler }: EventListener): DurableListener {
    const { link, events } = this.services;
    return new DurableListener(link, events, {
      queue,
      pattern,
      handle: (message) => this.#handle(handler, pattern, message),
    });
  }

  async #handle(handler: NestHandler, pattern: string, message: Incoming): Promise<void> {
    this.#flight.enter();
    try {
      const packet = await this.deserializer.deserialize(message, { channel: pattern });
      if (isForged(message, pattern, packet.pattern)) {
        this.logger.warn(`ignored what was sent to ${pattern} in somebody else's name`);
        return;
      }
      await runToEnd(handler, packet.data, new NatsContext([message.subject, message.headers]));
    } finally {
      this.#flight.leave();
    }
  }
}
