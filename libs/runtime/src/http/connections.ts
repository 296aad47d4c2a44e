// Watches the sockets of the HTTP server: how many there are, from where, whether each takes what it is sent, and whether what it
// sends comes. Costs next to nothing per request: it looks once a second while there are any, and when one opens.
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { LimitName } from '../metrics.js';
import { networkOf } from './failed-attempts.js';
import { BODY_LIMITS, type BodyLimits, IncomingBodies } from './incoming-bodies.js';

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
  /** How the bodies of requests must come. */
  readonly bodies?: BodyLimits;
}

const DEFAULTS = {
  unsentMax: 1024 * 1024,
  slowMs: 10_000,
  slowBytes: 160 * 1024,
  unsentHardMax: 16 * 1024 * 1024,
  lookEveryMs: 1_000,
  bodies: BODY_LIMITS,
};

/** What a connection too many is told, whatever it wanted. */
const TOO_MANY =
  'HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\nConnection: close\r\nContent-Type: application/json\r\n\r\n' +
  '{"code":"rate_limited","message":"Too many connections from this address: close some, or come back in 5 s"}';

/** What a request is told that did not come to its end. */
const TOO_SLOW =
  'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Type: application/json\r\n\r\n' +
  '{"code":"deadline_exceeded","message":"The request did not arrive in time: send it faster, or less at once"}';

/** Looks are counted, not time: while this process itself stands still, no reader can take anything. */
interface Mark {
  readonly look: number;
  readonly sent: number;
}

export class Connections {
  readonly #open = new Set<Socket>();
  readonly #perAddress = new Map<string, number>();
  readonly #slow = new Map<Socket, Mark>();
  readonly #limits: Required<ConnectionLimits>;
  readonly #bodies: IncomingBodies;
  #timer: NodeJS.Timeout | undefined;
  #looks = 0;

  constructor(
    server: Server,
    limits: ConnectionLimits,
    private readonly refused: (limit: LimitName) => void,
  ) {
    this.#limits = { ...DEFAULTS, ...limits };
    this.#bodies = new IncomingBodies(this.#limits.bodies, this.#limits.lookEveryMs);
    if (limits.total > 0) server.maxConnections = limits.total;
    server.on('drop', () => refused('connections'));
    server.prependListener('connection', (socket: Socket) => this.#opened(socket));
  }

  close(): void {
    this.#rest();
  }

  #opened(socket: Socket): void {
    const address = networkOf(socket.remoteAddress);
    const count = (this.#perAddress.get(address) ?? 0) + 1;
    this.#perAddress.set(address, count);
    this.#open.add(socket);
    this.#timer ??= setInterval(() => this.#look(), this.#limits.lookEveryMs).unref();
    socket.once('close', () => {
      this.#open.delete(socket);
      if (this.#open.size === 0) this.#rest();
      this.#slow.delete(socket);
      this.#bodies.forget(socket);
      const left = (this.#perAddress.get(address) ?? 1) - 1;
      if (left === 0) this.#perAddress.delete(address);
      else this.#perAddress.set(address, left);
    });
    if (this.#limits.perAddress === 0 || count <= this.#limits.perAddress) return;
    this.refused('connections');
    socket.end(TOO_MANY, () => socket.destroy());
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    this.#looks += 1;
    for (const socket of this.#open) {
      if (this.#tooSlow(socket)) this.#cut(socket);
      const late = this.#bodies.late(socket, this.#looks);
      if (late !== undefined) this.#giveUp(socket, late);
    }
  }

  #tooSlow(socket: Socket): boolean {
    const { unsentMax, unsentHardMax, slowMs, slowBytes, lookEveryMs } = this.#limits;
    const large = socket.writableLength > unsentMax;
    if (!large && !socket.writableNeedDrain) {
      this.#slow.delete(socket);
      return false;
    }
    const sent = sentOf(socket);
    if (socket.bytesWritten - sent > unsentHardMax) return true;
    const mark = this.#slow.get(socket);
    if (mark === undefined || sent - mark.sent >= (large ? slowBytes : slowBytes / 10)) {
      this.#slow.set(socket, { look: this.#looks, sent });
      return false;
    }
    return (this.#looks - mark.look) * lookEveryMs >= (large ? slowMs : 3 * slowMs);
  }

  #cut(socket: Socket): void {
    this.refused('slow_reader');
    // A reset, not a polite end: that would wait behind what the reader does not take.
    socket.resetAndDestroy();
  }

  #giveUp(socket: Socket, { headersSent }: ServerResponse): void {
    this.refused('slow_writer');
    if (headersSent) socket.destroy();
    else socket.end(TOO_SLOW, () => socket.destroy());
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
