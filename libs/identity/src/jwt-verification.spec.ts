// Every way known to make a verifier believe a token it should not, and proof that an honest token passes.
import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto';
import { AppError } from '@labmesh/contracts';
import fc from 'fast-check';
import jwt from 'jsonwebtoken';
import { describe, expect, it } from 'vitest';
import { parseKeySet, TOKEN_MAX_CHARS, type VerificationKey, verifyJwt } from './jwt-verification.js';

const NOW = Date.UTC(2027, 0, 15, 12);
const S = NOW / 1_000;
const ISSUER = 'http://127.0.0.1:3000';
const AUDIENCE = `${ISSUER}/mcp`;

function pair(kid: string): { key: VerificationKey; privateKey: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return { key: { kty: 'EC', crv: 'P-256', x, y, kid }, privateKey };
}

const ours = pair('ours');
const theirs = pair('theirs');

const access = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'wal_01990000-0000-7000-8000-000000000001',
  jti: 'cred_1',
  iat: S,
  exp: S + 3_600,
  role: 'citizen',
  permissions: ['dataset:read'],
};
const header = { alg: 'ES256', typ: 'at+jwt', kid: 'ours' };

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const signed = (head: unknown, payload: unknown, key = ours.privateKey): string => {
  const text = `${encode(head)}.${encode(payload)}`;
  return `${text}.${signBytes('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
};
const withHeader = (extra: object): string => signed({ ...header, ...extra }, access);
const withClaims = (extra: object): string => signed(header, { ...access, ...extra });

const verify = (token: string, now = NOW) =>
  verifyJwt(token, { keys: [ours.key], typ: 'at+jwt', issuer: ISSUER, audience: AUDIENCE, now });

function refusal(token: string, now = NOW): string {
  try {
    verify(token, now);
  } catch (error) {
    if (error instanceof AppError && error.code === 'unauthenticated') return error.message;
    throw error;
  }
  return 'ACCEPTED';
}

const good = withClaims({});
const [head = '', body = '', signature = ''] = good.split('.');
const hmac = (secret: string): string => {
  const text = `${encode({ ...header, alg: 'HS256' })}.${body}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};
const pem = createPublicKey({ key: { ...ours.key }, format: 'jwk' })
  .export({ format: 'pem', type: 'spki' })
  .toString();
/** The last character of 64 bytes in base64url carries 4 bits that count and 2 that must be zero. */
const looseEnd = (text: string): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1) ?? '') + 1];
};

