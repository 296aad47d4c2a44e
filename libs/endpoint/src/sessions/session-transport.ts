// The transport of one session, fit for many replicas: what the lab asks the client carries the replica that waits for the answer
// in its id, what the lab says unasked goes to the session's stream, and what answers a POST is its exchange's affair.

import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type AuthInfo,
  type JSONRPCMessage,
  type Transport,
  type TransportSendOptions,
} from '@modelcontextprotocol/server';
import { newId } from '@labmesh/runtime';
import { isInitialize, isObject, isRequestId, type RequestId, type RpcFault, sendRpcError } from '../wire/json-rpc.js';
import { Exchange } from './exchange.js';
import { invalid, type Posted, postedIn } from './posted.js';
import type { SessionEvents } from './session-events.js';
import type { SessionRecord } from './session-record.js';

export interface TransportServices {
  readonly id: string;
  /** This replica's name. */
  readonly replica: string;
  readonly events: SessionEvents;
  /** The protocol that was negotiated; empty before. */
  readonly version: () => string;
  /** What the lab says unasked. */
  readonly speak: (message: JSONRPCMessage) => Promise<void>;
  /** What the client says that another replica waits for: `replica`, or with undefined whichever runs the request. */
  readonly passOn: (replica: string | undefined, message: Record<string, unknown>) => void;
  /** Before the client hears that its session is open. */
  readonly opened: () => Promise<void>;
}

type Message = JSONRPCMessage & Record<string, unknown>;

const CLOSED: RpcFault = { code: -32001, message: 'Session not found' };

/** The id of the initialize that brings a server to where another replica had it. */
const REVIVAL = 'revive';

export class SessionTransport implements Transport {
  /** Requests of the client that are being answered here. */
  readonly #running = new Map<RequestId, Exchange>();
  #opening: RequestId | undefined;
  #revived: (() => void) | undefined;
  #closed = false;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: NonNullable<Transport['onmessage']>;

  constructor(private readonly services: TransportServices) {}

  get sessionId(): string {
    return this.services.id;
  }

  async start(): Promise<void> {}

  /** Handles a POST. */
  handle(req: IncomingMessage & { auth?: AuthInfo }, res: ServerResponse, body: unknown): void {
    const posted = this.#taken(body);
    if ('code' in posted) sendRpcError(res, posted === CLOSED ? 404 : 400, posted);
    else {
      this.#answer(res, posted);
      const extra = req.auth === undefined ? {} : { authInfo: req.auth };
      for (const message of posted.messages) this.#receive(message as Message, extra);
    }
  }

