// Watches the sockets of the HTTP server: how many there are, from where, and whether each takes what it is sent.
// Costs nothing per request: it looks once a second, and when a connection opens.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { networkOf } from '../limits/failed-attempts.js';
import type { LimitName } from '../limits/refusals.js';

export interface ConnectionLimits {
  /** Open connections altogether and from one address; 0 means any number. */
  readonly total: number;
  readonly perAddress: number;
  /** A reader is owed this many bytes or more… */
  readonly unsentMax?: number;
  /**
   * …and takes less than `slowBytes` in this time: it is cut, and its call cancelled. A reader that is owed less, but so
   * much that writing pauses, must take a tenth of that in three times the time.
   */
  readonly slowMs?: number;
  readonly slowBytes?: number;
  /** Cut at once: a stream may never hold more than this in memory. */
  readonly unsentHardMax?: number;
  readonly lookEveryMs?: number;
}

const DEFAULTS = {
  unsentMax: 1024 * 1024,
  slowMs: 10_000,
  slowBytes: 160 * 1024,
  unsentHardMax: 16 * 1024 * 1024,
  lookEveryMs: 1_000,
};

/** What a connection too many is told, whatever it wanted. */
const TOO_MANY =
  'HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\nConnection: close\r\nContent-Type: application/json\r\n\r\n' +
  '{"code":"rate_limited","message":"Too many connections from this address: close some, or come back in 5 s"}';

interface Mark {
  sinceMs: number;
  sent: number;
}

export class Connections {
  readonly #open = new Set<Socket>();
  readonly #perAddress = new Map<string, number>();
  readonly #slow = new Map<Socket, Mark>();
  readonly #limits: Required<ConnectionLimits>;
  readonly #timer: NodeJS.Timeout;

  constructor(
    server: Server,
    limits: ConnectionLimits,
    private readonly refused: (limit: LimitName) => void,
  ) {
    this.#limits = { ...DEFAULTS, ...limits };
    if (limits.total > 0) server.maxConnections = limits.total;
    server.on('drop', () => refused('connections'));
    server.prependListener('connection', (socket: Socket) => this.#opened(socket));
    this.#timer = setInterval(() => this.#look(), this.#limits.lookEveryMs).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #opened(socket: Socket): void {
    const address = networkOf(socket.remoteAddress);
    const count = (this.#perAddress.get(address) ?? 0) + 1;
    this.#perAddress.set(address, count);
    this.#open.add(socket);
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#slow.delete(socket);
      const left = (this.#perAddress.get(address) ?? 1) - 1;
      if (left === 0) this.#perAddress.delete(address);
      else this.#perAddress.set(address, left);
    });
    if (this.#limits.perAddress === 0 || count <= this.#limits.perAddress) return;
    this.refused('connections');
    socket.end(TOO_MANY, () => socket.destroy());
  }

  #look(): void {
    const nowMs = performance.now();
    for (const socket of this.#open) if (this.#tooSlow(socket, nowMs)) this.#cut(socket);
  }

  #tooSlow(socket: Socket, nowMs: number): boolean {
    const { unsentMax, unsentHardMax, slowMs, slowBytes } = this.#limits;
    const large = socket.writableLength > unsentMax;
    if (!large && !socket.writableNeedDrain) {
      this.#slow.delete(socket);
      return false;
    }
    const sent = sentOf(socket);
    if (socket.bytesWritten - sent > unsentHardMax) return true;
    const mark = this.#slow.get(socket);
    if (mark === undefined || sent - mark.sent >= (large ? slowBytes : slowBytes / 10)) {
      this.#slow.set(socket, { sinceMs: nowMs, sent });
      return false;
    }
    return nowMs - mark.sinceMs >= (large ? slowMs : 3 * slowMs);
  }

  #cut(socket: Socket): void {
    this.refused('slow_reader');
    // A reset, not a polite end: that would wait behind what the reader does not take.
    socket.resetAndDestroy();
  }
}

interface Handle {
  readonly writeQueueSize?: number;
  readonly bytesWritten?: number;
}

/** Bytes that the operating system took. Node's own count holds what still waits in the process, so its handle is asked. */
function sentOf(socket: Socket): number {
  const { writeQueueSize = 0, bytesWritten } = (socket as { _handle?: Handle | null })._handle ?? {};
  return bytesWritten === undefined ? socket.bytesWritten - socket.writableLength : bytesWritten - writeQueueSize;
}
