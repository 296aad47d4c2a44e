// Finds the lab's keys and access tokens in bytes that come piece by piece. Keeps only the end of what came, whatever its length,
// and never gives a key away: what it found is told by a mask and a hash.
import { createHash } from 'node:crypto';
import {
  ACCESS_TOKEN_PATTERN,
  CLIENT_KEY_PREFIX,
  isKeyOfForm,
  KEY_PATTERN,
  REFRESH_TOKEN_PREFIX,
} from '@labmesh/contracts';

export interface Leak {
  readonly kind: 'client_key' | 'refresh_token' | 'access_token';
  /** Counted from 1. */
  readonly line: number;
  /** Byte of the line, counted from 1. */
  readonly column: number;
  readonly masked: string;
  /** SHA-256 of it, hex. */
  readonly hash: string;
  /** What an access token calls itself. */
  readonly tokenId?: string;
  readonly expiresAt?: string;
}

/** Longer than anything that is looked for. */
const KEPT_CHARS = 8_500;
const SHOWN_CHARS = 4;
const MILLISECONDS = 1_000;

export class KeyFinder {
  readonly #pattern = new RegExp(`${KEY_PATTERN}|${ACCESS_TOKEN_PATTERN}`, 'g');
  #text = '';
  #line = 1;
  /** Bytes of the line that are no longer in `#text`. */
  #lineStart = 0;

  /** What the bytes so far hold, as far as it cannot change by what follows. */
  push(bytes: Uint8Array): Leak[] {
    // One character a byte: keys are ASCII, whatever the text around them is.
    this.#text += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    return this.#search(this.#text.length - KEPT_CHARS);
  }

  /** The rest, when nothing follows. */
  end(): Leak[] {
    return this.#search(this.#text.length);
  }

  #search(until: number): Leak[] {
    if (until <= 0) return [];
    const leaks: Leak[] = [];
    let done = 0;
    this.#pattern.lastIndex = 0;
    for (
      let at = this.#pattern.exec(this.#text);
      at !== null && at.index < until;
      at = this.#pattern.exec(this.#text)
    ) {
      const [found] = at;
      this.#pass(done, at.index);
      done = at.index;
      const leak = leakOf(found);
      // What only looks like a key may hide one that begins later.
      if (leak === undefined) {
        this.#pattern.lastIndex = at.index + 1;
        continue;
      }
      leaks.push({ ...leak, line: this.#line, column: this.#lineStart + 1 });
      this.#pass(done, done + found.length);
      done += found.length;
    }
    const end = Math.max(done, until);
    this.#pass(done, end);
    this.#text = this.#text.slice(end);
    return leaks;
  }

  /** Counts the lines of what is left behind. */
  #pass(from: number, to: number): void {
    let start = from;
    for (let at = this.#text.indexOf('\n', from); at !== -1 && at < to; at = this.#text.indexOf('\n', at + 1)) {
      this.#line += 1;
      this.#lineStart = 0;
      start = at + 1;
    }
    this.#lineStart += to - start;
  }
}

function leakOf(found: string): Omit<Leak, 'line' | 'column'> | undefined {
  const hash = createHash('sha256').update(found).digest('hex');
  const masked = `${found.slice(0, CLIENT_KEY_PREFIX.length + SHOWN_CHARS)}…${found.slice(-2)}`;
  if (isKeyOfForm(CLIENT_KEY_PREFIX, found)) return { kind: 'client_key', masked, hash };
  if (isKeyOfForm(REFRESH_TOKEN_PREFIX, found)) return { kind: 'refresh_token', masked, hash };
  const [, claims = ''] = found.split('.');
  const { jti, exp } = claimsOf(claims);
  if (typeof jti !== 'string' || !/^cred_[0-9a-f-]{36}$/.test(jti) || typeof exp !== 'number') return undefined;
  const expiresAt = new Date(exp * MILLISECONDS);
  if (Number.isNaN(expiresAt.getTime())) return undefined;
  return { kind: 'access_token', masked, hash, tokenId: jti, expiresAt: expiresAt.toISOString() };
}

/** Only to tell tokens of a lab from others: nothing in it is believed. */
function claimsOf(part: string): { jti?: unknown; exp?: unknown } {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