  /** Brings the server to where the session's first replica had it: by the same initialize, answered to nobody. */
  async revive({ protocolVersion, capabilities, clientInfo }: SessionRecord): Promise<void> {
    const params = { protocolVersion, capabilities, clientInfo };
    const revived = new Promise<void>((resolve) => {
      this.#revived = resolve;
    });
    this.onmessage?.({ jsonrpc: '2.0', id: REVIVAL, method: 'initialize', params } as JSONRPCMessage);
    await revived;
    this.#revived = undefined;
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    const outgoing = this.#named(message as Message);
    const answered = 'method' in outgoing ? undefined : (outgoing.id as RequestId);
    if (answered === REVIVAL && this.#revived !== undefined) return this.#revived();
    const request = answered ?? options?.relatedRequestId;
    if (request === undefined) return this.services.speak(outgoing);
    const exchange = this.#running.get(request);
    if (answered === undefined) return exchange?.say(outgoing, request);
    const opens = answered === this.#opening;
    if (opens) this.#opening = undefined;
    const answer = opens ? await this.#whenOpened(outgoing) : outgoing;
    await exchange?.answer(answer, answered);
    this.#running.delete(answered);
  }

  /** Whether a request is being answered here; with undefined, whether any is. */
  runs(request: RequestId | undefined): boolean {
    return request === undefined ? this.#running.size > 0 : this.#running.has(request);
  }

  /** The client listens elsewhere for what answers this request. */
  leaveStream(request: RequestId | undefined): void {
    if (request !== undefined) this.#running.get(request)?.leave();
  }

  /** A message of the client's that came to another replica. False when nothing here waits for it. */
  deliver(message: Record<string, unknown>): boolean {
    const mine = this.#mine(message as Message);
    if (mine === undefined) return false;
    this.onmessage?.(mine);
    return true;
  }

  /** Waits for the answers that nobody could ask for again. */
  async finish(): Promise<void> {
    await Promise.all([...this.#running.values()].map((exchange) => exchange.whole()));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const open = new Set(this.#running.values());
    this.#running.clear();
    await Promise.all([...open].map((exchange) => exchange.end()));
    this.onclose?.();
  }

  /** What came, or why nothing of it can be taken. */
  #taken(body: unknown): Posted | RpcFault {
    if (this.#closed) return CLOSED;
    const posted = postedIn(body, this.services.version());
    if ('code' in posted) return posted;
    for (const id of posted.requests.keys())
      if (this.#running.has(id)) return invalid('a request with this id is still being answered', id);
    const opening = posted.messages.find(isInitialize) as Message | undefined;
    if (opening === undefined) return posted;
    const id = opening.id as RequestId;
    if (posted.batch) return invalid('initialize may not be part of a batch', id);
    if (this.services.version() !== '') return invalid('Server already initialized', id);
    this.#opening = id;
    return posted;
  }

  #answer(res: ServerResponse, { requests, refused, batch }: Posted): void {
    if (requests.size + refused.length === 0) return void res.writeHead(202).end();
    const { id: session, replica, version, events } = this.services;
    const stream = `${replica}-${newId()}`;
    const exchange = new Exchange(res, { session, version, events, stream, batch, refused }, requests);
    for (const id of requests.keys()) this.#running.set(id, exchange);
    if (requests.size === 0) void exchange.end();
  }

  async #whenOpened(answer: Message): Promise<Message> {
    if ('error' in answer) return answer;
    try {
      await this.services.opened();
      return answer;
    } catch (error) {
      this.onerror?.(error as Error);
      const why = {
        code: -32603,
        message: 'Cannot open a session: it cannot be kept right now. Try again in a moment.',
      };
      return { jsonrpc: '2.0', id: answer.id, error: why } as unknown as Message;
    }
  }

  #receive(message: Message, extra: Parameters<NonNullable<Transport['onmessage']>>[1]): void {
    if ('method' in message && isRequestId(message.id)) {
      this.onmessage?.(message, extra);
      return;
    }
    const mine = this.#mine(message);
    if (mine !== undefined) this.onmessage?.(mine, extra);
    else this.services.passOn(waiterOf(message), message);
  }

  /** As the server here knows it; undefined for what another replica waits for. */
  #mine(message: Message): Message | undefined {
    const params = isObject(message.params) ? message.params : {};
    if (!('method' in message)) {
      const id = this.#ownId(message.id);
      return id === undefined ? undefined : ({ ...message, id } as Message);
    }
    if (message.method === 'notifications/progress') {
      const progressToken = this.#ownId(params.progressToken);
      return progressToken === undefined
        ? undefined
        : ({ ...message, params: { ...params, progressToken } } as Message);
    }
    // A request that is given up is not answered any more.
    return message.method === 'notifications/cancelled' && !this.#giveUp(params.requestId) ? undefined : message;
  }

  /** False when it is not answered here. */
  #giveUp(request: unknown): boolean {
    const exchange = this.#running.get(request as RequestId);
    if (exchange === undefined) return false;
    this.#running.delete(request as RequestId);
    void exchange.giveUp(request as RequestId);
    return true;
  }

  /** The server counts its requests; with the replica's name the numbers are the session's. */
  #named(message: Message): Message {
    if (!('method' in message)) return message;
    const name = (id: unknown): string => `${this.services.replica}~${String(id)}`;
    const params = isObject(message.params) ? message.params : {};
    if (message.method === 'notifications/cancelled')
      return { ...message, params: { ...params, requestId: name(params.requestId) } } as Message;
    if (message.id === undefined) return message;
    const meta = isObject(params._meta) ? params._meta : {};
    const tokened =
      meta.progressToken === undefined ? {} : { _meta: { ...meta, progressToken: name(meta.progressToken) } };
    return {
      ...message,
      id: name(message.id),
      ...(message.params === undefined ? {} : { params: { ...params, ...tokened } }),
    } as unknown as Message;
  }

  #ownId(id: unknown): number | undefined {
    const [replica, number] = String(id).split('~');
    return replica === this.services.replica && number !== undefined ? Number(number) : undefined;
  }
}

/** The replica whose question a message answers. */
function waiterOf(message: Message): string | undefined {
  const params = isObject(message.params) ? message.params : {};
  const id = 'method' in message ? params.progressToken : message.id;
  const [replica, number] = String(id).split('~');
  return number === undefined ? undefined : replica;
}
