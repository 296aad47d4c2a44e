// One MCP endpoint over HTTP: who is calling, which protocol era, then the hot path, the SDK's stateless handler or a session.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, toAppError } from '@labmesh/contracts';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  type AuthInfo,
  classifyInboundRequest,
  createMcpHandler,
  isJsonContentType,
} from '@modelcontextprotocol/server';
import { BODY_BYTES_MAX, readBody } from '../http/body.js';
import { sendJson } from '../http/http-front.js';
import { type Authenticator, bearerOf } from '../identity/authenticator.js';
import type { CallLimits, Place } from '../limits/call-limits.js';
import type { FailedAttempts } from '../limits/failed-attempts.js';
import type { Refusals } from '../limits/refusals.js';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics.js';
import type { Reach } from '../presence/reach.js';
import type { Tracer } from '../tracing/tracer.js';
import { coalesced } from './coalesced.js';
import { answerFastCall, asFastCall } from './fast-call.js';
import { isObject, sendRpcError, tooDeep } from './json-rpc.js';
import { type McpServices, mcpServer } from './mcp-server.js';
import { RequestWatch, type WatchServices } from './request-watch.js';
import { Sessions } from './sessions.js';
import type { Caller } from './tool-caller.js';
import { scopeOf } from './toolset-scope.js';

/** Clients hear of changes at most this often, milliseconds. */
const LIST_CHANGE_MS = 200;

export interface EndpointServices extends McpServices {
  readonly authenticator: Authenticator;
  readonly log: Logger;
  readonly limits: CallLimits;
  readonly failedAttempts: FailedAttempts;
  readonly refusals: Refusals;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  /** Where RFC 9728 metadata of this endpoint is served. */
  readonly metadataUrl: string;
  /** Tells when what is listed has changed. */
  readonly reach: Pick<Reach, 'onChange'>;
  /** False leaves every request to the SDK: so tests can show that the hot path answers alike. */
  readonly hotPath?: boolean;
}

type AuthenticatedRequest = IncomingMessage & { auth?: AuthInfo };

const header = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

export class McpEndpoint {
  readonly #sessions: Sessions;
  readonly #stateless: ReturnType<typeof createMcpHandler>;
  readonly #changes = coalesced(() => this.#toolsChanged(), LIST_CHANGE_MS);
  readonly #unwatch: () => void;
  readonly #watching: WatchServices;

