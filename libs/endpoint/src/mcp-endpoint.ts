// One MCP endpoint over HTTP: who is calling, which protocol era, then the hot path, the SDK's stateless handler or a session.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BY_ENDPOINT, toAppError } from '@labmesh/contracts';
import type { FailedAttempts, Metrics, Tracer } from '@labmesh/runtime';
import { type AuthInfo, classifyInboundRequest, createMcpHandler } from '@modelcontextprotocol/server';
import { Admission, type AdmissionServices } from './callers/admission.js';
import type { Authenticator } from './callers/authenticator.js';
import type { Caller } from './callers/caller.js';
import { CallerDoor } from './callers/caller-door.js';
import { scopeOf } from './callers/toolset-scope.js';
import { answerFastCall, asFastCall } from './fast-call.js';
import { answerFastList, asFastList } from './fast-list.js';
import type { Refusals } from './limits/refusals.js';
import { News, type NewsServices } from './news.js';
import { RequestWatch, type WatchServices } from './request-watch.js';
import { mcpServer } from './requests/mcp-server.js';
import { ListenStreams, readableOnly } from './requests/resource-subscriptions.js';
import { type SessionServices, Sessions } from './sessions/sessions.js';
import { headerOf, isObject, sendRpcError } from './wire/json-rpc.js';
import { paramMismatch, sendMismatch } from './wire/param-headers.js';
import { readMessage } from './wire/rpc-body.js';

export interface EndpointServices extends SessionServices, NewsServices, AdmissionServices {
  readonly authenticator: Authenticator;
  /** What this endpoint is to credentials that are bound to one place. */
  readonly audiences: readonly string[];
  readonly failedAttempts: FailedAttempts;
  readonly refusals: Refusals;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  /** False leaves every request to the SDK: so tests can show that the hot path answers alike. */
  readonly hotPath?: boolean;
}

type AuthenticatedRequest = IncomingMessage & { auth?: AuthInfo };

/** Requests that no limit nearer to a tool turned away are recorded under this name. */
const REQUEST = BY_ENDPOINT.request;

const UNCHARGED: ReadonlySet<unknown> = new Set(['tools/call', 'notifications/cancelled']);

export class McpEndpoint {
  readonly #door: CallerDoor;
  readonly #admission: Admission;
  readonly #sessions: Sessions;
  readonly #stateless: ReturnType<typeof createMcpHandler>;
  readonly #listens = new ListenStreams();
  readonly #news: News;
  readonly #watching: WatchServices;

