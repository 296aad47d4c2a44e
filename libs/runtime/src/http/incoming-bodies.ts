// Watches the bodies of requests while they come: all of one within a bound, or, where a handler lets it run, for as long as it
// keeps a pace. Costs a request one member of its socket. Node's own bound knows one time for all routes, so it is not used.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface BodyLimits {
  /** A request must have come whole within this time, whoever reads it, … */
  readonly wholeMs: number;
  /** …but for one that may run: in each stretch of this length so many bytes of it must come. */
  readonly stretchMs: number;
  readonly stretchBytes: number;
}

export const BODY_LIMITS: BodyLimits = { wholeMs: 60_000, stretchMs: 30_000, stretchBytes: 16 * 1024 };

const RECEIVING = Symbol('receiving');
const RUNS = Symbol('runs');

type Receiving = Socket & { [RECEIVING]?: ServerResponse | undefined };
type Running = IncomingMessage & { [RUNS]?: true };

/** Looks are counted, not time: while this process itself stands still, nobody's body can come. */
interface Mark {
  readonly res: ServerResponse;
  /** Since which look, and how much the socket had received then. */
  readonly since: number;
  readonly received: number;
}

/** The request that this connection receives from now on: the ones before it have come whole. */
export function receives(req: IncomingMessage, res: ServerResponse): void {
  (req.socket as Receiving)[RECEIVING] = res;
}

/** A request that has come whole is held no longer than its answer takes. */
export function received({ req }: ServerResponse): void {
  const socket = req.socket as Receiving | null;
  if (socket?.[RECEIVING]?.req === req && req.complete) socket[RECEIVING] = undefined;
}

/**
 * The body of this request may take as long as it likes, as long as it goes on: for uploads, and only once it is known who sends
 * it. It ends with the answer: what still comes then is bounded as any other body is.
 */
export function letRun(req: IncomingMessage): void {
  (req as Running)[RUNS] = true;
}

export class IncomingBodies {
  readonly #marks = new Map<Socket, Mark>();

  constructor(
    private readonly limits: BodyLimits,
    private readonly lookEveryMs: number,
  ) {}

  forget(socket: Socket): void {
    this.#marks.delete(socket);
  }

  /** The answer to the request whose body is too late; undefined while all is well. */
  late(socket: Socket, look: number): ServerResponse | undefined {
    const res = (socket as Receiving)[RECEIVING];
    if (res === undefined || res.req.complete) {
      if (this.#marks.size > 0) this.forget(socket);
      return undefined;
    }
    const mark = this.#marks.get(socket);
    const runs = (res.req as Running)[RUNS] === true && !res.writableEnded;
    if (mark?.res !== res || (runs && this.#goesOn(socket, mark))) {
      this.#marks.set(socket, { res, since: look, received: socket.bytesRead });
      return undefined;
    }
    const bound = runs ? this.limits.stretchMs : this.limits.wholeMs;
    return (look - mark.since) * this.lookEveryMs >= bound ? res : undefined;
  }

  /** Enough came, or what came lies here and is not taken: then the sender is not to blame. */
  #goesOn(socket: Socket, { received }: Mark): boolean {
    const res = (socket as Receiving)[RECEIVING];
    return socket.bytesRead - received >= this.limits.stretchBytes || (res?.req.readableLength ?? 0) > 0;
  }
}
