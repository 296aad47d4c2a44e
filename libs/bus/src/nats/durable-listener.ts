// Feeds one agent's listener from its durable consumer, one event at a time. Acknowledges only what the handler finished.

import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { Logger } from '@nestjs/common';
import type { BrokerLink } from './broker-link.js';
import { ACK_WAIT_MS, type EventStream } from './event-stream.js';

const PULL_MS = 10_000;
const RETRY_MS = 1_000;
const NAK_FIRST_MS = 200;
const NAK_MOST_MS = 5 * 60_000;

/** Delay before the next try of an event that failed `failures` times, milliseconds: doubled each time, at most 5 min. */
export const redeliveryDelayMs = (failures: number): number =>
  Math.min(NAK_MOST_MS, NAK_FIRST_MS * 2 ** Math.min(failures - 1, 30));

export interface Subscription {
  readonly queue: string;
  readonly pattern: string;
  /** Resolves when the event's effect is durable. */
  handle(message: JsMsg): Promise<void>;
}

export class DurableListener {
  readonly #log = new Logger('Bus');
  #handling: Promise<void> = Promise.resolve();
  #messages: ConsumerMessages | undefined;
  #stopped = false;
  #wake: () => void = () => {};

  constructor(
    private readonly link: BrokerLink,
    private readonly events: EventStream,
    private readonly subscription: Subscription,
  ) {
    void this.#run();
  }

  /** Takes no more events and lets the one under way finish. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    this.#messages?.stop();
    await this.#handling;
  }

  async #run(): Promise<void> {
    while (!this.#stopped && !this.link.connection.isClosed()) {
      try {
        await this.#consume();
      } catch (thrown) {
        const { queue, pattern } = this.subscription;
        if (this.link.up && !this.#stopped)
          this.#log.warn(`${queue} cannot listen to ${pattern} yet: ${String(thrown)}`);
      }
      if (!this.#stopped) await this.#pause();
    }
  }

  async #consume(): Promise<void> {
    const consumer = await this.events.consumer(this.subscription.queue, this.subscription.pattern);
    if (this.#stopped) return;
    // One at a time: an event that waits behind a slow one here would be taken for lost.
    this.#messages = await consumer.consume({ max_messages: 1, expires: PULL_MS, abort_on_missing_resource: true });
    for await (const message of this.#messages) {
      if (this.#stopped) {
        // Another replica shall not wait for this one's silence.
        message.nak();
        return;
      }
      this.#handling = this.#handle(message);
      await this.#handling;
    }
  }

  async #handle(message: JsMsg): Promise<void> {
    const stillBusy = setInterval(() => message.working(), ACK_WAIT_MS / 3);
    try {
      await this.subscription.handle(message);
      message.ack();
    } catch (thrown) {
      const delayMs = redeliveryDelayMs(message.info.deliveryCount);
      const why = (thrown as { message?: unknown } | null)?.message ?? thrown;
      this.#log.warn(
        `${this.subscription.queue} could not handle ${message.subject}: ${String(why)}; again in ${delayMs} ms`,
      );
      message.nak(delayMs);
    } finally {
      clearInterval(stillBusy);
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, RETRY_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
