// One open stream of server-sent events to a client that listens by GET. Writes an event once, and drops who does not read.

import type { ServerResponse } from 'node:http';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';

/** Comments keep what lies between from closing a quiet stream. */
const KEEP_ALIVE_MS = 15_000;
/** Bytes waiting for a client that does not read: beyond it the stream ends, and its events are read again from the log. */
const UNREAD_BYTES_MAX = 4 * 1024 * 1024;

export interface StreamEvent {
  /** Empty for an event that cannot be had again. */
  readonly id: string;
  readonly message: JSONRPCMessage | null;
}

export class EventStream {
  readonly #keepAlive: NodeJS.Timeout;
  /** What comes while earlier events are being read from the log. */
  #held: StreamEvent[] | undefined;
  readonly #written = new Set<string>();
  #ended = false;

  constructor(
    private readonly res: ServerResponse,
    session: string,
  ) {
    res.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'mcp-session-id': session,
    });
    res.flushHeaders();
    this.#keepAlive = setInterval(() => this.#send(': keepalive\n\n'), KEEP_ALIVE_MS).unref();
    res.once('close', () => this.end());
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** From now on live events wait for `release`. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of held) this.live(event);
  }

  /** What happens now: behind what is being read from the log. */
  live(event: StreamEvent): void {
    if (this.#held === undefined) this.write(event);
    else this.#held.push(event);
  }

  write({ id, message }: StreamEvent): void {
    if (id !== '' && this.#written.has(id)) return;
    if (id !== '') this.#remember(id);
    const named = id === '' ? '' : `id: ${id}\n`;
    this.#send(
      message === null ? `${named}data: \n\n` : `event: message\n${named}data: ${JSON.stringify(message)}\n\n`,
    );
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#keepAlive);
    this.res.end();
  }

  #send(text: string): void {
    if (this.#ended) return;
    this.res.write(text);
    if (this.res.writableLength > UNREAD_BYTES_MAX) this.res.destroy();
  }

  /** Events come twice only from the log and from here, close to each other. */
  #remember(id: string): void {
    this.#written.add(id);
    if (this.#written.size > 1_000) for (const old of this.#written) return void this.#written.delete(old);
  }
}
