// Follows what an agent tells for one stream: asks again when an answer ends, when a replica falls silent and when the agent comes
// back, each time after the last place it was told. So nothing is missed and nothing comes twice.
import { type Bus, callHeaders } from '@labmesh/bus';
import { AppError, cancelSubject, ERROR_CODES, type NamedTool, toAppError, toolSubject } from '@labmesh/contracts';
import { type Authenticator, type KnownCaller, type Reach, withPass } from '@labmesh/endpoint';
import { newId } from '@labmesh/runtime';

/** Three signs of life that did not come: the replica is gone, another one shall answer. */
const SILENCE_MS = 10_000;
const PAUSE_MIN_MS = 250;
const PAUSE_MAX_MS = 4_000;

export interface FollowServices {
  readonly bus: Pick<Bus, 'request'>;
  readonly reach: Pick<Reach, 'to'>;
  readonly authenticator: Pick<Authenticator, 'passFor' | 'forgetPass'>;
}

/** What is asked again and again: a streaming tool that ends by itself after a while. */
export interface Question<Asked, Page> {
  readonly tool: NamedTool;
  readonly input: (asked: Asked) => object;
  /** The same question behind a page. */
  readonly behind: (asked: Asked, page: Page) => Asked;
  /** What an answer itself tells. */
  readonly pageOf?: (answer: unknown) => Page | undefined;
  /** Whether an answer says that nothing will come any more. */
  readonly isOver: (answer: unknown, asked: Asked) => boolean;
  /** What is told when the agent does not answer. */
  readonly silent: string;
}

export interface Follower<Asked, Page> {
  readonly caller: KnownCaller;
  readonly asked: Asked;
  /** False: come again with the next page after `ready`. */
  readonly take: (page: Page) => boolean;
  readonly ready: () => Promise<void>;
  /** The agent does not answer; it is asked again until `signal` aborts. */
  readonly waiting: (why: AppError) => void;
  readonly signal: AbortSignal;
}

/**
 * Resolves with the answer that says that it is over, or with undefined when the signal aborts.
 * @throws AppError what asking again would not change, such as a right that is missing
 */
export async function followAgent<Asked, Page>(
  services: FollowServices,
  question: Question<Asked, Page>,
  follower: Follower<Asked, Page>,
): Promise<unknown> {
  const { signal } = follower;
  let asked = follower.asked;
  let pauseMs = PAUSE_MIN_MS;
  while (!signal.aborted) {
    const take = (page: Page): boolean => {
      asked = question.behind(asked, page);
      pauseMs = PAUSE_MIN_MS;
      return follower.take(page);
    };
    const { answer, failure } = await askOnce(services, question, { ...follower, asked, take });
    if (signal.aborted) return undefined;
    const page = question.pageOf?.(answer);
    if (page !== undefined) take(page);
    await follower.ready();
    if (failure === undefined && question.isOver(answer, asked)) return answer;
    if (failure === undefined) continue;
    if (!ERROR_CODES[failure.code].retry) throw failure;
    follower.waiting(failure);
    await pause(pauseMs, signal);
    pauseMs = Math.min(PAUSE_MAX_MS, pauseMs * 2);
  }
  return undefined;
}

/** One question, as far as it goes. There is neither answer nor failure when it was given up here. */
async function askOnce<Asked, Page>(
  { bus, reach, authenticator }: FollowServices,
  question: Question<Asked, Page>,
  { caller, asked, take, signal }: Follower<Asked, Page>,
): Promise<{ answer?: unknown; failure?: AppError }> {
  const { agent, tool, spec } = question.tool;
  const over = new AbortController();
  const end = (): void => over.abort();
  signal.addEventListener('abort', end, { once: true });
  const silent = (): void => over.abort(new AppError('unavailable', question.silent));
  let silence = setTimeout(silent, SILENCE_MS);
  const onProgress = (page: unknown): void => {
    if (over.signal.aborted) return;
    clearTimeout(silence);
    silence = setTimeout(silent, SILENCE_MS);
    if (!take(page as Page)) end();
  };
  try {
    const ask = (pass: string): Promise<unknown> =>
      reach.to(agent, () =>
        bus.request(toolSubject(agent, tool), question.input(asked), {
          headers: callHeaders({ callId: newId(), deadline: Date.now() + spec.timeoutMs, pass }),
          timeoutMs: spec.timeoutMs,
          signal: over.signal,
          streaming: true,
          onProgress,
          cancelSubject: cancelSubject(agent),
        }),
      );
    return { answer: await withPass(authenticator, caller, { agent, call: ask }) };
  } catch (error) {
    if (over.signal.reason instanceof AppError) return { failure: over.signal.reason };
    return over.signal.aborted ? {} : { failure: toAppError(error) };
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', end);
  }
}

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
