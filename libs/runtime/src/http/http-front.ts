// The HTTP server of a process: routes, Host and Origin checks, health, readiness, metrics. Small on purpose: it is on the hot path.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Slab } from '@labmesh/bus';
import { AppError, ERROR_CODES, type ErrorShape, errorShape } from '@labmesh/contracts';
import { validateHostHeader, validateOriginHeader } from '@modelcontextprotocol/server';
import { LRUCache } from 'lru-cache';
import type { LabConfig } from '../config.js';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics.js';
import { callIdOf } from './call-id.js';
import { type ConnectionLimits, Connections } from './connections.js';
import { received, receives } from './incoming-bodies.js';

export type Handler = (req: IncomingMessage, res: ServerResponse, path: string) => void | Promise<void>;

/** What is answered for a failure, in the words of whoever asks. */
export type Refusal = (shape: ErrorShape) => object;

const plainly: Refusal = (shape) => shape;

interface Route {
  readonly label: string;
  readonly handler: Handler;
  /** The body of a refusal here. */
  readonly refusal: Refusal;
  /** Answers whatever the Host: probes of an orchestrator use addresses that nobody can list. */
  readonly anyHost: boolean;
}

export interface FrontServices {
  readonly config: Pick<LabConfig, 'host' | 'port' | 'allowedHosts' | 'limits' | 'drain'>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** How long open requests may go on after the process was asked to stop, before long-lived streams are ended… */
const GRACE_MS = 500;
/** …how often connections that became idle meanwhile are closed… */
const SWEEP_MS = 50;
/** Headers of one request: bytes altogether, and how many. */
const HEADER_BYTES_MAX = 16 * 1024;
const HEADERS_MAX = 100;
/** The headers of a request must have come within this time; of its body, see incoming-bodies.ts… */
const HEADERS_MS = 20_000;
/** …as this often is checked. */
const CHECK_MS = 5_000;
/** An idle connection is closed after this; one that is silent is probed for a peer that is gone. */
const IDLE_MS = 65_000;
const PROBE_AFTER_MS = 30_000;

export class HttpFront {
  readonly #exact = new Map<string, Route>();
  readonly #prefixes: Array<{ prefix: string; route: Route }> = [];
  readonly #closers: Array<() => Promise<void>> = [];
  readonly #server: Server;
  readonly #connections: Connections;
  readonly #open = new Slab<ServerResponse>();
  /** Host headers that were found good: clients send the same one each time, and taking it apart costs microseconds. */
  readonly #goodHosts = new LRUCache<string, true>({ max: 100 });
  #draining = false;

  /** @param limits for tests; what is left out comes from the settings */
  constructor(
    private readonly services: FrontServices,
    limits: Partial<ConnectionLimits> = {},
  ) {
    const options = {
      maxHeaderSize: HEADER_BYTES_MAX,
      connectionsCheckingInterval: CHECK_MS,
      requestTimeout: 0,
      headersTimeout: HEADERS_MS,
      keepAliveTimeout: IDLE_MS,
      keepAlive: true,
      keepAliveInitialDelay: PROBE_AFTER_MS,
    };
    this.#server = createServer(options, (req, res) => void this.#serve(req, res));
    this.#server.maxHeadersCount = HEADERS_MAX;
    const { connections: total, connectionsPerAddress: perAddress } = services.config.limits;
    this.#connections = new Connections(this.#server, { total, perAddress, ...limits }, services.metrics.refused);
    this.probe('/metrics', async (_req, res) => {
      const text = await services.metrics.registry.metrics();
      res.writeHead(200, { 'content-type': services.metrics.registry.contentType }).end(text);
    });
    this.probe('/healthz', (_req, res) => sendJson(res, 200, { status: 'ok' }));
  }

  route(path: string, handler: Handler, refusal = plainly): this {
    this.#exact.set(path, { label: path, handler, refusal, anyHost: false });
    return this;
  }

  /** A route for machines that watch this one. It must tell nothing that needs a token. */
  probe(path: string, handler: Handler): this {
    this.#exact.set(path, { label: path, handler, refusal: plainly, anyHost: true });
    return this;
  }

