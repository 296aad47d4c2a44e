// The one connection of this process to NATS: opened with patience, reconnected for ever, closed without losing what was sent.

import { randomUUID } from 'node:crypto';
import { AppError } from '@labmesh/contracts';
import { type ConnectionOptions, connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';
import { Logger } from '@nestjs/common';
import { brokerAway } from '../rejections.js';
import { inboxPrefix } from './names.js';
import { Outgoing } from './outgoing.js';

const FIRST_CONNECT_MS = 30_000;
const ATTEMPT_MS = 5_000;
const RECONNECT_MS = 250;
/** Many processes lose the broker at the same moment; they must not all come back at the same moment. */
const RECONNECT_JITTER_MS = 1_000;
/** Two pings without an answer and the connection counts as dead. */
const PING_EVERY_MS = 10_000;
const CLOSE_MS = 5_000;

export interface BrokerAddress {
  readonly natsUrl: string;
  readonly name: string;
  readonly natsSeed?: string | undefined;
  readonly connectTimeoutMs?: number | undefined;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const reconnectDelayMs = (): number => RECONNECT_MS + Math.random() * RECONNECT_JITTER_MS;

/** `nats://user:password@one:4222,two:4222`: credentials are those of the first address, unless there is a seed. */
function connectionOptions({ natsUrl, name, natsSeed }: BrokerAddress): ConnectionOptions {
  const urls = natsUrl.split(',').map((text) => new URL(text.includes('://') ? text.trim() : `nats://${text.trim()}`));
  const [{ username, password } = { username: '', password: '' }] = urls;
  const credentials =
    username === ''
      ? {}
      : password === ''
        ? { token: decodeURIComponent(username) }
        : { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  return {
    servers: urls.map((url) => url.host),
    name,
    inboxPrefix: inboxPrefix(name),
    ...(natsSeed === undefined ? credentials : { authenticator: nkeyAuthenticator(Buffer.from(natsSeed)) }),
    timeout: ATTEMPT_MS,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    reconnectDelayHandler: reconnectDelayMs,
    pingInterval: PING_EVERY_MS,
    maxPingOut: 2,
  };
}

export class BrokerLink {
  readonly #log = new Logger('Bus');
  readonly #onDown = new Set<() => void>();
  readonly #onUp = new Set<() => void>();
  /** Requests and answers on their way out; what is sent apart from it may overtake them. */
  readonly outgoing = new Outgoing();
  #up = true;

  private constructor(
    readonly connection: NatsConnection,
    private readonly name: string,
  ) {
    void this.#watch();
  }

  /** Connects, and calls `prepare` on the new connection; tries both again until the time is up. */
  static async open(
    address: BrokerAddress,
    prepare: (connection: NatsConnection) => Promise<void>,
  ): Promise<BrokerLink> {
    const options = connectionOptions(address);
    const giveUpAt = performance.now() + (address.connectTimeoutMs ?? FIRST_CONNECT_MS);
    for (;;) {
      let connection: NatsConnection | undefined;
      try {
        connection = await connect(options);
        await prepare(connection);
        return new BrokerLink(connection, address.name);
      } catch (cause) {
        await connection?.close();
        if (performance.now() >= giveUpAt) {
          const why = cause instanceof Error ? cause.message : String(cause);
          throw new AppError(
            'unavailable',
            `Cannot use NATS at ${options.servers}: ${why}. Start it with JetStream (nats-server -js) or check NATS_URL.`,
            { cause },
          );
        }
        await pause(Math.min(reconnectDelayMs(), Math.max(0, giveUpAt - performance.now())));
      }
    }
  }

  /** False while disconnected: what is sent then would be dropped. */
  get up(): boolean {
    return this.#up && !this.connection.isClosed();
  }

  /** A place for answers that nobody else may listen at, and nobody can guess who was not asked from there. */
  newInbox(): string {
    return `${inboxPrefix(this.name)}.${randomUUID()}`;
  }

  /** Calls back each time the connection is there again. */
  whenUp(listener: () => void): void {
    this.#onUp.add(listener);
  }

  /** Calls back each time the connection breaks. */
  whenDown(listener: () => void): void {
    this.#onDown.add(listener);
  }

  /** Milliseconds for a message to the broker and back; rejects with `unavailable` when none comes back. */
  async ping(): Promise<number> {
    if (!this.up) throw brokerAway();
    const startedAt = performance.now();
    if (!(await this.#flushed(ATTEMPT_MS))) throw brokerAway();
    return performance.now() - startedAt;
  }

  /** Resolves when the broker has everything sent so far, or cannot be reached. */
  async flush(): Promise<void> {
    if (this.up) await this.#flushed(CLOSE_MS);
  }

  async close(): Promise<void> {
    if (this.connection.isClosed()) return;
    await this.flush();
    await this.connection.close();
  }

  #flushed(limitMs: number): Promise<boolean> {
    this.outgoing.send();
    return new Promise((resolve) => {
      const end = (reached: boolean): void => {
        clearTimeout(timer);
        this.#onDown.delete(down);
        resolve(reached);
      };
      const down = () => end(false);
      const timer = setTimeout(down, limitMs);
      this.#onDown.add(down);
      this.connection.flush().then(() => end(true), down);
    });
  }

  async #watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') {
        this.#up = false;
        this.#log.error(`lost the message broker at ${status.server}; reconnecting`);
        for (const listener of this.#onDown) listener();
      } else if (status.type === 'reconnect') {
        this.#up = true;
        this.#log.log(`reached the message broker at ${status.server} again`);
        for (const listener of this.#onUp) listener();
      } else if (status.type === 'error') {
        this.#log.error(`the message broker refused something: ${status.error.message}`);
      }
    }
    this.#up = false;
    for (const listener of this.#onDown) listener();
  }
}
