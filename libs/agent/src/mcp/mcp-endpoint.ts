// One MCP endpoint over HTTP: who is calling, which protocol era, then the hot path, the SDK's stateless handler or a session.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, expandUri, librarian, toAppError } from '@labmesh/contracts';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  type AuthInfo,
  classifyInboundRequest,
  createMcpHandler,
  isJsonContentType,
} from '@modelcontextprotocol/server';
import type { ChangeFeed, Changes } from '../changes/change-feed.js';
import { BODY_BYTES_MAX, readBody } from '../http/body.js';
import type { Authenticator } from '../identity/authenticator.js';
import { CallerDoor } from '../identity/caller-door.js';
import type { ChangedRoles } from '../identity/changed-roles.js';
import type { Policies } from '../identity/policies.js';
import type { RevokedCredentials } from '../identity/revoked-credentials.js';
import type { CallLimits, Place } from '../limits/call-limits.js';
import type { FailedAttempts } from '../limits/failed-attempts.js';
import type { Refusals } from '../limits/refusals.js';
import type { Metrics } from '../metrics.js';
import type { Reach } from '../presence/reach.js';
import type { Restrictions } from '../restrictions/restrictions.js';
import type { Tracer } from '../tracing/tracer.js';
import { coalesced } from './coalesced.js';
import { answerFastCall, asFastCall } from './fast-call.js';
import { answerFastList, asFastList } from './fast-list.js';
import { isObject, sendRpcError, tooDeep } from './json-rpc.js';
import { mcpServer } from './mcp-server.js';
import { paramMismatch, sendMismatch } from './param-headers.js';
import { RequestWatch, type WatchServices } from './request-watch.js';
import { ListenStreams, mayHear, readableOnly } from './resource-subscriptions.js';
import { type SessionServices, Sessions } from './sessions/sessions.js';
import type { Caller } from './tool-caller.js';
import { scopeOf } from './toolset-scope.js';

/** Clients hear of changes at most this often, milliseconds. */
const LIST_CHANGE_MS = 200;

export interface EndpointServices extends SessionServices {
  readonly authenticator: Authenticator;
  /** What this endpoint is to credentials that are bound to one place. */
  readonly audiences: readonly string[];
  readonly limits: CallLimits;
  readonly failedAttempts: FailedAttempts;
  readonly refusals: Refusals;
  readonly revoked: RevokedCredentials;
  readonly roles: ChangedRoles;
  /** Tells when somebody may do more or less than before. */
  readonly policies: Pick<Policies, 'onChange'>;
  readonly restrictions: Restrictions;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  /** Where RFC 9728 metadata of this endpoint is served. */
  readonly metadataUrl: string;
  /** Tells when what is listed has changed. */
  readonly reach: Pick<Reach, 'onChange'>;
  /** Tells what has changed behind the addresses of resources. */
  readonly changes: Pick<ChangeFeed, 'onChange'>;
  /** False leaves every request to the SDK: so tests can show that the hot path answers alike. */
  readonly hotPath?: boolean;
}

type AuthenticatedRequest = IncomingMessage & { auth?: AuthInfo };

const header = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

export class McpEndpoint {
  readonly #door: CallerDoor;
  readonly #sessions: Sessions;
  readonly #stateless: ReturnType<typeof createMcpHandler>;
  readonly #changes = coalesced(() => this.#toolsChanged(), LIST_CHANGE_MS);
  readonly #listens = new ListenStreams();
  readonly #unwatch: Array<() => void>;
  readonly #watching: WatchServices;

