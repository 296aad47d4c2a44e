// The SDK's transport of one session, made fit for many replicas: what the lab asks the client carries the replica that waits
// for the answer in its id, what the lab says unasked goes to the session's stream, and events are kept where all can read them.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  type AuthInfo,
  type JSONRPCMessage,
  type Transport,
  type TransportSendOptions,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { isObject, type RequestId } from '../json-rpc.js';
import type { SessionEvents } from './session-events.js';
import type { SessionRecord } from './session-record.js';

export interface TransportServices {
  readonly id: string;
  /** This replica's name. */
  readonly replica: string;
  readonly events: SessionEvents;
  /** What the lab says unasked. */
  readonly speak: (message: JSONRPCMessage) => Promise<void>;
  /** What the client says that another replica waits for: `replica`, or with undefined whichever runs the request. */
  readonly passOn: (replica: string | undefined, message: Record<string, unknown>) => void;
  /** Before the client hears that its session is open. */
  readonly opened: () => Promise<void>;
  readonly ended: () => Promise<void>;
}

type Message = JSONRPCMessage & Record<string, unknown>;

/** The request of the POST that is being handled: its first event is made before anything is answered. */
const posted = new AsyncLocalStorage<RequestId | undefined>();

export class SessionTransport implements Transport {
  readonly #http: WebStandardStreamableHTTPServerTransport;
  readonly #handler: ReturnType<typeof toNodeHandler>;
  /** Requests of the client that are being answered here. */
  readonly #running = new Set<RequestId>();
  /** What is being written right now, for the events that it leaves. */
  #answering: RequestId | undefined;
  #reviving = false;
  #opening: RequestId | undefined;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: NonNullable<Transport['onmessage']>;

  constructor(private readonly services: TransportServices) {
    const { id, replica, events, ended } = services;
    const store = events.storeFor(
      (stream) => `${replica}-${stream}`,
      () => this.#answering ?? posted.getStore(),
    );
    this.#http = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      onsessionclosed: ended,
      eventStore: {
        ...store,
        storeEvent: (stream, message) => (this.#reviving ? Promise.resolve('') : store.storeEvent(stream, message)),
      },
    });
    this.#handler = toNodeHandler({ fetch: (request, options) => this.#http.handleRequest(request, options) });
  }

  get sessionId(): string {
    return this.services.id;
  }

  async start(): Promise<void> {
    this.#http.onclose = () => this.onclose?.();
    this.#http.onerror = (error) => this.onerror?.(error);
    this.#http.onmessage = (message, extra) => this.#receive(message as Message, extra);
    await this.#http.start();
  }

  setSupportedProtocolVersions(versions: string[]): void {
    this.#http.setSupportedProtocolVersions(versions);
  }

  async handle(req: IncomingMessage & { auth?: AuthInfo }, res: ServerResponse, body: unknown): Promise<void> {
    const request = isObject(body) && 'method' in body && isRequestId(body.id) ? body.id : undefined;
    if (isObject(body) && body.method === 'initialize') this.#opening = request;
    await posted.run(request, () => this.#handler(req, res as never, body));
  }

  /** Brings the server to where the session's first replica had it: by the same initialize, answered to nobody. */
  async revive({ protocolVersion, capabilities, clientInfo }: SessionRecord): Promise<void> {
    this.#reviving = true;
    const params = { protocolVersion, capabilities, clientInfo };
    const headers = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
    const initialize = { jsonrpc: '2.0', id: 'revive', method: 'initialize', params };
    const response = await this.#http.handleRequest(new Request('http://localhost/', { method: 'POST', headers }), {
      parsedBody: initialize,
    });
    await response.text();
    this.#reviving = false;
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    const outgoing = this.#named(message as Message);
    const answered = 'method' in outgoing ? undefined : (outgoing.id as RequestId);
    const request = answered ?? options?.relatedRequestId;
    if (request === undefined) return this.services.speak(outgoing);
    if (answered !== undefined && answered === this.#opening) {
      this.#opening = undefined;
      return this.#write(await this.#whenOpened(outgoing), options, request);
    }
    return this.#write(outgoing, options, request).finally(() => {
      if (answered !== undefined) this.#running.delete(answered);
    });
  }

  /** Whether a request is being answered here; with undefined, whether any is. */
  runs(request: RequestId | undefined): boolean {
    return request === undefined ? this.#running.size > 0 : this.#running.has(request);
  }

  /** The client listens elsewhere for what answers this request. */
  leaveStream(request: RequestId | undefined): void {
    if (request !== undefined) this.#http.closeSSEStream(request);
  }

  /** A message of the client's that came to another replica. False when nothing here waits for it. */
  deliver(message: Record<string, unknown>): boolean {
    const mine = this.#mine(message as Message);
    if (mine === undefined) return false;
    this.onmessage?.(mine);
    return true;
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  /** The event that this leaves is made before `send` first waits. */
  #write(message: JSONRPCMessage, options: TransportSendOptions | undefined, request: RequestId): Promise<void> {
    this.#answering = request;
    const written = this.#http.send(message, options);
    this.#answering = undefined;
    return written;
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
      this.#running.add(message.id);
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
    const elsewhere =
      message.method === 'notifications/cancelled' && !this.#running.delete(params.requestId as RequestId);
    return elsewhere ? undefined : message;
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

const isRequestId = (id: unknown): id is RequestId => typeof id === 'string' || typeof id === 'number';
