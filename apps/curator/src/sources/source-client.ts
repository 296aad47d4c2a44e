// Asks a source, one request at a time: within its rate limit, again when it may help, and never telling the key to anybody else.
import { AppError } from '@labmesh/contracts';
import type { Resolve, Trust } from './addresses.js';
import { type AllowedHost, hostOf, isAllowed } from './allow-list.js';
import { exchange, type HttpReply, shownUrl } from './exchange.js';
import type { HttpManifest } from './manifest.js';
import { UnreadableReply } from './records.js';
import { problemOf, retryAfterMs } from './reply-verdict.js';

/** The rate limit of a source, kept for all replicas. */
export interface Rate {
  /** Milliseconds to wait before the next request may go; 0: it is taken. */
  take(): Promise<number>;
  /** No request goes before so many milliseconds have passed; left out: until the oldest one no longer counts. */
  pause(ms?: number): Promise<number>;
}

export interface Timing {
  now(): number;
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 to 1. */
  random(): number;
}

export interface Asking {
  readonly manifest: HttpManifest;
  /** Undefined where none is set and none is needed. */
  readonly key: string | undefined;
  readonly rate: Rate;
  readonly allow: readonly AllowedHost[];
  readonly timing: Timing;
  /** Unix milliseconds: what would have to be waited for longer is given up. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly bytesMax: number;
  readonly timeoutMs: number;
  readonly resolve?: Resolve | undefined;
  /** In the place of the network. */
  readonly exchange?: typeof exchange | undefined;
}

export interface Ask {
  readonly url: URL;
  readonly method?: 'GET' | 'POST';
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

const TRIES_MAX = 5;
const BACKOFF_MS = 500;
const BACKOFF_MAX_MS = 30_000;

/** The source does not come back by itself: what to do is in the message. */
export class SourceGone extends AppError {
  constructor(message: string) {
    super('upstream_failed', message);
  }
}

/** The source allows no request before `waitMs` have passed. */
export class SourceBusy extends AppError {
  constructor(
    message: string,
    readonly waitMs: number,
  ) {
    super('rate_limited', message);
  }
}

/**
 * A reply with data (or 304), read by `read`, which throws UnreadableReply for one that is not whole.
 * @throws AppError upstream_failed, rate_limited (SourceBusy), forbidden, too_large, cancelled; SourceGone
 */
export async function askSource<T>(asking: Asking, ask: Ask, read: (reply: HttpReply) => Promise<T>): Promise<T> {
  const { manifest } = asking;
  let last = '';
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    await untilAllowed(asking, ask);
    const tried = await once(asking, ask, read);
    if ('answer' in tried) return tried.answer;
    last = tried.message;
    if (tried.action === 'fail') throw failed(asking, ask, last);
    if (tried.action === 'gone') throw new SourceGone(`The source ${manifest.name} is gone. ${last}`);
    const backoff = backoffMs(attempt, asking.timing);
    const wait =
      tried.action === 'wait' ? await asking.rate.pause(tried.afterMs) : Math.max(tried.afterMs ?? 0, backoff);
    if (attempt + 1 < TRIES_MAX || tried.action === 'wait') await waitFor(asking, Math.max(wait, backoff), last);
  }
  throw failed(
    asking,
    ask,
    `${last.replace(/ ?Try again later\.$/, '')} It was asked ${TRIES_MAX} times. Try again later.`,
  );
}

const backoffMs = (attempt: number, { random }: Timing): number =>
  Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** attempt) * (0.5 + random() / 2);

interface Again {
  readonly action: 'retry' | 'fail' | 'wait' | 'gone';
  readonly message: string;
  readonly afterMs?: number | undefined;
}