  /** `close` ends long-lived streams; it runs when the process stops, after a short grace for calls under way. */
  onClose(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  /** Every path that starts with `prefix` and has no route of its own; the longest prefix wins. */
  prefix(prefix: string, handler: Handler): this {
    this.#prefixes.push({ prefix, route: { label: `${prefix}*`, handler, refusal: plainly, anyHost: false } });
    this.#prefixes.sort((a, b) => b.prefix.length - a.prefix.length);
    return this;
  }

  /** @returns the port in use. @throws AppError conflict when it is taken */
  listen(): Promise<number> {
    const { host, port } = this.services.config;
    return new Promise((resolve, reject) => {
      this.#server.once('error', (cause: NodeJS.ErrnoException) => {
        const why = cause.code === 'EADDRINUSE' ? `port ${port} on ${host} is in use` : cause.message;
        reject(new AppError('conflict', `Cannot listen: ${why}. Stop what uses it, or set PORT to another`, { cause }));
      });
      this.#server.listen(port, host, () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  /** True once the process was asked to stop: it still answers, and tells everybody to go elsewhere. */
  get draining(): boolean {
    return this.#draining;
  }

  /**
   * Readiness turns first, and each answer from now on closes its connection. New requests are still taken for a while,
   * so that whoever sends them has seen it; then open ones may finish, within a bound.
   */
  async close(): Promise<void> {
    const { leadMs, boundMs } = this.services.config.drain;
    this.#draining = true;
    for (const res of this.#open.values()) if (!res.headersSent) res.setHeader('connection', 'close');
    if (leadMs > 0) await new Promise((resolve) => setTimeout(resolve, leadMs));
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    // A connection whose last answer is out becomes idle only now and then: look again until none is left.
    const sweep = setInterval(() => this.#server.closeIdleConnections(), SWEEP_MS);
    const endStreams = setTimeout(() => void Promise.allSettled(this.#closers.map((close) => close())), GRACE_MS);
    const force = setTimeout(() => this.#server.closeAllConnections(), boundMs);
    await closed;
    clearInterval(sweep);
    clearTimeout(endStreams);
    clearTimeout(force);
    this.#connections.close();
  }

  async #serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = req.url ?? '/';
    const query = url.indexOf('?');
    const path = query === -1 ? url : url.slice(0, query);
    const route = this.#exact.get(path) ?? this.#prefixes.find(({ prefix }) => path.startsWith(prefix))?.route;
    receives(req, res);
    const place = this.#open.add(res);
    res.on('close', () => {
      this.#open.remove(place);
      received(res);
      if (res.writableFinished) this.services.metrics.http(route?.label ?? '(none)', res.statusCode);
    });
    if (this.#draining) res.setHeader('connection', 'close');
    try {
      if (req.rawHeaders.length > 2 * HEADERS_MAX) return tooManyHeaders(res);
      if (route?.anyHost !== true) this.#checkSource(req);
      if (route === undefined) throw new AppError('not_found', `Nothing is at ${path.slice(0, 200)}`);
      await route.handler(req, res, path);
    } catch (error) {
      this.#fail(res, error, route?.refusal);
    }
  }

  /** Before anything is read: a page of another site, or a name rebound to this address, gets nothing. */
  #checkSource({ headers }: IncomingMessage): void {
    const { host = '', origin } = headers;
    if (origin === undefined && this.#goodHosts.has(host)) return;
    const hosts = [...this.services.config.allowedHosts];
    if (!validateHostHeader(host, hosts).ok)
      throw new AppError('forbidden', 'This Host is not one of the lab’s: see LABMESH_ALLOWED_HOSTS');
    if (!validateOriginHeader(origin, hosts).ok)
      throw new AppError('forbidden', 'Requests from this Origin are not accepted: see LABMESH_ALLOWED_HOSTS');
    this.#goodHosts.set(host, true);
  }

  #fail(res: ServerResponse, error: unknown, refusal = plainly): void {
    const shape = errorShape(error);
    if (shape.code === 'internal') this.services.log.error({ callId: callIdOf(res), err: error }, 'request failed');
    if (res.headersSent) {
      res.destroy();
      return;
    }
    if (shape.code === 'deadline_exceeded') res.setHeader('connection', 'close');
    sendJson(res, ERROR_CODES[shape.code].http, refusal(shape), retryAfter(shape));
  }
}

/** Node reads no more headers than its maximum: what it left out might be the one that matters. */
function tooManyHeaders(res: ServerResponse): void {
  const message = `The request has more than ${HEADERS_MAX} headers`;
  sendJson(res, 431, { code: 'too_large', message }, { connection: 'close' });
}

/** `Retry-After`, in whole seconds, for a refusal that says when to come back. */
export function retryAfter({ details }: ErrorShape): Record<string, string> {
  const retryAfterMs = (details as { retryAfterMs?: unknown } | undefined)?.retryAfterMs;
  return typeof retryAfterMs === 'number'
    ? { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) }
    : {};
}

export function sendJson(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  res
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers })
    .end(JSON.stringify(body));
}
