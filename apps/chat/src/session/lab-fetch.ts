// Asks the lab as whoever is signed in. A token that is over is renewed, and what was asked is asked again: nobody notices.
import { SIGNED_OUT } from '../failure.js';
import { renewed, tokenOf } from './session-store.js';

/** As `fetch`, with a body that can be sent twice, if any. */
export type LabFetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** Of one sign-in: what is left of it when it has ended is refused, and not asked as somebody else. */
export const labFetch =
  (signIn: number): LabFetch =>
  async (url, init) => {
    const token = tokenOf(signIn);
    if (token === undefined) return Response.json(SIGNED_OUT, { status: 401 });
    const response = await fetch(url, withToken(init, token));
    if (response.status !== 401) return response;
    const next = await renewed(token);
    return next === undefined ? response : fetch(url, withToken(init, next));
  };

function withToken(init: RequestInit | undefined, token: string): RequestInit {
  const headers = new Headers(init?.headers);
  headers.set('authorization', `Bearer ${token}`);
  return { credentials: 'omit', cache: 'no-store', ...init, headers };
}
