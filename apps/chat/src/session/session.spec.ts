// What is read from sign-in answers, pasted tokens and addresses.
import { describe, expect, it } from 'vitest';
import { isTokenText, readAccess, saidByToken, signInCode } from './session.js';

const base64url = (text: string) => btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const jwt = (claims: object) => `e30.${base64url(JSON.stringify(claims))}.c2ln`;

describe('readAccess', () => {
  it('takes what the lab gives to who signs in', () => {
    const answer = { token: 't', walletId: 'wal_1', role: 'citizen', expiresAt: '2026-01-01T00:00:00Z' };
    expect(readAccess({ ...answer, expiresInSeconds: 3600 })).toEqual({ ...answer, expiresInSeconds: 3600 });
    expect(readAccess({ ...answer, expiresInSeconds: 'soon' })).toEqual({ ...answer, expiresInSeconds: undefined });
  });

  it('refuses what holds no token', () => {
    for (const value of [null, 1, {}, { token: '' }, { token: 5 }]) expect(readAccess(value)).toBeUndefined();
  });
});

describe('saidByToken', () => {
  it('reads wallet, role and end of an access token', () => {
    expect(saidByToken(jwt({ sub: 'wal_1', role: 'operator', exp: 1_700_000_000 }))).toEqual({
      walletId: 'wal_1',
      role: 'operator',
      expiresAt: '2023-11-14T22:13:20.000Z',
    });
  });

  it('knows nothing of an opaque key or a broken token', () => {
    expect(saidByToken('lmk_abc')).toEqual({});
    expect(saidByToken('a.%%%.c')).toEqual({});
  });
});

describe('signInCode', () => {
  it('finds the code and nothing else', () => {
    expect(signInCode('#code=a-b_C')).toBe('a-b_C');
    expect(signInCode('#/tools/x')).toBeUndefined();
    expect(signInCode('#code=')).toBeUndefined();
    expect(signInCode('')).toBeUndefined();
  });
});

describe('isTokenText', () => {
  it('accepts what a header can carry', () => {
    expect(isTokenText('lmk_0123456789')).toBe(true);
    for (const text of ['', 'short', 'has a space in it', 'ünïcödé-token']) expect(isTokenText(text)).toBe(false);
  });
});
