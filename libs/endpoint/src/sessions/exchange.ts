// What one POST of a session asked, and how it is answered: as JSON, unless something is to be said before the answer. Then the
// answer is a stream, whose events are kept, so that a client whose connection broke off goes on with it by GET at any replica.

import type { ServerResponse } from 'node:http';
import { failureOf } from '@labmesh/contracts';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { fitting } from '../wire/event-bounds.js';
import type { RequestId } from '../wire/json-rpc.js';
import { EventStream } from './event-stream.js';
import { knowsEmptyEvents, type SessionEvents } from './session-events.js';

export interface ExchangeParts {
  readonly session: string;
  /** Of the session's protocol. */
  readonly version: () => string;
  readonly events: SessionEvents;
  /** The name of the stream that it may become. */
  readonly stream: string;
  /** A batch is answered by an array. */
  readonly batch: boolean;
  /** What answers those of its parts that were no message at all. */
  readonly refused: readonly JSONRPCMessage[];
}

export class Exchange {
  readonly #awaited: Map<RequestId, string>;
  /** What is answered as long as nothing streams. */
  readonly #answers: JSONRPCMessage[];
  #stream: EventStream | undefined;
  #written: Promise<void> = Promise.resolve();

  /** @param requests their ids and methods */
  constructor(
    private readonly res: ServerResponse,
    private readonly parts: ExchangeParts,
    requests: ReadonlyMap<RequestId, string>,
  ) {
    this.#awaited = new Map(requests);
    this.#answers = [...parts.refused];
  }

  /** Says something before the answer to a request. @throws AppError too_large for what cannot be sent */
  say(message: JSONRPCMessage, request: RequestId): Promise<void> {
    const said = fitting(message);
    this.#openFor(request);
    return this.#write(said, request);
  }

  async answer(message: JSONRPCMessage, request: RequestId): Promise<void> {
    const asked = this.#awaited.get(request);
    if (!this.#awaited.delete(request)) return;
    if (this.#stream === undefined) this.#answers.push(message);
    else await this.#write(fitting(message, asked), request);
    await this.#endWhenAnswered();
  }

  /** The client wants no answer to this request any more. */
  async giveUp(request: RequestId): Promise<void> {
    if (this.#awaited.delete(request)) await this.#endWhenAnswered();
  }

  /** The client listens elsewhere. */
  leave(): void {
    this.#stream?.end();
  }

  /** Nothing more is going to be answered here. */
  async end(): Promise<void> {
    if (this.#stream === undefined)
      for (const id of this.#awaited.keys())
        this.#answers.push({ jsonrpc: '2.0', id, error: { code: -32603, message: ENDED.message, data: ENDED } });
    this.#awaited.clear();
    await this.#endWhenAnswered();
  }

  /** Resolves when the answer is out, or nobody waits for it any more; at once when it streams, as that can be gone on with. */
  async whole(): Promise<void> {
    if (this.#stream !== undefined || this.res.closed) return;
    await new Promise<void>((resolve) => this.res.once('close', () => resolve()));
  }

  async #endWhenAnswered(): Promise<void> {
    if (this.#awaited.size > 0) return;
    await this.#written;
    if (this.#stream !== undefined) this.#stream.end();
    else if (!this.res.headersSent) this.#sendJson();
  }

  #sendJson(): void {
    const [first] = this.#answers;
    const { session, batch } = this.parts;
    // A session that was refused has no id.
    const named =
      first !== undefined && 'error' in first && this.parts.version() === '' ? {} : { 'mcp-session-id': session };
    if (first === undefined) return void this.res.writeHead(202, named).end();
    this.res
      .writeHead(200, { 'content-type': 'application/json', ...named })
      .end(JSON.stringify(batch ? this.#answers : first));
  }

  #openFor(request: RequestId): void {
    if (this.#stream !== undefined) return;
    this.#stream = new EventStream(this.res, this.parts.session);
    if (knowsEmptyEvents(this.parts.version())) void this.#write(null, request);
    for (const answer of this.#answers) void this.#write(fitting(answer), request);
  }

  /** What is written is in the order in which it was said, and kept first. */
  #write(message: JSONRPCMessage | null, request: RequestId): Promise<void> {
    const kept = this.parts.events.add(this.parts.stream, message, request);
    this.#written = this.#written.then(async () => this.#stream?.live({ id: await kept, message }));
    return this.#written;
  }
}

const ENDED = failureOf({
  code: 'unavailable',
  message: 'The session ended before this was answered: it may have been carried out. Check before you repeat it.',
});
