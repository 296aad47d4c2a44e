// What a streaming tool says before its answer, as notifications: its log, and its progress when the client asked for it.

import { type LogLevel, logMessageIn } from '@labmesh/contracts';
import { LOG_LEVEL_META_KEY, type Notification, type ServerContext } from '@modelcontextprotocol/server';
import { identify } from '../callers/caller.js';
import { isWanted } from '../sessions/session-record.js';
import { fitting } from '../wire/event-bounds.js';
import { progressOf } from '../wire/progress.js';

export class CallMessages {
  readonly #progress: ReturnType<typeof progressOf> | undefined;
  #sent = false;

  constructor(
    private readonly context: ServerContext,
    /** Who speaks, where a message does not say. */
    private readonly agent: string,
  ) {
    const token = context.mcpReq._meta?.progressToken;
    this.#progress = token === undefined ? undefined : progressOf(token);
  }

  /** True once the answer has become a stream. */
  get sent(): boolean {
    return this.#sent;
  }

  /** Takes what the tool yields. */
  readonly take = (chunk: unknown): void => {
    const notification = this.#notificationOf(chunk);
    if (notification === undefined) return;
    this.#sent = true;
    const { method, params } = fitting({ jsonrpc: '2.0', ...notification }) as Notification;
    // A client that is gone is told to the handler by its signal.
    void this.context.mcpReq.notify({ method, params } as never).catch(() => {});
  };

  #notificationOf(chunk: unknown): Notification | undefined {
    const message = logMessageIn(chunk);
    if (message === undefined)
      return this.#progress && { method: 'notifications/progress', params: this.#progress(chunk) };
    const { level, data, logger = this.agent } = message;
    return this.#hears(level) ? { method: 'notifications/message', params: { level, data, logger } } : undefined;
  }

  /** A session remembers what it wants to hear, at every replica; a request of 2026-07-28 that names no level wants nothing. */
  #hears(level: LogLevel): boolean {
    const { session } = identify(this.context);
    if (session !== undefined) return isWanted(level, session.logLevel);
    const { [LOG_LEVEL_META_KEY]: wanted }: { [LOG_LEVEL_META_KEY]?: LogLevel } = this.context.mcpReq.envelope ?? {};
    return wanted !== undefined && isWanted(level, wanted);
  }
}
