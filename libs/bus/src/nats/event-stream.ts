// Durable events on JetStream: one stream for all of them, one durable consumer for each listening agent and subject.
import { AppError } from '@labmesh/contracts';
import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { errors, type NatsConnection, nanos } from '@nats-io/transport-node';
import { DURABLE_SUBJECTS } from '../nest-handlers.js';
import type { BrokerLink } from './broker-link.js';
import { durableName, STREAM } from './names.js';
import { publishFailure } from './wire.js';

const KEEP_MS = 7 * 86_400_000;
/** In this time a second copy with the same id is dropped by the broker; later copies reach listeners, which bear them. */
const DUPLICATES_MS = 10 * 60_000;
/** A delivery that is neither answered nor reported as under way for this long goes to another replica. */
export const ACK_WAIT_MS = 30_000;
const PUBLISH_MS = 5_000;

/** Creates the stream when it is missing; one that exists is left as its operator set it. */
export async function ensureStream(connection: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(connection, { timeout: PUBLISH_MS });
  if (await streamExists(manager)) return;
  try {
    await manager.streams.add({
      name: STREAM,
      subjects: [DURABLE_SUBJECTS],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_age: nanos(KEEP_MS),
      duplicate_window: nanos(DUPLICATES_MS),
    });
  } catch (thrown) {
    // Another process may have been faster.
    if (await streamExists(manager)) return;
    throw isRefused(thrown) ? new Error('the Sentinel has not made the stream of events yet; start it first') : thrown;
  }
}

const MISSING: ReadonlySet<number> = new Set([JetStreamApiCodes.StreamNotFound, JetStreamApiCodes.ConsumerNotFound]);
const isMissing = (thrown: unknown): boolean => thrown instanceof JetStreamApiError && MISSING.has(thrown.code);

/** This process has no right to what it asked of the broker. */
const isRefused = (thrown: unknown): boolean =>
  thrown instanceof errors.PermissionViolationError ||
  (thrown instanceof Error && thrown.cause instanceof errors.PermissionViolationError);

const streamExists = (manager: JetStreamManager): Promise<boolean> =>
  manager.streams.info(STREAM).then(
    () => true,
    (thrown: unknown) => {
      if (thrown instanceof Error && thrown.message.includes('stream not found')) return false;
      throw thrown;
    },
  );

/** Everything still kept is delivered to an agent that listens for the first time. */
const consumerConfig = (queue: string, pattern: string): ConsumerConfig & { durable_name: string } => ({
  name: durableName(queue, pattern),
  durable_name: durableName(queue, pattern),
  filter_subject: pattern,
  ack_policy: AckPolicy.Explicit,
  deliver_policy: DeliverPolicy.All,
  replay_policy: 'instant',
  ack_wait: nanos(ACK_WAIT_MS),
  max_deliver: -1,
});

export class EventStream {
  readonly client: JetStreamClient;

  constructor(private readonly link: BrokerLink) {
    this.client = jetstream(link.connection, { timeout: PUBLISH_MS });
  }

  /**
   * Resolves when the event is on the broker's disk. A copy with the same id counts once.
   * @throws AppError unavailable, too_large
   */
  async publish(subject: string, packet: { readonly id: string; readonly text: string }): Promise<void> {
    const send = () => this.client.publish(subject, packet.text, { msgID: packet.id });
    try {
      await send();
    } catch (thrown) {
      const failure = publishFailure(thrown, 'event', subject);
      if (failure.code !== 'unavailable' || !this.link.up) throw failure;
      // A broker that lost its store answers as if nobody listened: make the stream again, then try once more.
      await ensureStream(this.link.connection).catch((cause: unknown) => {
        throw new AppError('unavailable', `Cannot keep events: ${String(cause)}`, { cause });
      });
      await send().catch((again: unknown) => {
        throw publishFailure(again, 'event', subject);
      });
    }
  }

  /** The durable consumer of an agent on a subject, made when it is missing. */
  async consumer(queue: string, pattern: string) {
    const name = durableName(queue, pattern);
    try {
      return await this.client.consumers.get(STREAM, name);
    } catch (thrown) {
      if (!isMissing(thrown)) throw thrown;
    }
    await this.keepConsumer(queue, pattern);
    return this.client.consumers.get(STREAM, name);
  }

  /** Makes the consumer, and the stream, where they are missing. */
  async keepConsumer(queue: string, pattern: string): Promise<void> {
    await ensureStream(this.link.connection);
    const manager = await jetstreamManager(this.link.connection, { timeout: PUBLISH_MS, checkAPI: false });
    await manager.consumers.add(STREAM, consumerConfig(queue, pattern));
  }
}
