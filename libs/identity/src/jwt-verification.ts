// The one place where a signed token is believed: access tokens at Sentinel and the gateway, passes at every agent.
// Accepts exactly what Sentinel writes. Never takes a key, an algorithm or an address from the token itself.

import { createPublicKey, type KeyObject } from 'node:crypto';
import { ACCESS_TOKEN_MAX_S, AppError, PASS_TTL_S, PermissionName, RoleName, WalletId } from '@labmesh/contracts';
import jwt from 'jsonwebtoken';
import { z } from 'zod';

/** Longest token that is looked at, characters. */
export const TOKEN_MAX_CHARS = 8_192;
/** How far two clocks of the lab may be apart, seconds. */
export const CLOCK_SKEW_S = 30;
/** Most agents that may act in turn for one wallet: a bound on calls that go round in circles. */
export const CHAIN_MAX = 8;

const common = {
  iss: z.string(),
  aud: z.string(),
  sub: WalletId,
  jti: z.string().min(1).max(100),
  iat: z.int().nonnegative(),
  exp: z.int().nonnegative(),
  nbf: z.int().nonnegative().optional(),
  role: RoleName,
  permissions: z.array(PermissionName),
  toolset: z.array(z.string()).min(1).optional(),
};

/** What an access token says (`typ: at+jwt`, RFC 9068). `jti` is the credential's id. Times are Unix seconds. */
export const AccessClaims = z.object(common);
export type AccessClaims = z.infer<typeof AccessClaims>;

/**
 * What a pass says (`typ: pass+jwt`): `cred` is the credential it was made from, `act` the agents that act, outermost first,
 * `tools` what the last of them may call (absent while none acts), `pol` the version of the policy it was made under.
 */
export const PassClaims = z.object({
  ...common,
  cred: z.string().min(1).max(100),
  act: z.array(z.string().min(1).max(40)).max(CHAIN_MAX),
  pol: z.int().nonnegative().optional(),
  tools: z.array(z.string().min(1).max(100)).optional(),
});
export type PassClaims = z.infer<typeof PassClaims>;

const KINDS = {
  'at+jwt': { claims: AccessClaims, lifeMaxS: ACCESS_TOKEN_MAX_S },
  'pass+jwt': { claims: PassClaims, lifeMaxS: PASS_TTL_S },
} as const;

export type TokenType = keyof typeof KINDS;
export type Claims<T extends TokenType = TokenType> = z.infer<(typeof KINDS)[T]['claims']>;

/** A public key on P-256 that Sentinel publishes: what is left of a JWK (RFC 7517) once it was checked. */
export interface VerificationKey {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly kid: string;
}

export interface Expected<T extends TokenType> {
  /** The published keys, as `parseKeySet` gives them. */
  readonly keys: readonly VerificationKey[];
  readonly typ: T;
  readonly issuer: string;
  /** Whom it must be meant for: one of these. */
  readonly audience: string | readonly [string, ...string[]];
  /** Unix milliseconds; the present when left out. */
  readonly now?: number;
}

const refuse = (reason: string, cause?: unknown): never => {
  throw new AppError('unauthenticated', `Cannot accept this token: ${reason}. Get a new one from Sentinel.`, { cause });
};

// Published keys are few and long-lived; making a KeyObject costs more than using one.
const imported = new WeakMap<VerificationKey, KeyObject>();

function publicKey(key: VerificationKey): KeyObject {
  const known = imported.get(key);
  if (known) return known;
  const made = createPublicKey({ key: { ...key }, format: 'jwk' });
  imported.set(key, made);
  return made;
}

/** One part of a token as bytes. Node's decoder skips what it does not know, so the text is written again and compared. */
function decodePart(part: string, name: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  if (part === '' || bytes.toString('base64url') !== part) refuse(`its ${name} is not exact base64url`);
  return bytes;
}

/**
 * JSON in the one form that Sentinel writes. Writing the value again and comparing refuses members given twice
 * (readers differ on which one counts), odd spacing and numbers such as 1e3, without a parser of our own.
 */
function decodeJson(part: string, name: string): unknown {
  const text = decodePart(part, name).toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    if (JSON.stringify(value) === text) return value;
  } catch (cause) {
    return refuse(`its ${name} is not JSON`, cause);
  }
  return refuse(`its ${name} has a member twice, or is not the JSON that Sentinel writes`);
}

/** Exactly three members: no `jku`, `jwk`, `x5u`, `x5c` or `crit` can choose the key or the rules (RFC 8725, 3.1 and 3.10). */
const headerOf = (typ: TokenType) =>
  z.strictObject({ alg: z.literal('ES256'), typ: z.literal(typ), kid: z.string().min(1).max(100) });