  constructor(private readonly services: EndpointServices) {
    this.#door = new CallerDoor(services);
    this.#sessions = new Sessions(services);
    this.#stateless = createMcpHandler(() => mcpServer(services), {
      legacy: 'reject',
      bus: this.#listens,
      // Streams have their places in the limits, which say by a 429 that there is none left.
      maxSubscriptions: Number.MAX_SAFE_INTEGER,
    });
    this.#unwatch = [
      services.reach.onChange((agent) => {
        if (services.catalogue.agents.some(({ name }) => name === agent)) this.#changes.signal();
        this.#resourcesChanged({
          uris: new Set([expandUri(librarian.resources.agent.uri, { name: agent })]),
          lists: new Set(),
        });
      }),
      services.policies.onChange(() => this.#changes.signal()),
      services.changes.onChange((changes) => this.#resourcesChanged(changes)),
    ];
    const { metrics, tracer, log, catalogue } = services;
    const open = { requests: 0, streams: 0 };
    this.#watching = { metrics, tracer, log, open, knows: (tool) => catalogue.find(tool) !== undefined };
    metrics.readings.add('sessions', () => this.#sessions.size);
    metrics.readings.add('requests', () => open.requests);
    metrics.readings.add('streams', () => open.streams);
  }

  async handle(req: AuthenticatedRequest, res: ServerResponse): Promise<void> {
    const started = performance.now();
    const known = await this.#door.callerOf(req, res, this.services.metadataUrl);
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
    await this.#post(req, res, { caller: watched, body: body.value });
  }

  /** Where the SDK and the sessions look for the caller. */
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
    const { principal, credential, scope } = caller;
    return { principal, credential, scope, watch: new RequestWatch(this.#watching, exchange) };
  }

  async close(): Promise<void> {
    for (const unwatch of this.#unwatch) unwatch();
    this.#changes.stop();
    await Promise.all([this.#sessions.close(), this.#stateless.close()]);
  }

  /** Both eras: open subscriptions, and the streams of open sessions. An agent that comes or goes brings its resources with it. */
  #toolsChanged(): void {
    this.#stateless.notify.toolsChanged();
    this.#sessions.tell(
      () => true,
      ({ parts: { server } }) => server.sendToolListChanged(),
    );
    this.#resourcesChanged({ uris: new Set(), lists: new Set([null]) });
  }

  /** Tells who follows these addresses and may read them, and whose list of resources is another now. */
  #resourcesChanged({ uris, lists }: Changes): void {
    const { offers } = this.services;
    if (offers.resources.length === 0) return;
    for (const uri of uris) {
      this.#listens.tell({ kind: 'resource_updated', uri }, ({ principal }) => mayHear(offers, principal, uri));
      this.#sessions.tell(
        ({ principal }, { subscriptions }) => subscriptions.includes(uri) && mayHear(offers, principal, uri),
        ({ parts: { server } }) => server.sendResourceUpdated({ uri }),
      );
    }
    if (lists.size === 0) return;
    const concerns = ({ principal }: Caller): boolean => lists.has(null) || lists.has(principal.walletId);
    this.#listens.tell({ kind: 'resources_list_changed' }, concerns);
    this.#sessions.tell(concerns, ({ parts: { server } }) => server.sendResourceListChanged());
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
    this.#identify(req, caller);
    const era = classifyInboundRequest({
      httpMethod: 'POST',
      body,
      ...optionalHeaders(req),
    });
    if (era.kind === 'legacy') return this.#sessions.handle(req, res, { caller, body });
    const handler = toNodeHandler(this.#stateless, {
      onerror: (error) => this.services.log.error({ ...caller.watch?.ids, err: error }, 'MCP handler failed'),
    });
    if (!isObject(body) || body.method !== 'subscriptions/listen') return handler(req, res as never, body);
    const readable = await readableOnly(this.services, caller, body);
    await this.#listens.within(caller, () => handler(req, res as never, readable));
  }

  /**
   * A place for what is not a tool call; those have their own limits, nearer to the tool. Cancelling is always possible.
   * @throws AppError rate_limited, which answers 429
   */
  #admit(req: IncomingMessage, res: ServerResponse, { principal }: Caller, body?: unknown): void {
    const method = isObject(body) ? body.method : undefined;
    if (method === 'tools/call' || method === 'notifications/cancelled') return;
    const { limits, refusals, revoked, roles, restrictions } = this.services;
    try {
      limits.request(principal.walletId);
      if (req.method !== 'GET' && method !== 'subscriptions/listen') return;
      const blocked = restrictions.blocked(principal);
      if (blocked !== undefined) throw blocked;
      const place: Place = limits.openStream(principal.walletId);
      const end = (): void => void res.destroy();
      const forgets = [
        revoked.whenRevoked(principal.credentialId, end),
        roles.whenChanged(principal.walletId, end),
        restrictions.whenStopped(principal.walletId, end),
      ];
      res.once('close', () => {
        place.leave();
        for (const forget of forgets) forget();
      });
    } catch (error) {
      const { walletId, credentialId } = principal;
      refusals.note({ walletId, credentialId, agent: 'endpoint', tool: 'request' }, toAppError(error));
      throw error;
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