describe('verifyJwt', () => {
  it('gives the claims of an honest access token, made by hand or by jsonwebtoken', () => {
    expect(verify(good)).toEqual(access);
    const made = jwt.sign(access, ours.privateKey, {
      algorithm: 'ES256',
      header: { alg: 'ES256', typ: 'at+jwt', kid: 'ours' },
    });
    expect(verify(made)).toEqual(access);
  });

  it('gives the chain and the credential of a pass', () => {
    const claims = { ...access, aud: 'curator', exp: S + 60, cred: 'cred_1', act: ['librarian'] };
    const pass = signed({ ...header, typ: 'pass+jwt' }, claims);
    expect(
      verifyJwt(pass, { keys: [ours.key], typ: 'pass+jwt', issuer: ISSUER, audience: 'curator', now: NOW }),
    ).toEqual(claims);
  });

  const attacks: Array<[what: string, token: string, reason: RegExp]> = [
    ['alg none, no signature', `${encode({ ...header, alg: 'none' })}.${body}.`, /header is not that of/],
    ['alg None in odd case', `${encode({ ...header, alg: 'NoNe' })}.${body}.${signature}`, /header is not that of/],
    ['signature left out', `${head}.${body}.`, /signature is not exact base64url/],
    ['HS256 with the public key in PEM', hmac(pem), /header is not that of/],
    ['HS256 with the public key as JWK', hmac(JSON.stringify(ours.key)), /header is not that of/],
    ['ES384', withHeader({ alg: 'ES384' }), /header is not that of/],
    ['typ JWT', withHeader({ typ: 'JWT' }), /header is not that of/],
    ['a pass where an access token is due', withHeader({ typ: 'pass+jwt' }), /header is not that of/],
    ['no typ', signed({ alg: 'ES256', kid: 'ours' }, access), /header is not that of/],
    ['no kid', signed({ alg: 'ES256', typ: 'at+jwt' }, access), /header is not that of/],
    ['embedded jwk', signed({ ...header, jwk: theirs.key }, access, theirs.privateKey), /header is not that of/],
    ['jku', withHeader({ jku: 'https://example.org/keys' }), /header is not that of/],
    ['x5u', withHeader({ x5u: 'https://example.org/chain' }), /header is not that of/],
    ['x5c', withHeader({ x5c: ['AAAA'] }), /header is not that of/],
    ['crit', withHeader({ crit: ['exp'] }), /header is not that of/],
    ['header is an array', `${encode('[]')}.${body}.${signature}`, /header is not that of/],
    ['kid of another key', signed({ ...header, kid: 'theirs' }, access, theirs.privateKey), /does not publish/],
    ['kid that is a path', withHeader({ kid: '../../dev/null' }), /does not publish/],
    ['signed by another key under our kid', signed(header, access, theirs.privateKey), /signature does not fit/],
    ['payload altered', `${head}.${encode({ ...access, role: 'operator' })}.${signature}`, /signature does not fit/],
    ['signature of zeros', `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`, /signature does not fit/],
    [
      'signature in DER',
      `${head}.${body}.${signBytes('sha256', Buffer.from(`${head}.${body}`), ours.privateKey).toString('base64url')}`,
      /signature does not fit/,
    ],
    ['wrong audience', withClaims({ aud: 'http://127.0.0.1:3001/mcp' }), /audience/],
    ['audience with a slash more', withClaims({ aud: `${AUDIENCE}/` }), /audience/],
    ['audience among others', withClaims({ aud: [AUDIENCE, 'http://example.org'] }), /claims/],
    ['wrong issuer', withClaims({ iss: 'http://example.org' }), /issuer/],
    ['expired', withClaims({ iat: S - 3_600, exp: S - 31 }), /expired/],
    ['not valid yet', withClaims({ nbf: S + 31 }), /not valid yet/],
    ['issued in the future', withClaims({ iat: S + 31, exp: S + 60 }), /in the future/],
    ['without exp', withClaims({ exp: undefined }), /claims/],
    ['exp as text', withClaims({ exp: String(S + 3_600) }), /signature does not fit|claims/],
    ['a life beyond one hour', withClaims({ exp: S + 3_601 }), /claims a life/],
    ['exp before iat', withClaims({ exp: S - 1 }), /claims a life/],
    ['a permission that does not exist', withClaims({ permissions: ['everything'] }), /claims/],
    ['a role that does not exist', withClaims({ role: 'root' }), /claims/],
    ['a subject that is no wallet', withClaims({ sub: 'operator' }), /claims/],
    [
      'a member twice in the payload',
      signed(header, JSON.stringify(access).replace('{', '{"role":"operator",')),
      /member twice/,
    ],
    [
      'a member twice in the header',
      signed(JSON.stringify(header).replace('{', '{"alg":"none",'), access),
      /member twice/,
    ],
    [
      'a member twice behind an escape',
      signed(header, JSON.stringify(access).replace('{', '{"r\\u006fle":"operator",')),
      /member twice/,
    ],
    ['spaces in the JSON', signed(header, JSON.stringify(access, null, 1)), /member twice/],
    ['payload that is not JSON', signed(header, 'hello'), /not JSON/],
    ['payload that is not UTF-8', `${head}.${Buffer.from([0x22, 0xff, 0x22]).toString('base64url')}.${signature}`, /./],
    ['two parts', `${head}.${body}`, /three parts/],
    ['four parts', `${good}.${signature}`, /three parts/],
    ['five parts, as an encrypted token', `${head}.${body}.${signature}.${body}.${signature}`, /three parts/],
    ['empty', '', /three parts/],
    ['padding', `${head}.${body}.${signature}==`, /base64url/],
    ['the plain base64 alphabet', good.replace(/[-_]/g, (c) => (c === '-' ? '+' : '/')).concat('+'), /base64url/],
    ['a loose last bit', `${head}.${body}.${looseEnd(signature)}`, /base64url/],
    ['a line break', `${head}.\n${body}.${signature}`, /base64url/],
    ['a space in front', ` ${good}`, /base64url/],
    ['oversized', withClaims({ note: 'x'.repeat(TOKEN_MAX_CHARS) }), /longer than/],
    ['deep nesting', signed(header, `${'['.repeat(2_500)}${']'.repeat(2_500)}`), /./],
  ];
  it.each(attacks)('refuses %s', (_what, token, reason) => {
    expect(refusal(token)).toMatch(reason);
    expect(refusal(token)).not.toBe('ACCEPTED');
  });

  it('allows for clocks that are 30 s apart, and no more', () => {
    expect(refusal(good, NOW + 3_600_000 + 29_000)).toBe('ACCEPTED');
    expect(refusal(good, NOW + 3_600_000 + 31_000)).toMatch(/expired/);
    expect(refusal(good, NOW - 30_000)).toBe('ACCEPTED');
    expect(refusal(good, NOW - 31_000)).toMatch(/future/);
  });

  it('refuses whatever differs from an honest token in one character', () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
        fc.pre(good[at] !== character);
        expect(refusal(good.slice(0, at) + character + good.slice(at + 1))).not.toBe('ACCEPTED');
      }),
    );
  });

  it('answers any text with a refusal, never with a bug', () => {
    const json = fc.json().map(encode);
    const shaped = fc.tuple(json, json, json).map((parts) => parts.join('.'));
    const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), shaped);
    fc.assert(
      fc.property(anything, (text) => {
        expect(refusal(text)).toMatch(/Cannot accept/);
      }),
    );
  });
});

