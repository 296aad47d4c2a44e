// What is said before a token is withdrawn.
import { describe, expect, it } from 'vitest';
import { allEndWith, endsWith, seesOthers, type Token } from './token.js';

const token = (extra: Partial<Token> = {}): Token => ({
  tokenId: 'cred_1',
  kind: 'client_key',
  state: 'good',
  current: false,
  role: 'citizen',
  permissions: [],
  issuedBy: 'wal_1',
  createdAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2026-02-01T00:00:00.000Z',
  ...extra,
});

describe('what ends', () => {
  it('says that the page goes too, when it does', () => {
    expect(endsWith(token()).join(' ')).not.toMatch(/signed out/);
    expect(endsWith(token({ current: true })).join(' ')).toMatch(/signed out/);
    expect(endsWith(token({ kind: 'refresh' })).join(' ')).toMatch(/access tokens that were made with it/);
  });

  it('counts only what is good now', () => {
    const tokens = [token(), token({ state: 'expired' }), token({ state: 'revoked' })];
    expect(allEndWith(tokens, { own: false, more: false })[0]).toMatch(/^1 token that is good now ends/);
    expect(allEndWith([...tokens, token()], { own: true, more: true }).join(' ')).toMatch(
      /^2 or more tokens .* signed out/,
    );
  });
});

describe('seesOthers', () => {
  it('goes by the rights of the token that the page uses', () => {
    const right = ['token:create:any'];
    expect(seesOthers([token({ permissions: right }), token({ current: true })])).toBe(false);
    expect(seesOthers([token({ permissions: right, current: true })])).toBe(true);
  });
});
