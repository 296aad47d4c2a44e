// Makes what the processes of the mesh need at the broker, and makes it again when the broker came back without it: what NATS
// keeps in memory is gone after its restart. At a broker with rights only the Sentinel may; the others wait for it.
import { eventSubject } from '@labmesh/contracts';
import { Logger } from '@nestjs/common';
import type { KeptStores } from '../bus.js';
import type { BrokerLink } from './broker-link.js';
import type { EventStream } from './event-stream.js';
import { NatsEventLog } from './nats-event-log.js';
import { NatsKeyValue } from './nats-key-value.js';

/** Doubled each time, for a broker that has no room, say. */
const RETRY_MS = 1_000;
const RETRY_MAX_MS = 60_000;
/** Somebody may have removed a stream or a consumer by hand. */
const LOOK_EVERY_MS = 60_000;

export class StoreKeeper {
  readonly #log = new Logger('Bus');
  #timer: NodeJS.Timeout | undefined;
  #retryMs = RETRY_MS;
  #stopped = false;

  constructor(
    private readonly link: BrokerLink,
    private readonly events: EventStream,
    private readonly stores: KeptStores,
  ) {
    link.whenUp(() => {
      this.#retryMs = RETRY_MS;
      void this.#mend();
    });
    void this.#mend();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #again(afterMs: number): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#mend(), afterMs).unref();
  }

  async #mend(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      for (const { queue, event } of this.stores.listeners) await this.events.keepConsumer(queue, eventSubject(event));
      for (const options of this.stores.keyValues) await new NatsKeyValue(this.link, options).keep();
      for (const options of this.stores.eventLogs) await new NatsEventLog(this.link, options).keep();
      this.#again(LOOK_EVERY_MS);
    } catch (thrown) {
      // While the broker is away it is no news; the connection's return comes here again.
      if (this.#stopped || !this.link.up) return;
      this.#log.warn(`cannot make what the mesh keeps at the broker: ${String(thrown)}; trying again`);
      this.#again(this.#retryMs);
      this.#retryMs = Math.min(RETRY_MAX_MS, this.#retryMs * 2);
    }
  }
}