  constructor(private readonly services: EndpointServices) {
    this.#door = new CallerDoor(services);
    this.#admission = new Admission(services);
    this.#sessions = new Sessions(services);
    this.#stateless = createMcpHandler(() => mcpServer(services), {
      legacy: 'reject',
      bus: this.#listens,
      // Streams have their places in the limits, which say by a 429 that there is none left.
      maxSubscriptions: Number.MAX_SAFE_INTEGER,
    });
    this.#news = new News(services, { listens: this.#listens, sessions: this.#sessions });
    const { metrics, tracer, log, catalogue } = services;
    const open = { requests: 0, streams: 0 };
    this.#watching = { metrics, tracer, log, open, knows: (tool) => catalogue.find(tool) !== undefined };
    metrics.readings.add('sessions', () => this.#sessions.size);
    metrics.readings.add('requests', () => open.requests);
    metrics.readings.add('streams', () => open.streams);
  }

  async handle(req: AuthenticatedRequest, res: ServerResponse): Promise<void> {
    const started = performance.now();
    const known = await this.#door.identify(req, res);
    if (known === undefined) return;
    const caller = scoped(known, req, res);
    if (caller === undefined) return;
    if (req.method === 'GET' || req.method === 'DELETE') {
      this.#admit(req, res, caller);
      const watched = this.#watched(caller, { req, res, body: undefined, started });
      presentTo(req, watched);
      return this.#sessions.handle(req, res, { caller: watched });
    }
    if (req.method !== 'POST') {
      res.setHeader('allow', 'GET, POST, DELETE');
      return sendRpcError(res, 405, { code: -32000, message: 'Method not allowed' });
    }
    const body = await readMessage(req, res);
    if (body === undefined) return;
    const watched = this.#watched(caller, { req, res, body: body.value, started });
    await this.#post(req, res, { caller: watched, body: body.value });
  }

  #watched(caller: Caller, exchange: ConstructorParameters<typeof RequestWatch>[1]): Caller {
    if (exchange.res.closed) return caller;
    const { principal, credential, scope } = caller;
    return { principal, credential, scope, watch: new RequestWatch(this.#watching, exchange) };
  }

  async close(): Promise<void> {
    this.#news.stop();
    await Promise.all([this.#sessions.close(), this.#stateless.close()]);
  }

  async #post(
    req: AuthenticatedRequest,
    res: ServerResponse,
    { caller, body }: { caller: Caller; body: unknown },
  ): Promise<void> {
    const mismatch = paramMismatch(req.headers, body, this.services.catalogue.paramHeaders);
    if (mismatch !== undefined) return sendMismatch(res, mismatch);
    const { hotPath = true } = this.services;
    const call = hotPath ? asFastCall(req, body, this.services) : undefined;
    if (call !== undefined) return answerFastCall(call, caller, this.services, res);
    this.#admit(req, res, caller, body);
    const list = hotPath ? asFastList(req, body) : undefined;
    if (list !== undefined) return answerFastList(list, caller, this.services, res);
    presentTo(req, caller);
    // A batch is of an era that has sessions; whether of this session’s is its own affair.
    const legacy =
      Array.isArray(body) ||
      classifyInboundRequest({ httpMethod: 'POST', body, ...optionalHeaders(req) }).kind === 'legacy';
    if (legacy) return this.#sessions.handle(req, res, { caller, body });
    // Its way to Node's server comes with Node's client for HTTP: more than a start must load.
    const { toNodeHandler } = await import('@modelcontextprotocol/node');
    const handler = toNodeHandler(this.#stateless, {
      onerror: (error) => this.services.log.error({ ...caller.watch?.ids, err: error }, 'MCP handler failed'),
    });
    if (!isObject(body) || body.method !== 'subscriptions/listen') return handler(req, res as never, body);
    const { catalogue, told } = this.services;
    told.note(caller, catalogue.listFor(caller.principal, caller.scope));
    const readable = await readableOnly(this.services, caller, body);
    await this.#listens.within(caller, () => handler(req, res as never, readable));
  }

  /**
   * A place for what is not a tool call; those have their own limits, nearer to the tool. Cancelling is always possible.
   * @throws AppError rate_limited, which answers 429
   */
  #admit(req: IncomingMessage, res: ServerResponse, { principal }: Caller, body?: unknown): void {
    const methods = (Array.isArray(body) ? body : [body]).map((message) =>
      isObject(message) ? message.method : undefined,
    );
    for (const method of methods) if (!UNCHARGED.has(method)) this.#admission.request(principal, REQUEST);
    if (req.method !== 'GET' && !methods.includes('subscriptions/listen')) return;
    this.#admission.stream(principal, REQUEST, res);
    const end = (): void => void res.destroy();
    res.once('close', this.#admission.watchRights(principal, { withdrawn: end, changed: end }));
  }
}

/** Puts the caller where the SDK and the sessions look for one. */
function presentTo(req: AuthenticatedRequest, caller: Caller): void {
  const { walletId, permissions } = caller.principal;
  req.auth = { token: '', clientId: walletId, scopes: [...permissions], extra: { caller } };
}

/** The caller with what the address asks for. Answers 400 and returns undefined when it asks for a toolset that does not exist. */
function scoped(caller: Caller, req: IncomingMessage, res: ServerResponse): Caller | undefined {
  try {
    const scope = scopeOf(req.url);
    return scope === undefined ? caller : { ...caller, scope };
  } catch (error) {
    sendRpcError(res, 400, { code: -32602, message: toAppError(error).message });
    req.resume();
    return undefined;
  }
}

function optionalHeaders({ headers }: IncomingMessage): {
  protocolVersionHeader?: string;
  mcpMethodHeader?: string;
  mcpNameHeader?: string;
} {
  const version = headerOf(headers['mcp-protocol-version']);
  const method = headerOf(headers['mcp-method']);
  const name = headerOf(headers['mcp-name']);
  return {
    ...(version === undefined ? {} : { protocolVersionHeader: version }),
    ...(method === undefined ? {} : { mcpMethodHeader: method }),
    ...(name === undefined ? {} : { mcpNameHeader: name }),
  };
}