describe('parseKeySet', () => {
  const published = { ...ours.key, alg: 'ES256', use: 'sig' };

  it('gives the keys, stripped to what verification needs', () => {
    expect(parseKeySet({ keys: [published, { ...theirs.key }] })).toEqual([ours.key, theirs.key]);
    expect(parseKeySet({ keys: [{ ...published, key_ops: ['verify'] }] })).toEqual([ours.key]);
  });

  /** The last of 43 characters has two bits that nobody reads. */
  const otherWriting = (text: string): string => {
    const bytes = Buffer.from(text, 'base64url');
    const last = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].find(
      (char) => char !== text.at(-1) && Buffer.from(text.slice(0, -1) + char, 'base64url').equals(bytes),
    );
    return text.slice(0, -1) + last;
  };

  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey.export({ format: 'jwk' });
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' });
  it.each([
    ['a kid twice', { keys: [published, { ...theirs.key, kid: 'ours' }] }],
    ['a private member', { keys: [{ ...published, d: ours.privateKey.export({ format: 'jwk' }).d }] }],
    ['an RSA key', { keys: [{ ...rsa, kid: 'rsa' }] }],
    ['a symmetric key', { keys: [{ kty: 'oct', k: 'AAAA', kid: 'oct' }] }],
    ['another curve', { keys: [{ ...p384, kid: 'p384' }] }],
    ['another algorithm', { keys: [{ ...published, alg: 'HS256' }] }],
    ['another use', { keys: [{ ...published, use: 'enc' }] }],
    ['operations without verifying', { keys: [{ ...published, key_ops: ['sign'] }] }],
    ['no operations at all', { keys: [{ ...published, key_ops: [] }] }],
    ['operations that are no list', { keys: [{ ...published, key_ops: 'verify' }] }],
    ['a coordinate in another writing', { keys: [{ ...published, x: otherWriting(published.x) }] }],
    ['no kid', { keys: [{ ...published, kid: undefined }] }],
    ['a point that is not on the curve', { keys: [{ ...published, y: published.x }] }],
    ['no keys', { keys: [] }],
    ['nothing', undefined],
  ])('refuses %s', (_what, set) => {
    expect(() => parseKeySet(set)).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });
});
