// Sessions of the 2025 protocol eras, at any replica. A session belongs to the wallet that opened it: to others it does not exist.
// Here are those that this replica serves; a session that is known elsewhere is taken up when its client comes.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EventLog, KeyValue } from '@labmesh/bus';
import { toAppError } from '@labmesh/contracts';
import type { Logger } from '@labmesh/runtime';
import type { AuthInfo } from '@modelcontextprotocol/server';
import type { Caller } from '../callers/caller.js';
import type { McpServices } from '../endpoint-services.js';
import { mcpServer } from '../requests/mcp-server.js';
import { echoableId, isInitialize, sendRpcError } from '../wire/json-rpc.js';
import { Session } from './session.js';
import { SessionEvents } from './session-events.js';
import type { PeerNews, PeerQuestion, SessionPeer, SessionPeers } from './session-peers.js';
import { refusesHeaders } from './session-headers.js';
import type { SessionRecord } from './session-record.js';
import { IDLE_MS, type KeptSession, SessionStore } from './session-store.js';
import { SessionStreams } from './session-streams.js';
import { SessionTransport } from './session-transport.js';

const SWEEP_MS = 60_000;
/** Most sessions at once in this process, and of one wallet: beyond it the longest unused one ends. */
const SESSIONS_MAX = 10_000;
const SESSIONS_PER_WALLET_MAX = 200;

type Request = { readonly caller: Caller; readonly body?: unknown };
type AuthenticatedRequest = IncomingMessage & { auth?: AuthInfo };

const SESSION_GONE = { code: -32001, message: 'Session not found: open a new one with initialize' };
const SESSION_WANTED = {
  code: -32600,
  message:
    'Mcp-Session-Id is required: open a session with initialize, or use protocol 2026-07-28, which needs none and has no batches',
};

export interface SessionServices extends McpServices {
  readonly peers: SessionPeers;
  readonly records: KeyValue;
  readonly sessionEvents: EventLog;
  readonly log: Logger;
}

export class Sessions implements SessionPeer {
  readonly #sessions = new Map<string, Session>();
  /** Sessions being taken up: who comes meanwhile waits for the same. */
  readonly #reviving = new Map<string, Promise<Session | undefined>>();
  readonly #sweeper = setInterval(() => void this.#sweep(), SWEEP_MS).unref();
  readonly #store: SessionStore;
  readonly #streams: SessionStreams;
  readonly #leave: () => void;

  constructor(private readonly services: SessionServices) {
    this.#store = new SessionStore(services.records);
    this.#streams = new SessionStreams(services.peers);
    this.#leave = services.peers.join(this);
  }

  get size(): number {
    return this.#sessions.size;
  }

  async handle(req: AuthenticatedRequest, res: ServerResponse, request: Request): Promise<void> {
    if (refusesHeaders(req, res)) return;
    const id = req.headers['mcp-session-id'];
    if (typeof id === 'string') {
      const session = await this.#find(id, request.caller);
      if (session === undefined) return sendRpcError(res, 404, SESSION_GONE);
      if (req.method === 'GET') return this.#streams.open(req, res, { session, caller: request.caller });
      return session.handle(req, res, request);
    }
    if (req.method === 'POST' && isInitialize(request.body))
      return this.#open(req, res, { caller: request.caller, body: request.body });
    return sendRpcError(res, 400, { ...SESSION_WANTED, id: echoableId(request.body) });
  }

  /** Tells something to every session whose client listened here last, where `to` chooses it. */
  tell(to: (listener: Caller, session: Session) => boolean, say: (session: Session) => Promise<void>): void {
    for (const session of this.#sessions.values())
      if (session.speaks && session.listener !== undefined && to(session.listener, session))
        void say(session).catch(() => {});
  }

  hear(news: PeerNews): void {
    const session = this.#sessions.get(news.session);
    if (session === undefined) return;
    if (news.kind === 'changed') session.hear(news);
    else if (news.kind === 'message') session.parts.transport.deliver(news.message);
    else if (news.kind === 'ended') void this.#drop(session);
    else {
      session.speaks = false;
      session.stream?.end();
    }
  }

  answer(question: PeerQuestion): boolean {
    const transport = this.#sessions.get(question.session)?.parts.transport;
    if (transport === undefined) return false;
    if (question.kind === 'deliver') return transport.deliver(question.message);
    transport.leaveStream(question.request);
    return transport.runs(question.request);
  }

  /** Sessions stay: another replica goes on with them. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    this.#leave();
    await Promise.all([...this.#sessions.values()].map((session) => session.finish()));
    this.#sessions.clear();
  }

  /** The session, where it is this caller's; taken up from its record when this replica does not have it. */
  async #find(id: string, { principal }: Caller): Promise<Session | undefined> {
    const known = this.#sessions.get(id) ?? (await this.#revive(id, principal.walletId));
    return known?.record.walletId === principal.walletId ? known : undefined;
  }

