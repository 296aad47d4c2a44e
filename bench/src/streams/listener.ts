// Open `subscriptions/listen` streams on raw sockets: each knows when it was acknowledged, told of a change, and how it ended.
import { connect, type Socket } from 'node:net';

export interface Target {
  readonly port: number;
  readonly token: string;
}

/** What the protocol writes on such a stream, in this order. */
const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';
const CHANGED = 'notifications/tools/list_changed';
const RESULT = '"resultType":"complete"';
/** A message may come in two pieces: this much of the first is kept. */
const TAIL = 1_000;
const OPEN_MS = 30_000;

const BODY = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'subscriptions/listen',
  params: {
    notifications: { toolsListChanged: true },
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
});

const requestTo = ({ token }: Target): string =>
  [
    'POST /mcp HTTP/1.1',
    'host: 127.0.0.1',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(BODY)}`,
    'accept: application/json, text/event-stream',
    'mcp-protocol-version: 2026-07-28',
    'mcp-method: subscriptions/listen',
    `authorization: Bearer ${token}`,
    '',
    BODY,
  ].join('\r\n');

export class Listener {
  /** When it was first told of a change, milliseconds of `performance.now()`. */
  changedAt: number | undefined;
  endedAt: number | undefined;
  /** The result came and the stream ended after it. */
  graceful = false;
  #tail = '';

  private constructor(private readonly socket: Socket) {}

  /** Resolves when the stream is acknowledged. @throws Error with what came instead */
  static open(target: Target): Promise<Listener> {
    const socket = connect({ port: target.port, host: '127.0.0.1' });
    const listener = new Listener(socket);
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        clearTimeout(late);
        socket.destroy();
        reject(new Error(`${why}: ${listener.#tail.slice(0, 300)}`));
      };
      const late = setTimeout(() => fail('not acknowledged in time'), OPEN_MS);
      socket.once('connect', () => void socket.write(requestTo(target)));
      socket.once('error', (error) => fail(error.message));
      socket.once('close', () => fail('closed'));
      socket.on('data', (chunk) => {
        listener.#read(chunk.toString('latin1'));
        if (!listener.#tail.includes(ACKNOWLEDGED)) return;
        clearTimeout(late);
        socket.removeAllListeners();
        listener.#follow();
        resolve(listener);
      });
    });
  }

  close(): void {
    this.socket.destroy();
  }

  #follow(): void {
    let whole = false;
    this.#tail = '';
    this.socket.on('error', () => {});
    this.socket.on('data', (chunk) => {
      this.#read(chunk.toString('latin1'));
      if (this.#tail.includes(CHANGED)) this.changedAt ??= performance.now();
      if (this.#tail.includes(RESULT)) whole = true;
    });
    this.socket.once('close', (broken) => {
      this.endedAt = performance.now();
      this.graceful = whole && !broken;
    });
  }

  #read(text: string): void {
    this.#tail = (this.#tail + text).slice(-TAIL);
  }
}