// Made once: making a schema costs more than checking a signature.
const HEADERS: Readonly<Record<TokenType, ReturnType<typeof headerOf>>> = {
  'at+jwt': headerOf('at+jwt'),
  'pass+jwt': headerOf('pass+jwt'),
};

const LIBRARY_REASONS: readonly (readonly [prefix: string, reason: string])[] = [
  ['jwt expired', 'it has expired'],
  ['jwt not active', 'it is not valid yet'],
  ['jwt audience invalid', 'it is meant for someone else (audience)'],
  ['jwt issuer invalid', 'it was made by someone else (issuer)'],
];

function checkSignature(
  token: string,
  key: VerificationKey,
  expected: Expected<TokenType> & { readonly now: number },
): void {
  try {
    jwt.verify(token, publicKey(key), {
      algorithms: ['ES256'],
      issuer: expected.issuer,
      audience: typeof expected.audience === 'string' ? expected.audience : [...expected.audience],
      clockTimestamp: Math.floor(expected.now / 1_000),
      clockTolerance: CLOCK_SKEW_S,
    });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : '';
    const known = LIBRARY_REASONS.find(([prefix]) => message.startsWith(prefix));
    refuse(known?.[1] ?? 'its signature does not fit', cause);
  }
}

/**
 * Verifies a token and gives its claims.
 * @throws AppError `unauthenticated`, with the reason in words, for anything that is not exactly right.
 */
export function verifyJwt<T extends TokenType>(token: string, expected: Expected<T>): Claims<T> {
  if (token.length > TOKEN_MAX_CHARS) refuse(`it is longer than ${TOKEN_MAX_CHARS} characters`);
  const parts = token.split('.');
  const [head = '', body = '', signature = ''] = parts;
  if (parts.length !== 3) refuse('it does not have three parts');
  const header = HEADERS[expected.typ].safeParse(decodeJson(head, 'header'));
  if (!header.success) return refuse(`its header is not that of an ES256 token of type ${expected.typ}`, header.error);
  const payload = decodeJson(body, 'payload');
  decodePart(signature, 'signature');
  const key = expected.keys.find((candidate) => candidate.kid === header.data.kid);
  if (!key) return refuse('it names a key that Sentinel does not publish');

  const now = expected.now ?? Date.now();
  checkSignature(token, key, { ...expected, now });

  const kind = KINDS[expected.typ];
  const claims = kind.claims.safeParse(payload);
  if (!claims.success) return refuse('its claims are incomplete or of the wrong kind', claims.error);
  const { iat, exp } = claims.data;
  if (iat > now / 1_000 + CLOCK_SKEW_S) refuse('it was issued in the future');
  if (exp <= iat || exp - iat > kind.lifeMaxS) refuse(`it claims a life that is not 1 to ${kind.lifeMaxS} s`);
  return claims.data as Claims<T>;
}

/** 32 bytes, written in the one way there is: two texts of one point would be two keys. */
const Coordinate = z
  .string()
  .length(43)
  .refine((text) => Buffer.from(text, 'base64url').toString('base64url') === text, 'it is not exact base64url');

const PublishedKey = z.object({
  kty: z.literal('EC', 'only EC keys are accepted'),
  crv: z.literal('P-256'),
  x: Coordinate,
  y: Coordinate,
  kid: z.string().min(1).max(100),
  alg: z.literal('ES256').optional(),
  use: z.literal('sig').optional(),
  key_ops: z
    .array(z.string())
    .refine((operations) => operations.includes('verify'), 'its key_ops do not let it verify')
    .optional(),
  d: z.never('a private key was published').optional(),
});

const KeySet = z.object({ keys: z.array(PublishedKey).min(1).max(20) });

/**
 * Sentinel's published set (RFC 7517), checked: P-256 public keys only, every `kid` once.
 * @throws AppError `unavailable`: without keys to trust, nothing can be verified.
 */
export function parseKeySet(jwks: unknown): VerificationKey[] {
  const set = KeySet.safeParse(jwks);
  const kids = set.data?.keys.map((key) => key.kid) ?? [];
  if (!set.success || new Set(kids).size !== kids.length) {
    const why = set.success ? 'a key id is given twice' : z.prettifyError(set.error);
    throw new AppError('unavailable', `Cannot use the published keys: ${why}. See Sentinel’s log.`);
  }
  const keys = set.data.keys.map(({ kty, crv, x, y, kid }): VerificationKey => ({ kty, crv, x, y, kid }));
  for (const key of keys) {
    try {
      publicKey(key);
    } catch (cause) {
      throw new AppError('unavailable', `Cannot use the published key ${key.kid}: it is not a point on P-256.`, {
        cause,
      });
    }
  }
  return keys;
}
