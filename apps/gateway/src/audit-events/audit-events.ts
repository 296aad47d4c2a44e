// GET /audit/events: the audit log as server-sent events, for those who may read it. A stream lives as long as the rights of
// whoever opened it: it ends within a second of a withdrawal, and when the credential ends.
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type Authenticator,
  type CallEnd,
  CallerDoor,
  type CallLimits,
  type CallRecorder,
  type ChangedRoles,
  callRecordOf,
  decide,
  type FailedAttempts,
  type KnownCaller,
  type Metrics,
  newId,
  type Policies,
  type Reach,
  type Refusals,
  type Restrictions,
  type RevokedCredentials,
  sendJson,
} from '@labmesh/agent';
import type { Bus } from '@labmesh/bus';
import { AppError, type AuditFollowing, type Principal, sentinel, toAppError } from '@labmesh/contracts';
import { followAudit } from './audit-follow.js';
import { EventWriter, RETRY_MS } from './event-writer.js';
import { followingOf } from './following.js';

/** Who may follow is who may call this. */
const TOOL = { agent: sentinel.name, tool: 'audit_log_stream', spec: sentinel.tools.audit_log_stream };
/** Sentinel did not say whether the credential is still good: asked again after this. */
const ASK_AGAIN_MS = 1_000;

export interface AuditEventServices {
  readonly bus: Pick<Bus, 'request'>;
  readonly authenticator: Authenticator;
  readonly failedAttempts: FailedAttempts;
  readonly limits: CallLimits;
  readonly metrics: Pick<Metrics, 'readings'>;
  readonly reach: Reach;
  readonly recorder: Pick<CallRecorder, 'record'>;
  readonly refusals: Refusals;
  readonly revoked: RevokedCredentials;
  readonly roles: Pick<ChangedRoles, 'whenChanged'>;
  readonly policies: Pick<Policies, 'current' | 'onChange'>;
  readonly restrictions: Pick<Restrictions, 'blocked' | 'whenStopped'>;
  /** Where RFC 9728 metadata is served. */
  readonly metadataUrl: string;
}

export class AuditEvents {
  readonly #door: CallerDoor;
  /** Ends each open stream. */
  readonly #open = new Set<(why: AppError, retryMs?: number) => void>();

  constructor(private readonly services: AuditEventServices) {
    this.#door = new CallerDoor(services);
    services.metrics.readings.add('streams', () => this.#open.size);
  }

  async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.method !== 'GET') {
      res.setHeader('allow', 'GET');
      return sendJson(res, 405, { code: 'not_found', message: 'Follow the audit log with GET' });
    }
    const caller = await this.#door.callerOf(req, res, this.services.metadataUrl);
    if (caller === undefined || res.closed) return;
    const release = this.#admit(caller, res);
    try {
      await this.#stream(caller, followingOf(req), res);
    } catch (error) {
      this.#record(caller, { outcome: toAppError(error).code });
      throw error;
    } finally {
      release();
    }
  }

  /** Streams end with the word to come again, here or at another replica. */
  close(): void {
    const why = new AppError('unavailable', 'This gateway stops. Come again with Last-Event-ID: nothing is missed.');
    for (const end of [...this.#open]) end(why, RETRY_MS);
  }

  /** A place among the streams, for who may have it. @throws AppError forbidden, rate_limited */
  #admit({ principal }: KnownCaller, res: ServerResponse): () => void {
    const { limits, refusals, recorder } = this.services;
    const { walletId, credentialId } = principal;
    const who = { callId: newId(), walletId, credentialId, agent: TOOL.agent, tool: TOOL.tool };
    try {
      limits.request(walletId);
      const place = limits.openStream(walletId);
      res.once('close', () => place.leave());
      const refusal = this.#refusal(principal);
      if (refusal === undefined) return () => place.leave();
      place.leave();
      recorder.record(callRecordOf(who, { outcome: 'forbidden', durationMs: 0 }));
      throw refusal;
    } catch (error) {
      const failure = toAppError(error);
      if (failure.code === 'rate_limited') refusals.note(who, failure);
      throw failure;
    }
  }

  /** Why this principal may not follow; undefined when they may. */
  #refusal(principal: Principal): AppError | undefined {
    const blocked = this.services.restrictions.blocked(principal);
    if (blocked !== undefined) return blocked;
    const { decision, reason } = decide(principal, TOOL, { policy: this.services.policies.current });
    return decision ? undefined : new AppError('forbidden', reason);
  }

  /** That somebody reads the log, or could not, is in the log: once for a stream. */
  #record({ principal }: KnownCaller, end: Pick<CallEnd, 'outcome' | 'input'>): void {
    const { walletId, credentialId } = principal;
    const call = { callId: newId(), walletId, credentialId, agent: TOOL.agent, tool: TOOL.tool };
    this.services.recorder.record(callRecordOf(call, { ...end, durationMs: 0 }));
  }

  /** Resolves when the stream is over. @throws AppError while nothing was written yet */
  async #stream(caller: KnownCaller, following: AuditFollowing, res: ServerResponse): Promise<void> {
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
    try {
      await followAudit(this.services, {
        caller,
        following,
        signal: over.signal,
        take: ({ records, cursor }) => {
          if (writer.open()) this.#record(caller, { outcome: 'ok', input: following });
          const room = writer.records(records);
          writer.reached(cursor);
          return room;
        },
        ready: () => writer.taken(),
        waiting: (why) => {
          if (!writer.opened) throw why;
          writer.tell('waiting', why.toShape());
        },
      });
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
  #watch({ credential, principal }: KnownCaller, end: (why: AppError) => void): () => void {
    const { authenticator, revoked, roles, policies, restrictions } = this.services;
    const withdrawn = new AppError('unauthenticated', 'This credential was withdrawn. Sign in again to go on.');
    let timer: NodeJS.Timeout | undefined;
    let stopped = false;
    const look = async (): Promise<void> => {
      let nextMs = ASK_AGAIN_MS;
      try {
        const verdict = await authenticator.verdictOn(credential);
        const refusal = this.#refusal(verdict.principal);
        if (refusal !== undefined) return end(refusal);
        nextMs = Math.max(0, verdict.goodUntilMs - Date.now());
      } catch (error) {
        const failure = toAppError(error);
        if (failure.code === 'unauthenticated') return end(failure);
      }
      // Right after the verdict ended: then it is asked anew, and a credential that ended with it is refused.
      clearTimeout(timer);
      if (!stopped) timer = setTimeout(() => void look(), nextMs + 1);
    };
    const lookNow = (): void => {
      clearTimeout(timer);
      void look();
    };
    const forgets = [
      revoked.whenRevoked(principal.credentialId, () => end(withdrawn)),
      roles.whenChanged(principal.walletId, lookNow),
      restrictions.whenStopped(principal.walletId, lookNow),
      policies.onChange(lookNow),
    ];
    lookNow();
    return () => {
      stopped = true;
      clearTimeout(timer);
      for (const forget of forgets) forget();
    };
  }
}
