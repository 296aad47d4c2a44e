// The bus over NATS. Sends Nest's packets itself, over one shared inbox: Nest's client makes a subscription for every request.
import { type EventEnvelope, type EventRef, eventSubject, toAppError } from '@labmesh/contracts';
import type { Msg } from '@nats-io/transport-node';
import type { Bus, BusHeaders, RequestOptions, Responder, ScatterOptions } from '../bus.js';
import { callIdIn } from '../call-headers.js';
import { envelopeOf } from '../envelope.js';
import { InFlight } from '../in-flight.js';
import { PendingCall } from '../pending-call.js';
import { brokerAway, cancelled, closing, connectionLost, noResponder } from '../rejections.js';
import { ScatterWindow } from '../scatter-window.js';
import type { EventLog, EventLogOptions, KeyValue, KeyValueOptions } from '../store.js';
import type { BrokerLink } from './broker-link.js';
import type { EventStream } from './event-stream.js';
import { NatsEventLog } from './nats-event-log.js';
import { NatsKeyValue } from './nats-key-value.js';
import { type Waiting, WaitingReplies } from './waiting-replies.js';
import { attempt, encodeHeaders, eventPacket, publishFailure, type ReplyPacket, requestPacket } from './wire.js';

const NO_RESPONDERS = 503;

export class NatsBus implements Bus {
  readonly kind = 'nats';
  readonly #inbox: string;
  readonly #waiting = new WaitingReplies();
  readonly #flight = new InFlight();
  #closed = false;

  constructor(
    private readonly link: BrokerLink,
    private readonly events: EventStream,
  ) {
    this.#inbox = link.newInbox();
    link.connection.subscribe(`${this.#inbox}.*`, { callback: (error, message) => this.#receive(error, message) });
    link.whenDown(() => {
      for (const waiting of this.#waiting.values()) waiting.connectionLost();
    });
  }

  request(subject: string, body: unknown, options: RequestOptions): Promise<unknown> {
    const refusal = this.#refusal();
    if (refusal !== undefined) return Promise.reject(refusal);
    if (options.signal?.aborted === true) return Promise.reject(cancelled(subject));
    const call = new PendingCall(subject, options, {
      settled: () => this.#forget(token),
      givenUp: () => this.#tellGivenUp(options),
    });
    const token = this.#expect({
      reply: (packet) => feed(call, packet),
      nobodyThere: () => call.fail(noResponder(subject)),
      connectionLost: () => call.fail(connectionLost(subject)),
    });
    const failed = (thrown: unknown): void => call.fail(publishFailure(thrown, 'request', subject));
    try {
      // Written at once: what the caller changes in its objects later is its own affair.
      const text = requestPacket(subject, body, token);
      this.link.outgoing.add(() =>
        attempt(() => this.#send(subject, text, { headers: options.headers, token }), failed),
      );
    } catch (thrown) {
      failed(thrown);
    }
    return call.answer;
  }

  async scatter(subject: string, body: unknown, options: ScatterOptions): Promise<Responder[]> {
    const refusal = this.#refusal();
    if (refusal !== undefined) throw refusal;
    const window = new ScatterWindow(options);
    const token = this.#expect({
      reply: (packet) => window.add(packet.response),
      nobodyThere: () => window.close(),
      connectionLost: () => window.close(),
    });
    try {
      this.#send(subject, requestPacket(subject, body, token), { headers: options.headers, token });
      return await window.answers;
    } catch (thrown) {
      window.close();
      throw publishFailure(thrown, 'request', subject);
    } finally {
      this.#forget(token);
    }
  }

  publish<E extends EventRef>(event: E, payload: unknown, envelope?: { id?: string; at?: string }): Promise<void> {
    return this.publishEnvelope(eventSubject(event), envelopeOf(payload, envelope));
  }

  async publishEnvelope(subject: string, envelope: EventEnvelope): Promise<void> {
    const refusal = this.#refusal();
    if (refusal !== undefined) throw refusal;
    this.#flight.enter();
    try {
      await this.events.publish(subject, { id: envelope.id, text: packetOf(subject, envelope) });
    } finally {
      this.#flight.leave();
    }
  }

  broadcast(subject: string, body: unknown): void {
    const refusal = this.#refusal();
    if (refusal !== undefined) throw refusal;
    try {
      this.link.connection.publish(subject, eventPacket(subject, body));
    } catch (thrown) {
      throw publishFailure(thrown, 'event', subject);
    }
  }

  keyValue(options: KeyValueOptions): KeyValue {
    return new NatsKeyValue(this.link, options);
  }

  eventLog(options: EventLogOptions): EventLog {
    return new NatsEventLog(this.link, options);
  }

  ping(): Promise<number> {
    return this.link.ping();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.#flight.idle();
    this.#closed = true;
    await this.link.close();
  }

  #refusal(): Error | undefined {
    if (this.#closed) return closing();
    return this.link.up ? undefined : brokerAway();
  }

  #expect(waiting: Waiting): string {
    this.#flight.enter();
    return this.#waiting.add(waiting);
  }

  #forget(token: string): void {
    if (this.#waiting.remove(token)) this.#flight.leave();
  }

  #send(subject: string, text: string, { headers, token }: { headers: BusHeaders; token: string }): void {
    this.link.connection.publish(subject, Buffer.from(text), {
      reply: `${this.#inbox}.${token}`,
      headers: encodeHeaders(headers),
    });
  }

  #receive(error: Error | null, message: Msg): void {
    if (error !== null) return;
    const waiting = this.#waiting.get(message.subject.slice(this.#inbox.length + 1));
    if (waiting === undefined) return;
    if (message.data.length === 0 && message.headers?.code === NO_RESPONDERS) {
      waiting.nobodyThere();
      return;
    }
    try {
      waiting.reply(message.json<ReplyPacket>());
    } catch (thrown) {
      waiting.reply({ err: toAppError(thrown) });
    }
  }

  #tellGivenUp({ cancelSubject, headers }: RequestOptions): void {
    const callId = callIdIn(headers);
    if (cancelSubject === undefined || callId === undefined || !this.link.up) return;
    const text = eventPacket(cancelSubject, { callId });
    // Behind the request that it gives up, which may not have left yet.
    const publish = () => this.link.connection.publish(cancelSubject, text, { headers: encodeHeaders(headers) });
    this.link.outgoing.add(() => attempt<void>(publish, () => {}));
  }
}

function feed(call: PendingCall, packet: ReplyPacket): void {
  if (packet.err !== undefined && packet.err !== null) {
    call.fail(packet.err);
    return;
  }
  if ('response' in packet) call.receive(packet.response);
  if (packet.isDisposed === true) call.complete();
}

function packetOf(subject: string, envelope: EventEnvelope): string {
  try {
    return eventPacket(subject, envelope);
  } catch (thrown) {
    throw toAppError(thrown);
  }
}
