// Follows the audit log at the Sentinel for one stream: asks again when an answer ends, when a replica falls silent and when the
// Sentinel comes back, each time after the last place it was told. So nothing is missed and nothing comes twice.

import { type Bus, callHeaders } from '@labmesh/bus';
import {
  AppError,
  type AuditFollowing,
  type AuditPage,
  cancelSubject,
  ERROR_CODES,
  sentinel,
  toAppError,
} from '@labmesh/contracts';
import { type Authenticator, type KnownCaller, type Reach, withPass } from '@labmesh/endpoint';
import { askSentinel } from '@labmesh/identity';
import { newId } from '@labmesh/runtime';

const TOOL = sentinel.tools.follow_audit_log;
/** How long one question may go on; a Sentinel that stops does not wait longer for it. */
const FOLLOW_S = 30;
/** Three signs of life that did not come: the replica is gone, another one shall answer. */
const SILENCE_MS = 10_000;
const PAUSE_MIN_MS = 250;
const PAUSE_MAX_MS = 4_000;

export interface FollowServices {
  readonly bus: Pick<Bus, 'request'>;
  readonly reach: Pick<Reach, 'to'>;
  readonly authenticator: Pick<Authenticator, 'passFor' | 'forgetPass'>;
}

export interface Follower {
  readonly caller: KnownCaller;
  readonly following: AuditFollowing;
  /** False: come again with the next page after `ready`. */
  readonly take: (page: AuditPage) => boolean;
  readonly ready: () => Promise<void>;
  /** The Sentinel does not answer; it is asked again until `signal` aborts. */
  readonly waiting: (why: AppError) => void;
  readonly signal: AbortSignal;
}

/** Resolves when the signal aborts. @throws AppError what asking again would not change, such as a right that is missing */
export async function followAudit(services: FollowServices, follower: Follower): Promise<void> {
  const { signal } = follower;
  let following = follower.following;
  let pauseMs = PAUSE_MIN_MS;
  while (!signal.aborted) {
    const take = (page: AuditPage): boolean => {
      following = { ...following, after: page.cursor };
      pauseMs = PAUSE_MIN_MS;
      return follower.take(page);
    };
    const failure = await askOnce(services, { ...follower, following, take });
    if (signal.aborted) return;
    await follower.ready();
    if (failure === undefined) continue;
    if (!ERROR_CODES[failure.code].retry) throw failure;
    follower.waiting(failure);
    await pause(pauseMs, signal);
    pauseMs = Math.min(PAUSE_MAX_MS, pauseMs * 2);
  }
}

/** One question, as far as it goes. Its failure is undefined when it ended as it should, or was given up here. */
async function askOnce(
  { bus, reach, authenticator }: FollowServices,
  { caller, following, take, signal }: Follower,
): Promise<AppError | undefined> {
  const over = new AbortController();
  const end = (): void => over.abort();
  signal.addEventListener('abort', end, { once: true });
  const silent = (): void => over.abort(fellSilent());
  let silence = setTimeout(silent, SILENCE_MS);
  const onProgress = (page: unknown): void => {
    if (over.signal.aborted) return;
    clearTimeout(silence);
    silence = setTimeout(silent, SILENCE_MS);
    if (!take(page as AuditPage)) end();
  };
  try {
    const ask = (pass: string) => {
      const headers = callHeaders({ callId: newId(), deadline: Date.now() + TOOL.timeoutMs, pass });
      return reach.to(sentinel.name, () =>
        askSentinel(
          bus,
          'follow_audit_log',
          { ...following, followSeconds: FOLLOW_S },
          { headers, signal: over.signal, streaming: true, onProgress, cancelSubject: cancelSubject(sentinel.name) },
        ),
      );
    };
    await withPass(authenticator, caller, { agent: sentinel.name, call: ask });
    return undefined;
  } catch (error) {
    if (over.signal.reason instanceof AppError) return over.signal.reason;
    return over.signal.aborted ? undefined : toAppError(error);
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', end);
  }
}

const fellSilent = (): AppError =>
  new AppError(
    'unavailable',
    'The Sentinel does not answer. The stream goes on as soon as it does; nothing is missed.',
  );

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
