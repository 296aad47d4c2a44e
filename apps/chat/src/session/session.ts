// Who is signed in. The credential is in the page's memory alone; what renews it is in a cookie that no script can read.
export interface Session {
  /** Counts the sign-ins of this page: it stays when the token is renewed. */
  readonly id: number;
  readonly token: string;
  /** Whether the browser can renew it. What cannot be renewed is forgotten with the page. */
  readonly kept: boolean;
  /** Unknown until the lab says so, when a token was pasted. */
  readonly walletId?: string;
  readonly role?: string;
  /** UTC ISO 8601; unknown for a pasted client key. */
  readonly expiresAt?: string;
}

/** What the lab gives to who signs in, or renews it. */
export interface GivenAccess {
  readonly token: string;
  readonly walletId: string | undefined;
  readonly role: string | undefined;
  readonly expiresAt: string | undefined;
  /** By the lab's clock, at the answer: this computer's may be another. */
  readonly expiresInSeconds: number | undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Reads an answer of `session/begin` or `session/renew`; undefined when it holds no token. */
export function readAccess(value: unknown): GivenAccess | undefined {
  if (!isObject(value)) return undefined;
  const token = textOf(value.token);
  if (!token) return undefined;
  return {
    token,
    walletId: textOf(value.walletId),
    role: textOf(value.role),
    expiresAt: textOf(value.expiresAt),
    expiresInSeconds: typeof value.expiresInSeconds === 'number' ? value.expiresInSeconds : undefined,
  };
}

/** What a pasted access token (a JWT) says about itself. For display only: the lab decides what it is worth. */
export function saidByToken(token: string): Pick<Session, 'walletId' | 'role' | 'expiresAt'> {
  const payload = token.split('.')[1];
  if (!payload) return {};
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    if (!isObject(claims)) return {};
    const expires = typeof claims.exp === 'number' ? new Date(claims.exp * 1_000).toISOString() : undefined;
    return { walletId: textOf(claims.sub), role: textOf(claims.role), expiresAt: expires };
  } catch {
    return {};
  }
}

/** Header values are visible ASCII without spaces; anything else would not even be sent. */
export const isTokenText = (text: string): boolean => /^[\x21-\x7e]{8,8192}$/.test(text);

/** `#code=abc` -> `abc`. */
export const signInCode = (hash: string): string | undefined =>
  textOf(new URLSearchParams(hash.replace(/^#/, '')).get('code'));
