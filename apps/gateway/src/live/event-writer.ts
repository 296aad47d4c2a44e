// Writes server-sent events to one client (HTML Living Standard, 9.2). Knows nothing of what they say. Keeps no more unsent
// than a bound: whoever has more to write waits until it is taken, and whoever takes nothing is cut by the HTTP front.
import type { ServerResponse } from 'node:http';

/** Comments keep what lies between from closing a quiet stream. */
const KEEP_ALIVE_MS = 10_000;
const UNSENT_BYTES_MAX = 256 * 1024;
/** How soon a client comes again, milliseconds. */
export const RETRY_MS = 1_000;

export class EventWriter {
  #keepAlive: NodeJS.Timeout | undefined;
  #place = '';

  constructor(private readonly res: ServerResponse) {}

  get opened(): boolean {
    return this.res.headersSent;
  }

  /**
   * The head, and how soon to come again. Nothing more can be refused with a status from now on.
   * @returns true the first time
   */
  open(): boolean {
    if (this.opened || this.res.closed) return false;
    this.res.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    this.res.write(`retry: ${RETRY_MS}\n\n`);
    this.#keepAlive = setInterval(() => this.#send(`: keep-alive\n${this.#place}\n`), KEEP_ALIVE_MS).unref();
    this.res.once('close', () => clearInterval(this.#keepAlive));
    return true;
  }

  /**
   * @param place where a client goes on that has this event
   * @returns false when more is unsent than may be: write on after `taken`
   */
  event(name: string, place: string, data: object): boolean {
    this.reached(place);
    this.#send(`event: ${name}\n${this.#place}data: ${JSON.stringify(data)}\n\n`);
    return this.res.writableLength < UNSENT_BYTES_MAX;
  }

  /** All up to here was looked at: told with the next keep-alive, so that who comes again starts there. */
  reached(cursor: string): void {
    this.#place = `id: ${cursor}\n`;
  }

  /** Something about the stream itself. */
  tell(event: 'waiting' | 'end', data: { readonly code: string; readonly message: string }, retryMs?: number): void {
    const retry = retryMs === undefined ? '' : `retry: ${retryMs}\n`;
    this.#send(`${retry}event: ${event}\n${this.#place}data: ${JSON.stringify(data)}\n\n`);
  }

  /** Resolves when what was unsent is out, or the client is gone. */
  taken(): Promise<void> {
    if (!this.res.writableNeedDrain || this.res.closed) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.res.off('drain', done).off('close', done);
        resolve();
      };
      this.res.once('drain', done).once('close', done);
    });
  }

  end(): void {
    clearInterval(this.#keepAlive);
    if (this.opened && !this.res.writableEnded) this.res.end();
  }

  #send(text: string): void {
    if (this.opened && !this.res.writableEnded && !this.res.closed) this.res.write(text);
  }
}
