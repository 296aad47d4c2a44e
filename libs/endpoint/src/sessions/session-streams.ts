// GET on a session: the stream on which the lab speaks unasked, and streams that broke off and are gone on with, on whichever
// replica the client comes to. A stream that answers a request ends with its answer, also when that can only be that it is lost.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { failureOf } from '@labmesh/contracts';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import type { Caller } from '../callers/caller.js';
import { type RequestId, sendRpcError } from '../wire/json-rpc.js';
import { EventStream } from './event-stream.js';
import type { Session } from './session.js';
import { isAnswer, knowsEmptyEvents, ownerOf, placeOf, STANDALONE, type StreamPlace } from './session-events.js';
import type { SessionPeers } from './session-peers.js';

/** How often a stream that another replica writes is looked at. */
const LOOK_MS = 150;
/** How often that replica is asked whether it still does. */
const ASK_EVERY_MS = 1_000;
/** When what the last speaker said while it was being relieved must be in the log. */
const RELIEVED_MS = 500;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

export class SessionStreams {
  constructor(private readonly peers: SessionPeers) {}

  async open(
    req: IncomingMessage,
    res: ServerResponse,
    { session, caller }: { session: Session; caller: Caller },
  ): Promise<void> {
    const last = req.headers['last-event-id'];
    const place = last === undefined ? undefined : placeOf(String(last));
    if (last !== undefined && place === undefined)
      return sendRpcError(res, 400, {
        code: -32000,
        message: 'Bad Request: Last-Event-ID names no event of this session',
      });
    if (place === undefined && session.stream !== undefined)
      return sendRpcError(res, 409, { code: -32000, message: 'Conflict: Only one SSE stream is allowed per session' });
    session.use(res);
    if (place === undefined || place.stream === STANDALONE) return this.#listen(res, { session, caller, place });
    return this.#resume(res, session, place);
  }

  async #listen(
    res: ServerResponse,
    { session, caller, place }: { session: Session; caller: Caller; place: StreamPlace | undefined },
  ): Promise<void> {
    session.stream?.end();
    const stream = new EventStream(res, session.id);
    stream.hold();
    const missed = session.revived && !session.speaks;
    session.stream = stream;
    session.listener = caller;
    session.speaks = true;
    res.once('close', () => {
      if (session.stream === stream) session.stream = undefined;
    });
    this.peers.tell({ kind: 'listening', session: session.id, replica: this.peers.replica });
    if (knowsEmptyEvents(session.record.protocolVersion)) await session.speak(null);
    const read = place === undefined ? undefined : await this.#replay(session, stream, place);
    stream.release();
    if (missed) await this.#tellMissed(session);
    if (read === undefined || !missed) return;
    await pause(RELIEVED_MS);
    await this.#replay(session, stream, read);
  }

  /** Another replica may have ended without telling: what may have changed since is told once more. */
  async #tellMissed({ parts: { server }, subscriptions }: Session): Promise<void> {
    const told = [server.sendToolListChanged(), ...subscriptions.map((uri) => server.sendResourceUpdated({ uri }))];
    await Promise.allSettled(told);
  }

  async #resume(res: ServerResponse, session: Session, place: StreamPlace): Promise<void> {
    const stream = new EventStream(res, session.id);
    const seen: { place: StreamPlace; request?: RequestId | undefined } = { place: { ...place, position: 0 } };
    // From its beginning: what it answers stands in its first event.
    const [first] = (await session.parts.events.after(seen.place)).events;
    seen.request = first?.request;
    seen.place = place;
    const owner = ownerOf(place.stream) ?? '';
    for (let askedMs = 0; !stream.ended; ) {
      if (await this.#readOn(session, stream, seen)) break;
      if (performance.now() - askedMs > ASK_EVERY_MS || owner === this.peers.replica) {
        askedMs = performance.now();
        if (!(await this.#runs(session, owner, seen.request))) {
          // It may have answered in between.
          if (!(await this.#readOn(session, stream, seen)) && seen.request !== undefined)
            stream.write(lost(seen.request));
          break;
        }
      }
      await pause(LOOK_MS);
    }
    stream.end();
  }

  /** True when the answer was read. */
  async #readOn(
    session: Session,
    stream: EventStream,
    seen: { place: StreamPlace; request?: RequestId | undefined },
  ): Promise<boolean> {
    for (let more = true; more; ) {
      const page = await session.parts.events.after(seen.place);
      more = page.more;
      for (const event of page.events) {
        seen.place = { ...seen.place, position: event.position };
        seen.request ??= event.request;
        if (event.message !== null) stream.write(event);
        if (isAnswer(event.message)) return true;
      }
    }
    return false;
  }

  #runs(session: Session, owner: string, request: RequestId | undefined): Promise<boolean> {
    return this.peers
      .ask(owner, { kind: 'running', session: session.id, ...(request === undefined ? {} : { request }) })
      .catch(() => true);
  }

  /** Writes what is kept behind a place; gives back how far that was. */
  async #replay(session: Session, stream: EventStream, from: StreamPlace): Promise<StreamPlace> {
    let place = from;
    for (let more = true; more && !stream.ended; ) {
      const page = await session.parts.events.after(place);
      more = page.more;
      for (const event of page.events) {
        place = { ...place, position: event.position };
        if (event.message !== null) stream.write(event);
      }
    }
    return place;
  }
}

const LOST = failureOf({
  code: 'unavailable',
  message: 'The replica that ran this request has ended: it may have been carried out. Check before you repeat it.',
});

const lost = (id: RequestId): { id: string; message: JSONRPCMessage } => ({
  id: '',
  message: { jsonrpc: '2.0', id, error: { code: -32603, message: LOST.message, data: LOST } },
});
