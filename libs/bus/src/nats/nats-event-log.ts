// A log of events by topic in a stream of JetStream, in the broker's memory: one subject for each topic.
// A stream that is gone is made again; what was in it is lost.
import {
  DiscardPolicy,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { brokerAway } from '../rejections.js';
import type { EventLog, EventLogOptions, LoggedEvent } from '../store.js';
import type { BrokerLink } from './broker-link.js';
import { logStream, logSubject } from './names.js';
import { publishFailure } from './wire.js';

const ANSWER_MS = 5_000;

interface Opened {
  readonly manager: JetStreamManager;
  readonly client: JetStreamClient;
}

export class NatsEventLog implements EventLog {
  #opened: Promise<Opened> | undefined;
  readonly #stream: string;

  constructor(
    private readonly link: BrokerLink,
    private readonly options: EventLogOptions,
  ) {
    this.#stream = logStream(options.name);
  }

  /** Makes the stream where it is missing. */
  async keep(): Promise<void> {
    await this.#use(() => Promise.resolve());
  }

  append(topic: string, value: unknown): Promise<number> {
    const text = JSON.stringify(value);
    return this.#use(async ({ client }) => (await client.publish(this.#subject(topic), text)).seq);
  }

  read(topic: string, position: number, limit: number): Promise<LoggedEvent[]> {
    return this.#use(async ({ manager }) => {
      const events: LoggedEvent[] = [];
      for (let seq = position + 1; events.length < limit; ) {
        const found = await manager.direct.getMessage(this.#stream, { seq, next_by_subj: this.#subject(topic) });
        if (found === null) break;
        events.push({ position: found.seq, value: found.json() });
        seq = found.seq + 1;
      }
      return events;
    });
  }

  async forget(group: string): Promise<void> {
    await this.#use(({ manager }) => manager.streams.purge(this.#stream, { filter: this.#subject(`${group}.>`) }));
  }

  #subject(topic: string): string {
    return logSubject(this.options.name, topic);
  }

  /** Does it with the stream, and once more when the broker has lost it. */
  async #use<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
    if (!this.link.up) throw brokerAway();
    try {
      return await this.#with(work);
    } catch (first) {
      const failure = publishFailure(first, 'event', this.options.name);
      if (failure.code !== 'unavailable' || !this.link.up) throw failure;
    }
    return this.#with(work).catch((again: unknown) => {
      throw publishFailure(again, 'event', this.options.name);
    });
  }

  async #with<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
    this.#opened ??= this.#open();
    try {
      return await work(await this.#opened);
    } catch (thrown) {
      this.#opened = undefined;
      throw thrown;
    }
  }

  async #open(): Promise<Opened> {
    const { ttlMs, maxBytes, maxPerTopic } = this.options;
    const manager = await jetstreamManager(this.link.connection, { timeout: ANSWER_MS, checkAPI: false });
    const config = {
      name: this.#stream,
      subjects: [this.#subject('>')],
      storage: StorageType.Memory,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_age: nanos(ttlMs),
      max_bytes: maxBytes,
      max_msgs_per_subject: maxPerTopic,
      allow_direct: true,
    };
    try {
      await manager.streams.info(this.#stream);
    } catch {
      await manager.streams.add(config).catch(async (thrown: unknown) => {
        // Another process may have been faster.
        await manager.streams.info(this.#stream).catch(() => {
          throw thrown;
        });
      });
    }
    return { manager, client: jetstream(this.link.connection, { timeout: ANSWER_MS }) };
  }
}
