// The sign-in as state outside React: one-time codes are redeemed once, whatever renders twice.
import { type Failure, readFailure, SIGNED_OUT, toFailure } from '../failure.js';
import { keepSession, loadSession, readSession, type Session, sessionFromToken, signInCode } from './session.js';

export type SessionState =
  | { readonly status: 'signed-out'; readonly failure?: Failure }
  | { readonly status: 'redeeming' }
  | { readonly status: 'signed-in'; readonly session: Session };

const listeners = new Set<() => void>();
let state: SessionState = { status: 'signed-out' };

function become(next: SessionState): void {
  state = next;
  keepSession(next.status === 'signed-in' ? next.session : undefined);
  for (const listener of listeners) listener();
}

export const sessionState = (): SessionState => state;

export function subscribeSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const signInWithToken = (token: string): void =>
  become({ status: 'signed-in', session: sessionFromToken(token) });

export const signOut = (failure?: Failure): void => become({ status: 'signed-out', failure });

/** A 401 ends the sign-in it belongs to, and only that: an answer to an older token must not end a newer one. */
export function endSession(token: string): void {
  if (state.status === 'signed-in' && state.session.token === token) signOut(SIGNED_OUT);
}

/** Fills in what the lab told about a pasted token. */
export function describeSession(token: string, who: { walletId: string; role: string }): void {
  if (state.status !== 'signed-in' || state.session.token !== token) return;
  become({ status: 'signed-in', session: { ...state.session, ...who } });
}

/** Exchanges a one-time code for an access token at the gateway. */
async function redeem(code: string): Promise<void> {
  become({ status: 'redeeming' });
  try {
    const response = await fetch(new URL('sign-in', document.baseURI), {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      credentials: 'omit',
      cache: 'no-store',
      body: JSON.stringify({ code }),
    });
    const answer: unknown = await response.json().catch(() => undefined);
    const session = response.ok ? readSession(answer) : undefined;
    if (session) return become({ status: 'signed-in', session });
    signOut(refused(answer, response.status));
  } catch (thrown) {
    signOut(toFailure(thrown));
  }
}

function refused(answer: unknown, status: number): Failure {
  const known = readFailure(answer);
  const code = known?.code ?? `http_${status}`;
  const hint = 'A link works once, for ten minutes. Run “npx @labmesh/cli open” for a new one, or paste a token.';
  return { code, message: known?.message ?? 'The lab refused this sign-in link.', hint: known?.hint ?? hint };
}

/** Takes a code out of the address at once, so that neither history nor a screenshot holds it, and redeems it. */
function takeCode(): boolean {
  const code = signInCode(location.hash);
  if (!code) return false;
  history.replaceState(null, '', `${location.pathname}${location.search}`);
  dispatchEvent(new HashChangeEvent('hashchange'));
  void redeem(code);
  return true;
}

/** Call once, before the first render. */
export function startSession(): void {
  const earlier = loadSession();
  if (!takeCode() && earlier) become({ status: 'signed-in', session: earlier });
  addEventListener('hashchange', () => takeCode());
}
