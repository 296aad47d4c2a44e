// One session as this replica serves it. What it is stands in its record, which all replicas share; here is only what is open.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthInfo, JSONRPCMessage, Server } from '@modelcontextprotocol/server';
import type { Caller } from '../callers/caller.js';
import { scopeOf, type ToolScope } from '../callers/toolset-scope.js';
import type { EventStream } from './event-stream.js';
import { type SessionEvents, STANDALONE } from './session-events.js';
import type { OwnSession, SessionRecord } from './session-record.js';
import type { KeptSession, SessionStore } from './session-store.js';
import type { SessionTransport } from './session-transport.js';

/** A record in use is written anew this often, so that it stays. */
const TOUCH_MS = 5 * 60_000;

export interface SessionParts {
  readonly id: string;
  readonly server: Server;
  readonly transport: SessionTransport;
  readonly events: SessionEvents;
  readonly store: SessionStore;
  /** Tells the other replicas what the record is now. */
  readonly changed: (kept: KeptSession) => void;
  /** Ends it at every replica. */
  readonly ended: () => Promise<void>;
}

export class Session implements OwnSession {
  /** The stream on which the lab speaks unasked, while its client listens here. */
  stream: EventStream | undefined;
  /** Who listens there. */
  listener: Caller | undefined;
  /** The client listened here last: then this replica alone says what there is to say, also while the stream is away. */
  speaks = false;
  /** Exchanges under way. */
  open = 0;
  lastUsedMs = Date.now();
  #touchedMs = Date.now();
  /** The toolsets it was opened with. */
  readonly scope: ToolScope | undefined;

  constructor(
    readonly parts: SessionParts,
    private kept: KeptSession,
    /** It was opened at another replica, or long ago. */
    public revived: boolean,
  ) {
    const { toolsets } = kept.record;
    this.scope = toolsets === null ? undefined : scopeOf(`/?toolsets=${encodeURIComponent(toolsets)}`);
  }

  get id(): string {
    return this.parts.id;
  }

  get record(): SessionRecord {
    return this.kept.record;
  }

  get logLevel(): SessionRecord['logLevel'] {
    return this.record.logLevel;
  }

  get subscriptions(): readonly string[] {
    return this.record.subscriptions;
  }

  async change(next: (record: SessionRecord) => SessionRecord): Promise<void> {
    this.hear(await this.parts.store.change(this.id, next));
    this.parts.changed(this.kept);
  }

  /** Takes what the record is now, unless it is older than what is known. */
  hear(kept: KeptSession): void {
    if (kept.revision > this.kept.revision) this.kept = kept;
  }

  /** Handles a POST or DELETE. */
  async handle(
    req: IncomingMessage & { auth?: AuthInfo },
    res: ServerResponse,
    { caller, body }: { caller: Caller; body?: unknown },
  ): Promise<void> {
    if (req.auth !== undefined) req.auth.extra = { caller: { ...caller, scope: this.scope, session: this } };
    this.use(res);
    if (req.method !== 'DELETE') return this.parts.transport.handle(req, res, body);
    await this.parts.ended();
    res.writeHead(200).end();
    await this.close();
  }

  /** The session is in use until `res` closes. */
  use(res: ServerResponse): void {
    this.lastUsedMs = Date.now();
    this.open += 1;
    res.once('close', () => {
      this.open -= 1;
      this.lastUsedMs = Date.now();
    });
  }

  /** Keeps the record from being forgotten. @throws AppError not_found when the session has ended */
  async touch(): Promise<void> {
    const used = this.open > 0 || this.lastUsedMs > this.#touchedMs;
    if (!used || Date.now() - this.#touchedMs < TOUCH_MS) return;
    this.#touchedMs = Date.now();
    this.hear(await this.parts.store.change(this.id, (record) => record));
  }

  /** Says it on the session's own stream, to whoever listens now or comes back. */
  async speak(message: JSONRPCMessage | null): Promise<void> {
    const id = await this.parts.events.add(STANDALONE, message);
    this.stream?.live({ id, message });
  }

  /** As `close`, but what is being answered and could not be asked for again is answered first. */
  async finish(): Promise<void> {
    this.stream?.end();
    await this.parts.transport.finish();
    await this.close();
  }

  /** Ends it here; what others have of it stays. */
  async close(): Promise<void> {
    this.stream?.end();
    this.stream = undefined;
    this.speaks = false;
    await this.parts.transport.close().catch(() => {});
  }
}
