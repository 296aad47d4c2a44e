// Values by key in a bucket of NATS, in the broker's memory: every process sees the same. A bucket that is gone is made again.
import { JetStreamApiCodes, JetStreamApiError, jetstream, StorageType } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { brokerAway } from '../rejections.js';
import type { KeyValue, KeyValueEntry, KeyValueOptions } from '../store.js';
import type { BrokerLink } from './broker-link.js';
import { publishFailure } from './wire.js';

const ANSWER_MS = 5_000;
/** "The last sequence is another": somebody else wrote in between. */
const OVERTAKEN: ReadonlySet<number> = new Set([
  JetStreamApiCodes.StreamWrongLastSequence,
  JetStreamApiCodes.StreamWrongLastSequenceUnknown,
]);

export class NatsKeyValue implements KeyValue {
  #bucket: Promise<KV> | undefined;

  constructor(
    private readonly link: BrokerLink,
    private readonly options: KeyValueOptions,
  ) {}

  /** Makes the bucket where it is missing. */
  async keep(): Promise<void> {
    await this.#use(() => Promise.resolve());
  }

  get(key: string): Promise<KeyValueEntry | undefined> {
    return this.#use(async (bucket) => {
      const entry = await bucket.get(key);
      if (entry === null || entry.operation !== 'PUT') return undefined;
      return { value: entry.json(), revision: entry.revision };
    });
  }

  put(key: string, value: unknown, revision: number): Promise<number | undefined> {
    const text = JSON.stringify(value);
    return this.#use(async (bucket) => {
      try {
        return await (revision === 0 ? bucket.create(key, text) : bucket.update(key, text, revision));
      } catch (thrown) {
        if (isOvertaken(thrown)) return undefined;
        throw thrown;
      }
    });
  }

  async remove(key: string): Promise<void> {
    await this.#use((bucket) => bucket.purge(key));
  }

  /** Does it with the bucket, and once more when the broker has lost it. */
  async #use<T>(work: (bucket: KV) => Promise<T>): Promise<T> {
    if (!this.link.up) throw brokerAway();
    try {
      return await this.#with(work);
    } catch (first) {
      const failure = publishFailure(first, 'value', this.options.name);
      if (failure.code !== 'unavailable' || !this.link.up) throw failure;
    }
    return this.#with(work).catch((again: unknown) => {
      throw publishFailure(again, 'value', this.options.name);
    });
  }

  async #with<T>(work: (bucket: KV) => Promise<T>): Promise<T> {
    this.#bucket ??= this.#open();
    try {
      return await work(await this.#bucket);
    } catch (thrown) {
      this.#bucket = undefined;
      throw thrown;
    }
  }

  #open(): Promise<KV> {
    const { name, ttlMs, maxBytes } = this.options;
    return new Kvm(jetstream(this.link.connection, { timeout: ANSWER_MS })).create(name, {
      history: 1,
      ttl: ttlMs,
      max_bytes: maxBytes,
      storage: StorageType.Memory,
    });
  }
}

const isOvertaken = (thrown: unknown): boolean => thrown instanceof JetStreamApiError && OVERTAKEN.has(thrown.code);