  #revive(id: string, walletId: string): Promise<Session | undefined> {
    const under = this.#reviving.get(id);
    if (under !== undefined) return under;
    const reviving = this.#takeUp(id, walletId).finally(() => this.#reviving.delete(id));
    this.#reviving.set(id, reviving);
    return reviving;
  }

  async #takeUp(id: string, walletId: string): Promise<Session | undefined> {
    const kept = await this.#store.find(id);
    const { name: endpoint } = this.services.identity;
    if (kept === undefined || kept.record.walletId !== walletId || kept.record.endpoint !== endpoint) return undefined;
    this.#makeRoom(walletId);
    const session = await this.#assemble(id, kept, true);
    await session.parts.transport.revive(kept.record);
    this.#sessions.set(id, session);
    return session;
  }

  async #open(req: AuthenticatedRequest, res: ServerResponse, request: Request): Promise<void> {
    const { scope, principal } = request.caller;
    this.#makeRoom(principal.walletId);
    const record: SessionRecord = {
      walletId: principal.walletId,
      endpoint: this.services.identity.name,
      // What initialize brings; known before it is answered.
      protocolVersion: '',
      capabilities: {},
      clientInfo: { name: '', version: '' },
      toolsets: scope?.key ?? null,
      logLevel: null,
      subscriptions: [],
    };
    const session = await this.#assemble(randomUUID(), { record, revision: 0 }, false);
    res.once('close', () => {
      if (!this.#sessions.has(session.id)) void session.close();
    });
    await session.handle(req, res, request);
  }

  async #assemble(id: string, kept: KeptSession, revived: boolean): Promise<Session> {
    const { peers, sessionEvents, log } = this.services;
    const events = new SessionEvents(sessionEvents, id, log);
    const server = mcpServer(this.services);
    const transport: SessionTransport = new SessionTransport({
      id,
      replica: peers.replica,
      events,
      version: () => session.record.protocolVersion,
      speak: (message) => session.speak(message),
      passOn: (replica, message) => this.#passOn(id, replica, message),
      opened: () => this.#opened(session),
    });
    const changed = ({ record, revision }: KeptSession): void =>
      peers.tell({ kind: 'changed', session: id, record, revision });
    const session: Session = new Session(
      { id, server, transport, events, store: this.#store, changed, ended: () => this.#end(session) },
      kept,
      revived,
    );
    await server.connect(transport);
    return session;
  }

  async #opened(session: Session): Promise<void> {
    const { server } = session.parts;
    session.hear(
      await this.#store.open(session.id, {
        ...session.record,
        protocolVersion: server.getNegotiatedProtocolVersion() ?? '',
        capabilities: { ...server.getClientCapabilities() },
        clientInfo: { name: '', version: '', ...server.getClientVersion() },
      }),
    );
    this.#sessions.set(session.id, session);
  }

  #passOn(session: string, replica: string | undefined, message: Record<string, unknown>): void {
    const { peers, log } = this.services;
    if (replica === undefined) peers.tell({ kind: 'message', session, message });
    else
      peers
        .ask(replica, { kind: 'deliver', session, message })
        .catch((error: unknown) =>
          log.warn({ err: error }, 'an answer of a client did not reach the replica that waits'),
        );
  }

  #makeRoom(walletId: string): void {
    const own = [...this.#sessions.values()].filter(({ record }) => record.walletId === walletId);
    if (own.length >= SESSIONS_PER_WALLET_MAX) this.#endOldest(own);
    if (this.#sessions.size >= SESSIONS_MAX) this.#endOldest([...this.#sessions.values()]);
  }

  #endOldest(sessions: Session[]): void {
    const [oldest] = sessions.sort((a, b) => a.lastUsedMs - b.lastUsedMs);
    if (oldest === undefined) return;
    this.#sessions.delete(oldest.id);
    void this.#end(oldest).then(() => oldest.close());
  }

  /** What nobody uses here is let go; its record ends by itself when nobody uses it anywhere. */
  async #sweep(): Promise<void> {
    const before = Date.now() - IDLE_MS;
    for (const session of [...this.#sessions.values()]) {
      if (session.open === 0 && session.lastUsedMs < before) await this.#drop(session);
      else
        await session.touch().catch(async (error: unknown) => {
          if (toAppError(error).code === 'not_found') await this.#drop(session);
        });
    }
  }

  /** Ends it at every replica. */
  async #end({ id, parts: { events } }: Session): Promise<void> {
    this.#sessions.delete(id);
    const { peers, log } = this.services;
    peers.tell({ kind: 'ended', session: id });
    try {
      await this.#store.end(id);
      await events.forget();
    } catch (error) {
      log.warn({ err: error }, 'a session that ended is kept until it is forgotten');
    }
  }

  #drop(session: Session): Promise<void> {
    this.#sessions.delete(session.id);
    return session.close();
  }
}
