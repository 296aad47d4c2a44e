// The sign-in as state outside React: one-time codes are redeemed once, and a token is renewed once, whoever asks for it.
import { type Failure, SIGNED_OUT } from '../failure.js';
import { type GivenAccess, type Session, saidByToken, signInCode } from './session.js';
import { beginWithCode, beginWithToken, end, type Given, renew } from './session-requests.js';

export type SessionState =
  | { readonly status: 'signed-out'; readonly failure?: Failure }
  /** For the lab's answer. */
  | { readonly status: 'redeeming' | 'leaving' }
  | { readonly status: 'signed-in'; readonly session: Session };

/** So long before its end a token is renewed, so that nothing that is open is cut. */
const AHEAD_MS = 120_000;
const AGAIN_MIN_MS = 30_000;
const WRONG_LINK = 'A link works once, for ten minutes. Run “npx @labmesh/cli open” for a new one, or paste a token.';

const listeners = new Set<() => void>();
let state: SessionState = { status: 'signed-out' };
let signIns = 0;
let renewing: Promise<string | undefined> | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
/** Other tabs of this browser: one that shows what the lab has told it would not hear of it before its next call. */
let tabs: BroadcastChannel | undefined;

function become(next: SessionState): void {
  state = next;
  if (next.status !== 'signed-in') clearTimeout(timer);
  for (const listener of listeners) listener();
}

export const sessionState = (): SessionState => state;

/** Undefined once this sign-in has ended. */
export const tokenOf = (signIn: number): string | undefined =>
  state.status === 'signed-in' && state.session.id === signIn ? state.session.token : undefined;

export function subscribeSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Out once the lab has ended what the browser keeps: a page that is opened sooner would go on with it. */
export async function signOut(): Promise<void> {
  const isKept = state.status === 'signed-in' && state.session.kept;
  become({ status: isKept ? 'leaving' : 'signed-out' });
  if (!isKept) return;
  const given = await end();
  tabs?.postMessage(SIGNED_OUT.code);
  become({ status: 'signed-out', ...('failure' in given ? { failure: given.failure } : {}) });
}

/** Who pasted a credential stays signed in by one that is made with it; where it may make none, it is used as it is. */
export async function signInWithToken(token: string): Promise<void> {
  become({ status: 'redeeming' });
  const given = await beginWithToken(token);
  if ('none' in given) {
    signIns += 1;
    become({ status: 'signed-in', session: { id: signIns, token, kept: false, ...saidByToken(token) } });
  } else if ('access' in given) takeUp(given.access);
  else become({ status: 'signed-out', failure: given.status === 401 ? SIGNED_OUT : given.failure });
}

/**
 * The token to go on with, where the lab no longer takes one; undefined where there is none. A sign-in that has ended is over then,
 * and only that one: an answer to an older token must not end a newer sign-in.
 */
export function renewed(token: string): Promise<string | undefined> {
  if (state.status !== 'signed-in') return Promise.resolve(undefined);
  const { session } = state;
  if (session.token !== token) return Promise.resolve(session.token);
  if (!session.kept) {
    become({ status: 'signed-out', failure: SIGNED_OUT });
    return Promise.resolve(undefined);
  }
  renewing ??= renew()
    .then((given) => takeRenewed(given, session.id))
    .finally(() => {
      renewing = undefined;
    });
  return renewing;
}

function takeRenewed(given: Given, id: number): string | undefined {
  if (state.status !== 'signed-in' || state.session.id !== id) return undefined;
  if ('failure' in given) {
    // A lab that does not answer has not said that it is over.
    renewIn(AGAIN_MIN_MS);
    return undefined;
  }
  // Another tab may have signed in as somebody else.
  if ('access' in given && given.access.walletId === state.session.walletId) {
    takeUp(given.access, id);
    return given.access.token;
  }
  become({ status: 'signed-out', failure: SIGNED_OUT });
  return undefined;
}

function takeUp({ expiresInSeconds, ...access }: GivenAccess, id?: number): void {
  signIns += id === undefined ? 1 : 0;
  become({ status: 'signed-in', session: { id: id ?? signIns, kept: true, ...access } });
  if (expiresInSeconds !== undefined) renewIn(Math.max(AGAIN_MIN_MS, expiresInSeconds * 1_000 - AHEAD_MS));
}

function renewIn(ms: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (state.status === 'signed-in') void renewed(state.session.token);
  }, ms);
}

/** Fills in what the lab told about a pasted token. */
export function describeSession(id: number, who: { walletId: string; role: string }): void {
  if (state.status !== 'signed-in' || state.session.id !== id) return;
  become({ status: 'signed-in', session: { ...state.session, ...who } });
}

/** Takes a code out of the address at once, so that neither history nor a screenshot holds it, and exchanges it. */
function takeCode(): boolean {
  const code = signInCode(location.hash);
  if (!code) return false;
  history.replaceState(null, '', `${location.pathname}${location.search}`);
  dispatchEvent(new HashChangeEvent('hashchange'));
  become({ status: 'redeeming' });
  void beginWithCode(code).then((given) => {
    if ('access' in given) return takeUp(given.access);
    const failure = 'failure' in given ? { hint: WRONG_LINK, ...given.failure } : undefined;
    become({ status: 'signed-out', failure });
  });
  return true;
}

/** Goes on with the sign-in that the browser keeps, if it keeps one. */
async function resume(): Promise<void> {
  become({ status: 'redeeming' });
  const given = await renew();
  // Somebody may have opened a link meanwhile.
  if (state.status !== 'redeeming') return;
  if ('access' in given) takeUp(given.access);
  else become({ status: 'signed-out', ...('failure' in given ? { failure: given.failure } : {}) });
}

/** Call once, before the first render. */
export function startSession(): void {
  tabs = new BroadcastChannel('labmesh.session');
  tabs.onmessage = () => {
    if (state.status === 'signed-in' && state.session.kept) void renewed(state.session.token);
  };
  if (!takeCode()) void resume();
  addEventListener('hashchange', () => takeCode());
}
