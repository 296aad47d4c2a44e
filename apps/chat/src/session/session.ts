// Who is signed in. The credential lives in sessionStorage only: it goes with the tab and is never in an address.
export interface Session {
  readonly token: string;
  /** Unknown until the lab says so, when a token was pasted. */
  readonly walletId?: string;
  readonly role?: string;
  /** UTC ISO 8601; unknown for a pasted client key. */
  readonly expiresAt?: string;
}

const KEY = 'labmesh.session';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Reads a session from the answer of `POST /sign-in` or from storage; undefined when it holds no token. */
export function readSession(value: unknown): Session | undefined {
  if (!isObject(value)) return undefined;
  const token = textOf(value.token);
  if (!token) return undefined;
  return {
    token,
    walletId: textOf(value.walletId),
    role: textOf(value.role),
    expiresAt: textOf(value.expiresAt),
  };
}

/** What a pasted access token (a JWT) says about itself. For display only: the lab decides what it is worth. */
export function sessionFromToken(token: string): Session {
  const payload = token.split('.')[1];
  if (!payload) return { token };
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    if (!isObject(claims)) return { token };
    const expires = typeof claims.exp === 'number' ? new Date(claims.exp * 1_000).toISOString() : undefined;
    return { token, walletId: textOf(claims.sub), role: textOf(claims.role), expiresAt: expires };
  } catch {
    return { token };
  }
}

/** Header values are visible ASCII without spaces; anything else would not even be sent. */
export const isTokenText = (text: string): boolean => /^[\x21-\x7e]{8,8192}$/.test(text);

/** `#code=abc` -> `abc`. */
export const signInCode = (hash: string): string | undefined =>
  textOf(new URLSearchParams(hash.replace(/^#/, '')).get('code'));

export function loadSession(): Session | undefined {
  try {
    return readSession(JSON.parse(sessionStorage.getItem(KEY) ?? 'null'));
  } catch {
    return undefined;
  }
}

export function keepSession(session: Session | undefined): void {
  try {
    if (session) sessionStorage.setItem(KEY, JSON.stringify(session));
    else sessionStorage.removeItem(KEY);
  } catch {
    // storage is switched off: the sign-in lasts until the page is reloaded
  }
}
