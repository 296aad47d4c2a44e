// What an agent tells, as server-sent events, for those who may call the tool of it. A stream lives as long as the rights of whoever
// opened it: it ends within a second of a withdrawal, and when the credential ends.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, type NamedTool, type Principal, toAppError } from '@labmesh/contracts';
import { Admission, CallerDoor, type EndpointHost, type KnownCaller } from '@labmesh/endpoint';
import { decide } from '@labmesh/identity';
import { type CallEnd, callRecordOf, newId, sendJson } from '@labmesh/runtime';
import { whileEntitled } from '../held-rights.js';
import { EventWriter, RETRY_MS } from './event-writer.js';
import { followAgent, type Question } from './follow-agent.js';

/** One kind of stream. */
export interface LiveKind<Asked extends object, Page> {
  /** Who may follow is who may call this. */
  readonly tool: NamedTool;
  readonly question: Question<Asked, Page>;
  /** @throws AppError invalid_input, not_found */
  readonly asked: (req: IncomingMessage) => Asked;
  /** @returns false when no more may be written now */
  readonly write: (writer: EventWriter, page: Page) => boolean;
  /** What is written when it is over. */
  readonly complete?: (writer: EventWriter, answer: unknown) => void;
  /** For who asks by another method than GET. */
  readonly hint: string;
  /** For who is told that the gateway stops. */
  readonly again: string;
}

export class LiveEvents<Asked extends object, Page> {
  readonly #door: CallerDoor;
  readonly #admission: Admission;
  /** Ends each open stream. */
  readonly #open = new Set<(why: AppError, retryMs?: number) => void>();

  constructor(
    private readonly services: EndpointHost,
    private readonly kind: LiveKind<Asked, Page>,
  ) {
    this.#door = new CallerDoor(services);
    this.#admission = new Admission(services);
    services.metrics.readings.add('streams', () => this.#open.size);
  }

  async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.method !== 'GET') {
      res.setHeader('allow', 'GET');
      return sendJson(res, 405, { code: 'not_found', message: this.kind.hint });
    }
    const caller = await this.#door.identify(req, res);
    if (caller === undefined || res.closed) return;
    this.#admit(caller, res);
    try {
      await this.#stream(caller, this.kind.asked(req), res);
    } catch (error) {
      this.#record(caller, { outcome: toAppError(error).code });
      throw error;
    }
  }

  /** Streams end with the word to come again, here or at another replica. */
  close(): void {
    const why = new AppError('unavailable', this.kind.again);
    for (const end of [...this.#open]) end(why, RETRY_MS);
  }

  /** A place among the streams, for who may have it. @throws AppError forbidden, rate_limited */
  #admit(caller: KnownCaller, res: ServerResponse): void {
    const { principal } = caller;
    const { agent, tool } = this.kind.tool;
    this.#admission.request(principal, { agent, tool });
    const refusal = this.#refusal(principal);
    if (refusal !== undefined) {
      this.#record(caller, { outcome: 'forbidden' });
      throw refusal;
    }
    this.#admission.stream(principal, { agent, tool }, res);
  }

  /** Why this principal may not follow; undefined when they may. */
  #refusal(principal: Principal): AppError | undefined {
    const blocked = this.services.restrictions.blocked(principal);
    if (blocked !== undefined) return blocked;
    const { decision, reason } = decide(principal, this.kind.tool, { policy: this.services.policies.current });
    return decision ? undefined : new AppError('forbidden', reason);
  }

  /** That somebody follows, or could not, is in the audit log: once for a stream. */
  #record({ principal }: KnownCaller, end: Pick<CallEnd, 'outcome' | 'input'>): void {
    const { walletId, credentialId } = principal;
    const { agent, tool } = this.kind.tool;
    const call = { callId: newId(), walletId, credentialId, agent, tool };
    this.services.recorder.record(callRecordOf(call, { ...end, durationMs: 0 }));
  }

  /** Resolves when the stream is over. @throws AppError while nothing was written yet */
  async #stream(caller: KnownCaller, asked: Asked, res: ServerResponse): Promise<void> {
    const { question, write, complete } = this.kind;
    const writer = new EventWriter(res);
    const over = new AbortController();
    const end = (why: AppError, retryMs?: number): void => {
      if (over.signal.aborted) return;
      writer.tell('end', why.toShape(), retryMs);
      over.abort(why);
    };
    const unwatch = this.#watch(caller, end);
    const gone = (): void => over.abort();
    res.once('close', gone);
    this.#open.add(end);
    const open = (): void => {
      if (writer.open()) this.#record(caller, { outcome: 'ok', input: asked });
    };
    try {
      const answer = await followAgent(this.services, question, {
        caller,
        asked,
        signal: over.signal,
        take: (page) => {
          open();
          return write(writer, page);
        },
        ready: () => writer.taken(),
        waiting: (why) => {
          if (!writer.opened) throw why;
          writer.tell('waiting', why.toShape());
        },
      });
      if (answer !== undefined) complete?.(writer, answer);
      if (over.signal.reason instanceof AppError && !writer.opened) throw over.signal.reason;
    } catch (error) {
      if (!writer.opened) throw error;
      end(toAppError(error));
    } finally {
      this.#open.delete(end);
      res.off('close', gone);
      unwatch();
      writer.end();
    }
  }

  /** Ends the stream with the rights it was opened with. */
  #watch(caller: KnownCaller, end: (why: AppError) => void): () => void {
    const services = { ...this.services, admission: this.#admission };
    return whileEntitled(services, caller, { refusal: (principal) => this.#refusal(principal), end });
  }
}