async function once<T>(
  asking: Asking,
  ask: Ask,
  read: (reply: HttpReply) => Promise<T>,
): Promise<{ answer: T } | Again> {
  const { manifest, timing } = asking;
  try {
    const reply = await (asking.exchange ?? exchange)(signed(asking, ask), limitsOf(asking), asking.signal);
    await heed(asking, reply);
    const problem = problemOf(reply, manifest);
    if (problem !== undefined)
      return {
        ...problem,
        message: withoutKey(problem.message, asking.key),
        afterMs: retryAfterMs(reply, timing.now()),
      };
    return { answer: await read(reply) };
  } catch (thrown) {
    if (thrown instanceof UnreadableReply)
      return { action: 'retry', message: `Its reply cannot be read: ${thrown.message}.` };
    if (thrown instanceof AppError && thrown.code === 'upstream_failed' && thrown.message.startsWith('Cannot fetch'))
      return { action: 'retry', message: withoutKey(thrown.message, asking.key) };
    throw thrown;
  }
}

function signed({ manifest, key }: Asking, ask: Ask) {
  const { auth } = manifest;
  const url = new URL(ask.url);
  const secretHeaders: Record<string, string> = {};
  if (auth !== undefined && key !== undefined) {
    if (auth.kind === 'query') url.searchParams.set(auth.name ?? 'key', key);
    else
      secretHeaders[auth.kind === 'bearer' ? 'authorization' : (auth.name ?? '').toLowerCase()] =
        auth.kind === 'bearer' ? `Bearer ${key}` : key;
  }
  const json: Record<string, string> = ask.body === undefined ? {} : { 'content-type': 'application/json' };
  return {
    ...ask,
    url,
    headers: { ...json, ...manifest.headers, ...ask.headers },
    secretHeaders,
    ...(ask.body === undefined ? {} : { body: ask.body }),
  };
}

const limitsOf = ({ manifest, allow, bytesMax, timeoutMs, resolve }: Asking) => ({
  admit: admission(manifest, allow),
  bytesMax,
  timeoutMs,
  ...(resolve === undefined ? {} : { resolve }),
});

/** Hosts of the manifest must be of the open internet, unless the operator listed them; others must be listed. */
export const admission =
  (manifest: HttpManifest, allow: readonly AllowedHost[]) =>
  (url: URL): Trust => {
    const own = [hostOf(new URL(manifest.baseUrl)), ...manifest.hosts.map((host) => host.toLowerCase())];
    if (isAllowed(url, allow)) return 'named';
    if (own.includes(hostOf(url))) return 'public';
    throw new AppError(
      'forbidden',
      `Cannot follow ${manifest.name} to ${url.host}: the manifest names no such host. If it is meant, add it to "hosts" of the manifest, or to LABMESH_FETCH_ALLOW.`,
    );
  };

/** What is left, as the reply says: none means that the next request waits. */
async function heed({ manifest, rate }: Asking, reply: HttpReply): Promise<void> {
  const { remainingHeader } = manifest;
  const left = remainingHeader === undefined ? undefined : reply.headers[remainingHeader.toLowerCase()];
  if (left !== undefined && reply.status !== 429 && /^\d+$/.test(String(left)) && Number(left) === 0)
    await rate.pause();
}

async function untilAllowed(asking: Asking, ask: Ask): Promise<void> {
  for (;;) {
    const wait = await asking.rate.take();
    if (wait <= 0) return;
    await waitFor(asking, wait, `${asking.manifest.name} allows no more requests now (${shownUrl(ask.url)}).`);
  }
}

async function waitFor({ manifest, timing, deadline, signal }: Asking, ms: number, why: string): Promise<void> {
  if (timing.now() + ms > deadline)
    throw new SourceBusy(
      `Cannot go on with ${manifest.name} now: ${why} It may be asked again in ${Math.ceil(ms / 1_000)} s. What was fetched is kept: the same call goes on from there.`,
      ms,
    );
  await timing.pause(ms, signal);
  if (signal.aborted) throw new AppError('cancelled', 'Gave up the fetch: the caller went away.');
}

const failed = ({ manifest, key }: Asking, { url }: Ask, why: string): AppError =>
  new AppError('upstream_failed', withoutKey(`Cannot fetch from ${manifest.name} (${shownUrl(url)}): ${why}`, key));

/** A provider may repeat the key in what it says. */
export const withoutKey = (text: string, key: string | undefined): string =>
  key === undefined || key === '' ? text : text.replaceAll(key, '***').replaceAll(encodeURIComponent(key), '***');
