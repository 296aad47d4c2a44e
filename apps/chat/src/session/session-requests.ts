// Asks the lab to sign in, to renew and to sign out. The browser adds the cookie; nothing here sees it.
import { type Failure, readFailure, toFailure } from '../failure.js';
import { type GivenAccess, readAccess } from './session.js';

/** `none`: the lab knows of no sign-in of this browser, or keeps none for this credential. */
export type Given =
  | { readonly access: GivenAccess }
  | { readonly none: true }
  | { readonly failure: Failure; readonly status: number };

/** Tabs share the cookie, of which each renewal makes another: one after the other. Plain HTTP has no locks, but on this computer. */
const LOCK = 'labmesh.session';

const ANSWER_MS = 20_000;

export const beginWithCode = (code: string): Promise<Given> =>
  post('begin', { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code }) });

export const beginWithToken = (token: string): Promise<Given> =>
  post('begin', { headers: { authorization: `Bearer ${token}` } });

export function renew(): Promise<Given> {
  const ask = () => post('renew');
  return 'locks' in navigator ? navigator.locks.request(LOCK, ask) : ask();
}

/** Goes on when the page is left meanwhile. */
export const end = (): Promise<Given> => post('end', { keepalive: true });

async function post(path: string, init: RequestInit = {}): Promise<Given> {
  try {
    const response = await fetch(new URL(`session/${path}`, document.baseURI), {
      method: 'POST',
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(ANSWER_MS),
      ...init,
    });
    if (response.status === 204) return { none: true };
    const answer: unknown = await response.json().catch(() => undefined);
    const access = response.ok ? readAccess(answer) : undefined;
    if (access) return { access };
    const code = `http_${response.status}`;
    const failure = readFailure(answer) ?? { code, message: 'The lab refused this sign-in.' };
    return { failure, status: response.status };
  } catch (thrown) {
    return { failure: toFailure(thrown), status: 0 };
  }
}
