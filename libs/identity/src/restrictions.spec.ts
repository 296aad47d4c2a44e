// Who is kept from something: heard late or twice it changes nothing, it ends in time, and it never meets the operator.

import type { Principal, Restriction } from '@labmesh/contracts';
import { describe, expect, it } from 'vitest';
import { Restrictions } from './restrictions.js';

const NOW = Date.UTC(2027, 0, 15, 12);
const WALLET = 'wal_01920000-0000-7000-8000-000000000001';
const credentialMade = (ms: number): string => {
  const hex = ms.toString(16).padStart(12, '0');
  return `cred_${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000001`;
};
const principal = (more: Partial<Principal> = {}): Principal => ({
  walletId: WALLET,
  role: 'researcher',
  permissions: [],
  credentialId: credentialMade(NOW - 60_000),
  ...more,
});
const restriction = (more: Partial<Restriction> = {}): Restriction => ({
  anomalyId: 'ano_01920000-0000-7000-8000-00000000000a',
  revision: 0,
  walletId: WALLET,
  kind: 'block',
  model: 'content',
  since: new Date(NOW).toISOString(),
  until: new Date(NOW + 3_600_000).toISOString(),
  lifted: false,
  ...more,
});
function held() {
  const clock = { ms: NOW };
  return { clock, restrictions: new Restrictions(() => clock.ms) };
}

describe('Restrictions', () => {
  it('say since when, why in general words, which anomaly, and whom to ask', () => {
    const { restrictions } = held();
    expect(restrictions.blocked(principal())).toBeUndefined();
    restrictions.hear([restriction()]);
    const refusal = restrictions.blocked(principal());
    expect(refusal).toMatchObject({ code: 'forbidden', details: { limit: 'restriction', restriction: 'block' } });
    expect(refusal?.message).toMatch(/blocked since 2027-01-15T12:00.*text of its calls.*operator.*ano_/);
    expect(restrictions.blocked(principal({ walletId: 'wal_other' }))).toBeUndefined();
    expect(restrictions.blocked(principal({ role: 'operator' }))).toBeUndefined();
  });

  it('are undone by a later revision, however often and late the earlier one is heard', () => {
    const { restrictions } = held();
    restrictions.hear([restriction({ revision: 1 })]);
    restrictions.hear([restriction({ revision: 2, lifted: true })]);
    restrictions.hear([restriction({ revision: 1 })]);
    restrictions.replace([restriction({ revision: 1 })], new Set());
    expect(restrictions.blocked(principal())).toBeUndefined();
    expect(restrictions.size).toBe(0);
  });

  it('are compared with the whole list; what came after it was asked for stays', () => {
    const { restrictions } = held();
    const other = restriction({ anomalyId: 'ano_01920000-0000-7000-8000-00000000000b', walletId: 'wal_b' });
    restrictions.hear([restriction()]);
    const known = restrictions.known();
    restrictions.hear([other]);
    restrictions.replace([], known);
    expect(restrictions.blocked(principal())).toBeUndefined();
    expect(restrictions.blocked(principal({ walletId: 'wal_b' }))).toBeDefined();
  });

  it('end by themselves', () => {
    const { restrictions, clock } = held();
    restrictions.hear([restriction()]);
    clock.ms = NOW + 3_600_000;
    expect(restrictions.blocked(principal())).toBeUndefined();
    restrictions.hear([restriction({ revision: 1, kind: 'throttle' })]);
    expect(restrictions.throttled().size).toBe(0);
  });

  it('refuse credentials from before, and let a new sign-in in', () => {
    const { restrictions } = held();
    restrictions.hear([restriction({ kind: 'fresh_token' })]);
    expect(restrictions.stale(principal())).toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('a new sign-in is needed'),
    });
    expect(restrictions.stale(principal({ credentialId: credentialMade(NOW + 1) }))).toBeUndefined();
    expect(restrictions.stale(principal({ credentialId: 'unknown' }))).toBeDefined();
    expect(restrictions.blocked(principal())).toBeUndefined();
  });

  it('end what is open', () => {
    const { restrictions } = held();
    const ended: string[] = [];
    restrictions.whenStopped(WALLET, () => void ended.push('first'));
    const forget = restrictions.whenStopped(WALLET, () => void ended.push('second'));
    forget();
    restrictions.hear([restriction({ kind: 'throttle' })]);
    expect(ended).toEqual([]);
    restrictions.hear([restriction({ revision: 1 })]);
    expect(ended).toEqual(['first']);
  });
});
