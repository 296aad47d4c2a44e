// What every part of the lab may ask of the bus: requests with an answer, questions to all replicas, durable events.
// Nothing here may know which transport is in use.
import type { EventEnvelope, EventRef } from '@labmesh/contracts';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { z } from 'zod';
import type { CancelSignal } from './cancellation.js';
import type { EventLog, EventLogOptions, KeyValue, KeyValueOptions } from './store.js';

/** Headers travel as plain text: keys are lower case ASCII, values without line breaks. */
export type BusHeaders = Readonly<Record<string, string>>;

export interface RequestOptions {
  readonly headers: BusHeaders;
  /** Absolute limit in milliseconds, progress or not. */
  readonly timeoutMs: number;
  readonly signal?: CancelSignal | undefined;
  /** The handler answers `{ progress }` any number of times and then `{ result }`; the request resolves with the result. */
  readonly streaming?: boolean | undefined;
  readonly onProgress?: ((chunk: unknown) => void) | undefined;
  /** Where `{ callId }` (from the headers) is broadcast, with the same headers, when the caller gives up. */
  readonly cancelSubject?: string | undefined;
}

export interface ScatterOptions {
  readonly headers: BusHeaders;
  /** How long answers are collected, milliseconds. */
  readonly windowMs: number;
  /** Stop early when this many have answered. */
  readonly expected?: number | undefined;
}

/** One replica's answer to a scattered question. */
export interface Responder {
  readonly body: unknown;
  readonly latencyMs: number;
}

/** Every rejection is an AppError. */
export interface Bus {
  readonly kind: 'in-process' | 'nats';
  /**
   * Asks the one handler of a subject. Rejects with `unavailable` at once when nobody listens, `deadline_exceeded` after
   * `timeoutMs`, `cancelled` when the signal aborts, `too_large` when a message exceeds the broker's limit, or the
   * handler's own AppError; what a handler throws otherwise arrives as `internal` with its text hidden.
   */
  request(subject: string, body: unknown, options: RequestOptions): Promise<unknown>;
  /** Asks every replica and resolves with those that answered in time; replicas that fail are left out. */
  scatter(subject: string, body: unknown, options: ScatterOptions): Promise<Responder[]>;
  /** Resolves when the event is durable: stored by JetStream, or, in process, when every listener is done. */
  publish<E extends EventRef>(
    event: E,
    payload: z.input<E['payload']>,
    envelope?: { readonly id?: string; readonly at?: string },
  ): Promise<void>;
  /** Publishes an envelope that was stored earlier, unchanged: what the outbox relays. Same promise as `publish`. */
  publishEnvelope(subject: string, envelope: EventEnvelope): Promise<void>;
  /**
   * Tells every listener that is there now (an `EventPattern` with `queue: ''`), at most once, and waits for none.
   * What nobody hears is lost. Throws `unavailable` when the broker is away, `too_large` or `internal` for the body.
   */
  broadcast(subject: string, body: unknown): void;
  /** The store of this name, shared with every process on the bus; in process, with whoever uses this bus. Opened at its first use. */
  keyValue(options: KeyValueOptions): KeyValue;
  /** The log of this name, likewise. */
  eventLog(options: EventLogOptions): EventLog;
  /** Milliseconds to the broker and back; about 0 in process. Rejects with `unavailable` when it cannot be reached. */
  ping(): Promise<number>;
  /** Lets requests in flight finish, then leaves. */
  close(): Promise<void>;
}

/** What is at the broker before anybody uses it. */
export interface KeptStores {
  /** Who hears which event; `queue` is the agent's name. */
  readonly listeners: ReadonlyArray<{ readonly queue: string; readonly event: EventRef }>;
  readonly keyValues: readonly KeyValueOptions[];
  readonly eventLogs: readonly EventLogOptions[];
}

export interface TransportOptions {
  /** `nats://host:port`, several separated by commas; in process when left out. */
  readonly natsUrl?: string | undefined;
  /** Names the connection at the broker, and the place there where its answers come in. */
  readonly name: string;
  /** Who this process is to the broker: the seed of an nkey. Left out, the address says it, or nobody asks. */
  readonly natsSeed?: string | undefined;
  /** What this process makes at the broker for all others, and makes again when it is gone. */
  readonly keeps?: KeptStores | undefined;
  /** How long to try to reach the broker at start, milliseconds; 30 s when left out. Later it is tried for ever. */
  readonly connectTimeoutMs?: number | undefined;
}

export interface Transport {
  readonly bus: Bus;
  /**
   * What `NestFactory.createMicroservice` and `connectMicroservice` take. A new server each time it is read,
   * so several Nest applications may share one transport.
   */
  readonly microservice: MicroserviceOptions;
  /**
   * Takes no new requests any more and resolves when none will come: other replicas get them from now on. What is under
   * way goes on. In process there are no others, so nothing changes.
   */
  leave(): Promise<void>;
  close(): Promise<void>;
}
