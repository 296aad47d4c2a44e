// What is to be kept of a conversation, in its order: parents before what stands under them, each until the lab has it. Sending again
// what the lab has already does no harm, since each has its id.
import type { Failure } from '../../failure.js';
import { type Connection, callFor } from '../../mcp/connection.js';
import { type NewMessage, TOOLS } from './message.js';
import { keepUnsent } from './unsent.js';

/** Of one call. */
const AT_ONCE = 16;
/** With these, asking again brings nothing. */
const REFUSED = new Set(['conflict', 'invalid_input', 'too_large', 'not_found', 'quota_exceeded', 'forbidden']);

interface MailboxListener {
  readonly onUnkept: (failure: Failure | undefined) => void;
  /** One of these has a parent that the lab does not know. True when that was mended. */
  readonly onOrphans: (messages: readonly NewMessage[]) => boolean;
}

export class Mailbox {
  #unsent: readonly NewMessage[];
  #sending: Promise<void> = Promise.resolve();

  constructor(
    private readonly connection: Connection,
    private readonly conversationId: string,
    kept: readonly NewMessage[],
    private readonly told: MailboxListener,
  ) {
    this.#unsent = kept;
  }

  get unsent(): readonly NewMessage[] {
    return this.#unsent;
  }

  /** One that is there already takes its place. */
  put(message: NewMessage): void {
    const at = this.#unsent.findIndex(({ messageId }) => messageId === message.messageId);
    this.#become(at === -1 ? [...this.#unsent, message] : this.#unsent.with(at, message));
  }

  /** The lab has these. */
  arrived(messageIds: ReadonlySet<string>): void {
    if (this.#unsent.some(({ messageId }) => messageIds.has(messageId)))
      this.#become(this.#unsent.filter(({ messageId }) => !messageIds.has(messageId)));
  }

  /** Sends what waits; one after the other. */
  send(): Promise<void> {
    this.#sending = this.#sending.then(() => this.#sendAll());
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#unsent.length > 0) {
      const messages = this.#unsent.slice(0, AT_ONCE);
      const input = { conversationId: this.conversationId, messages };
      const outcome = await callFor<object>(this.connection, { name: TOOLS.add, input });
      if (!outcome.ok && outcome.failure.code === 'not_found' && this.told.onOrphans(messages)) continue;
      this.told.onUnkept(outcome.ok ? undefined : outcome.failure);
      if (!outcome.ok && !REFUSED.has(outcome.failure.code)) return;
      this.arrived(new Set(messages.map(({ messageId }) => messageId)));
      if (!outcome.ok) return;
    }
  }

  #become(unsent: readonly NewMessage[]): void {
    this.#unsent = unsent;
    keepUnsent(this.conversationId, unsent);
  }
}
