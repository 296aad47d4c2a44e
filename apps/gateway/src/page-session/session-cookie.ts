// The cookie by which a browser stays signed in: a refresh token and the secret of its next exchange, which no script can read and
// which comes with requests of the lab's own page alone.
import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What the browser holds. */
export interface HeldSession {
  readonly refreshToken: string;
  /** Makes an exchange whose answer was lost the same one when it is repeated. */
  readonly renewal: string;
}

type Asked = Pick<IncomingHttpHeaders, 'host' | 'origin' | 'cookie'>;

const RENEWAL_BYTES = 32;
const HELD = /^([a-z0-9_]{1,200})\.([A-Za-z0-9_-]{43})$/;

/** Browsers keep the ports of one host apart nowhere else: two labs of a machine would end each other's sign-ins. */
const nameFor = ({ host = '' }: Asked): string => `labmesh_session_${/:(\d+)$/.exec(host)?.[1] ?? 'web'}`;

/** Undefined where there is none, or none of this form. */
export function heldSession(headers: Asked): HeldSession | undefined {
  const name = `${nameFor(headers)}=`;
  const values = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const value = values.find((pair) => pair.startsWith(name))?.slice(name.length);
  const [, refreshToken, renewal] = HELD.exec(value ?? '') ?? [];
  return refreshToken === undefined || renewal === undefined ? undefined : { refreshToken, renewal };
}

/**
 * A value of `Set-Cookie`, with a new secret. Without an end the browser forgets it with its own; without a path it comes to the
 * addresses beside the one that set it, wherever a proxy puts the lab.
 */
export const keeping = (headers: Asked, refreshToken: string): string =>
  cookie(headers, `${refreshToken}.${randomBytes(RENEWAL_BYTES).toString('base64url')}`);

export const forgetting = (headers: Asked): string => `${cookie(headers, '')}; Max-Age=0`;

function cookie(headers: Asked, value: string): string {
  const secure = headers.origin?.startsWith('https:') === true ? '; Secure' : '';
  return `${nameFor(headers)}=${value}; HttpOnly; SameSite=Strict${secure}`;
}
