// Sessions of the 2025 protocol eras. A session belongs to the wallet that opened it: to others it does not exist.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { type AuthInfo, isInitializeRequest, type Server } from '@modelcontextprotocol/server';
import { sendRpcError } from './json-rpc.js';
import { type McpServices, mcpServer } from './mcp-server.js';
import type { Caller } from './tool-caller.js';
import type { ToolScope } from './toolset-scope.js';

interface Session {
  readonly walletId: string;
  readonly transport: NodeStreamableHTTPServerTransport;
  readonly server: Server;
  /** What initialize asked for holds for the whole session. */
  readonly scope: ToolScope | undefined;
  lastUsedMs: number;
  open: number;
}

/** Sessions unused for this long are ended. */
const IDLE_MS = 60 * 60_000;
const SWEEP_MS = 60_000;
/** Most sessions per process, and per wallet: beyond it the longest unused one ends. */
const SESSIONS_MAX = 10_000;
const SESSIONS_PER_WALLET_MAX = 200;

export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #sweeper = setInterval(() => this.#sweep(), SWEEP_MS).unref();

  constructor(private readonly services: McpServices) {}

  async handle(
    req: IncomingMessage & { auth?: AuthInfo },
    res: ServerResponse,
    request: { caller: Caller; body?: unknown },
  ): Promise<void> {
    const id = req.headers['mcp-session-id'];
    const session = typeof id === 'string' ? this.#sessions.get(id) : undefined;
    if (session !== undefined && session.walletId === request.caller.principal.walletId) {
      if (req.auth !== undefined) req.auth.extra = { caller: { ...request.caller, scope: session.scope } };
      session.lastUsedMs = Date.now();
      session.open += 1;
      res.once('close', () => {
        session.open -= 1;
        session.lastUsedMs = Date.now();
      });
      return session.transport.handleRequest(req, res, request.body);
    }
    if (id !== undefined) return sendRpcError(res, 404, -32001, 'Session not found: open a new one with initialize');
    if (req.method === 'POST' && isInitializeRequest(request.body))
      return this.#open(req, res, { caller: request.caller, body: request.body });
    return sendRpcError(
      res,
      400,
      -32600,
      'Mcp-Session-Id is required: open a session with initialize, or use protocol 2026-07-28, which needs none',
    );
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Tells every session whose client listens. */
  toolsChanged(): void {
    for (const { server } of this.#sessions.values()) void server.sendToolListChanged().catch(() => {});
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    await Promise.all([...this.#sessions.values()].map(({ transport }) => transport.close()));
    this.#sessions.clear();
  }

  async #open(req: IncomingMessage, res: ServerResponse, request: { caller: Caller; body: unknown }): Promise<void> {
    const { scope, principal } = request.caller;
    const { walletId } = principal;
    this.#makeRoom(walletId);
    const server = mcpServer(this.services);
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) =>
        void this.#sessions.set(id, { walletId, scope, server, transport, lastUsedMs: Date.now(), open: 0 }),
      onsessionclosed: (id) => void this.#sessions.delete(id),
    });
    await server.connect(transport);
    await transport.handleRequest(req, res, request.body);
  }

  #makeRoom(walletId: string): void {
    const own = [...this.#sessions].filter(([, session]) => session.walletId === walletId);
    if (own.length >= SESSIONS_PER_WALLET_MAX) this.#endOldest(own);
    if (this.#sessions.size >= SESSIONS_MAX) this.#endOldest([...this.#sessions]);
  }

  #endOldest(sessions: Array<[string, Session]>): void {
    const [oldest] = sessions.sort(([, a], [, b]) => a.lastUsedMs - b.lastUsedMs);
    if (oldest !== undefined) this.#end(...oldest);
  }

  #sweep(): void {
    const before = Date.now() - IDLE_MS;
    for (const [id, session] of this.#sessions)
      if (session.open === 0 && session.lastUsedMs < before) this.#end(id, session);
  }

  #end(id: string, session: Session): void {
    this.#sessions.delete(id);
    void session.transport.close().catch(() => {});
  }
}