  constructor(private readonly services: EndpointServices) {
    this.#sessions = new Sessions(services);
    this.#stateless = createMcpHandler(() => mcpServer(services), { legacy: 'reject' });
    this.#unwatch = services.reach.onChange((agent) => {
      if (services.catalogue.agents.some(({ name }) => name === agent)) this.#changes.signal();
    });
    const { metrics, tracer, log, catalogue } = services;
    const open = { requests: 0, streams: 0 };
    this.#watching = { metrics, tracer, log, open, knows: (tool) => catalogue.find(tool) !== undefined };
    metrics.readings.add('sessions', () => this.#sessions.size);
    metrics.readings.add('requests', () => open.requests);
    metrics.readings.add('streams', () => open.streams);
  }

  async handle(req: AuthenticatedRequest, res: ServerResponse): Promise<void> {
    const started = performance.now();
    const known = await this.#authenticate(req, res);
    if (known === undefined) return;
    const caller = scoped(known, req, res);
    if (caller === undefined) return;
    if (req.method === 'GET' || req.method === 'DELETE') {
      this.#admit(req, res, caller);
      const watched = this.#watched(caller, { req, res, body: undefined, started });
      this.#identify(req, watched);
      return this.#sessions.handle(req, res, { caller: watched });
    }
    if (req.method !== 'POST') {
      res.setHeader('allow', 'GET, POST, DELETE');
      return sendRpcError(res, 405, -32000, 'Method not allowed');
    }
    const body = await this.#parse(req, res);
    if (body === undefined) return;
    const watched = this.#watched(caller, { req, res, body: body.value, started });
    this.#identify(req, watched);
    await this.#post(req, res, { caller: watched, body: body.value });
  }

  #identify(req: AuthenticatedRequest, caller: Caller): void {
    req.auth = {
      token: '',
      clientId: caller.principal.walletId,
      scopes: [...caller.principal.permissions],
      extra: { caller },
    };
  }

  #watched(caller: Caller, exchange: ConstructorParameters<typeof RequestWatch>[1]): Caller {
    if (exchange.res.closed) return caller;
    return { ...caller, watch: new RequestWatch(this.#watching, exchange) };
  }

  async close(): Promise<void> {
    this.#unwatch();
    this.#changes.stop();
    await Promise.all([this.#sessions.close(), this.#stateless.close()]);
  }

  /** Both eras: open subscriptions, and the streams of open sessions. */
  #toolsChanged(): void {
    this.#stateless.notify.toolsChanged();
    this.#sessions.toolsChanged();
  }

  async #post(
    req: AuthenticatedRequest,
    res: ServerResponse,
    { caller, body }: { caller: Caller; body: unknown },
  ): Promise<void> {
    const fast = this.services.hotPath === false ? undefined : asFastCall(req, body, this.services);
    if (fast !== undefined) return answerFastCall(fast, caller, this.services, res);
    this.#admit(req, res, caller, body);
    const era = classifyInboundRequest({
      httpMethod: 'POST',
      body,
      ...optionalHeaders(req),
    });
    if (era.kind === 'legacy') return this.#sessions.handle(req, res, { caller, body });
    const handler = toNodeHandler(this.#stateless, {
      onerror: (error) => this.services.log.error({ ...caller.watch?.ids, err: error }, 'MCP handler failed'),
    });
    await handler(req, res as never, body);
  }

  /**
   * A place for what is not a tool call; those have their own limits, nearer to the tool. Cancelling is always possible.
   * @throws AppError rate_limited, which answers 429
   */
  #admit(req: IncomingMessage, res: ServerResponse, { principal }: Caller, body?: unknown): void {
    const method = isObject(body) ? body.method : undefined;
    if (method === 'tools/call' || method === 'notifications/cancelled') return;
    const { limits, refusals } = this.services;
    try {
      limits.request(principal.walletId);
      if (req.method !== 'GET' && method !== 'subscriptions/listen') return;
      const place: Place = limits.openStream(principal.walletId);
      res.once('close', () => place.leave());
    } catch (error) {
      const { walletId, credentialId } = principal;
      refusals.note({ walletId, credentialId, agent: 'endpoint', tool: 'request' }, toAppError(error));
      throw error;
    }
  }

  /** An address that failed too often is asked for a token that is known to be good, and otherwise told when to come back. */
  #refuseGuessing(req: IncomingMessage, credential: string | undefined): void {
    const { authenticator, failedAttempts, refusals } = this.services;
    const address = req.socket.remoteAddress;
    const refusal = failedAttempts.refusal(address);
    if (refusal === undefined || (credential !== undefined && authenticator.knows(credential))) return;
    refusals.note({ walletId: null, credentialId: null, agent: 'endpoint', tool: 'authenticate' }, refusal, address);
    throw refusal;
  }

  /** Answers 401 with a challenge (RFC 6750, RFC 9728) and returns undefined when nobody can be made out. */
  async #authenticate(req: IncomingMessage, res: ServerResponse): Promise<Caller | undefined> {
    let credential: string | undefined;
    try {
      credential = bearerOf(req.headers.authorization);
      this.#refuseGuessing(req, credential);
      return { credential, principal: await this.services.authenticator.principalOf(credential) };
    } catch (error) {
      const failure = toAppError(error);
      if (failure.code !== 'unauthenticated') throw failure;
      if (credential === undefined) this.#refuseGuessing(req, undefined);
      this.services.failedAttempts.failed(req.socket.remoteAddress);
      const reason = req.headers.authorization === undefined ? '' : ', error="invalid_token"';
      const challenge = `Bearer resource_metadata="${this.services.metadataUrl}"${reason}`;
      sendJson(res, 401, failure.toShape(), { 'www-authenticate': challenge });
      req.resume();
      return undefined;
    }
  }

  /** Answers the specified error and returns undefined when the body is not one JSON message within bounds. */
  async #parse(req: IncomingMessage, res: ServerResponse): Promise<{ value: unknown } | undefined> {
    if (!isJsonContentType(header(req.headers['content-type']))) {
      sendRpcError(res, 415, -32000, 'Unsupported media type: send application/json');
      return undefined;
    }
    let text: string;
    try {
      text = (await readBody(req)).toString('utf8');
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'too_large') throw error;
      sendRpcError(res, 413, -32000, `The request body is larger than ${BODY_BYTES_MAX} bytes`);
      return undefined;
    }
    return parseMessage(text, res);
  }
}

/** The caller with what the address asks for. Answers 400 and returns undefined when it asks for a toolset that does not exist. */
function scoped(caller: Caller, req: IncomingMessage, res: ServerResponse): Caller | undefined {
  try {
    const scope = scopeOf(req.url);
    return scope === undefined ? caller : { ...caller, scope };
  } catch (error) {
    sendRpcError(res, 400, -32602, toAppError(error).message);
    req.resume();
    return undefined;
  }
}

function parseMessage(text: string, res: ServerResponse): { value: unknown } | undefined {
  if (tooDeep(text)) {
    sendRpcError(res, 400, -32600, 'Invalid request: the JSON nests too deeply');
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    sendRpcError(res, 400, -32700, 'Parse error: the body is not JSON');
    return undefined;
  }
  if (Array.isArray(value)) {
    sendRpcError(
      res,
      400,
      -32600,
      'Invalid request: batches are not part of this protocol, send one message per request',
    );
    return undefined;
  }
  return { value };
}

function optionalHeaders({ headers }: IncomingMessage): {
  protocolVersionHeader?: string;
  mcpMethodHeader?: string;
  mcpNameHeader?: string;
} {
  const version = header(headers['mcp-protocol-version']);
  const method = header(headers['mcp-method']);
  const name = header(headers['mcp-name']);
  return {
    ...(version === undefined ? {} : { protocolVersionHeader: version }),
    ...(method === undefined ? {} : { mcpMethodHeader: method }),
    ...(name === undefined ? {} : { mcpNameHeader: name }),
  };
}
