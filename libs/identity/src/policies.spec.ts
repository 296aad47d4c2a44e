// The policy of a process: newer ones replace older ones, never the other way; what was missed is fetched before anything is decided.

import { createTransport } from '@labmesh/bus';
import { AppError, PERMISSIONS, Policy, type VersionedPolicy } from '@labmesh/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChangedRoles } from './changed-roles.js';
import { Policies } from './policies.js';
import { BUILT_IN } from './policy.testing.js';

const version = (number: number, policy: object = { roles: { citizen: [] } }): VersionedPolicy => ({
  version: number,
  policy: Policy.parse(policy),
});

let answers: Array<VersionedPolicy | Error>;
let asked: number;
let policies: Policies;
let told: number;
beforeEach(() => {
  [answers, asked, told] = [[], 0, 0];
  policies = new Policies({
    request: async () => {
      asked += 1;
      const answer = answers.shift() ?? version(0);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  policies.onChange(() => {
    told += 1;
  });
});
afterEach(() => {
  policies.stop();
  vi.useRealTimers();
});

it('begins with what is built in, and never goes back', () => {
  expect(policies.current.version).toBe(0);
  policies.learn(version(2));
  expect(policies.current.permissionsOf('citizen')?.size).toBe(0);
  policies.learn(version(1, {}));
  policies.learn(version(2, {}));
  expect(policies.current.version).toBe(2);
  expect(policies.current.permissionsOf('citizen')?.size).toBe(0);
  expect(told).toBe(1);
});

it('tells nobody of a policy under which all may do the same', () => {
  policies.learn(version(1, { anomalies: { content: 'block' } }));
  expect(policies.current.version).toBe(1);
  expect(told).toBe(0);
});

describe('a pass of a newer policy', () => {
  it('waits until the policy is here, once for all who wait', async () => {
    answers = [version(3)];
    expect(policies.atLeast(0)).toBeUndefined();
    await Promise.all([policies.atLeast(3), policies.atLeast(2), policies.atLeast(3)]);
    expect(policies.current.version).toBe(3);
    expect(asked).toBe(1);
    expect(policies.atLeast(3)).toBeUndefined();
  });

  it('asks again when an older one came, and decides nothing by it when none newer comes', async () => {
    answers = [version(1), version(2)];
    await policies.atLeast(2);
    expect(asked).toBe(2);
    await expect(policies.atLeast(9)).rejects.toMatchObject({ code: 'unavailable' });
    expect(asked).toBe(5);
    answers = [new AppError('unavailable', 'gone')];
    await expect(policies.atLeast(9)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('fails when nobody answers, and when the answer is none', async () => {
    const { bus } = await createTransport({ name: 'test' });
    await expect(new Policies(bus).atLeast(1)).rejects.toMatchObject({ code: 'unavailable' });
    const odd = new Policies({ request: async () => ({ version: 1, policy: { rules: 'none' } }) });
    await expect(odd.atLeast(1)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

it('ends a rule at its time, and tells it then', () => {
  vi.useFakeTimers({ now: 1_000_000 });
  const deny = { agents: ['curator'] };
  const rules = [
    { id: 'short', description: 'D', deny, until: new Date(1_060_000).toISOString() },
    { id: 'long', description: 'D', deny, until: new Date(1_000_000 + 40 * 86_400_000).toISOString() },
  ];
  policies.learn(version(1, { rules }));
  const citizen = { role: 'citizen' } as const;
  const denying = () =>
    policies.current
      .denials(citizen, { agent: 'curator', name: 'curator_x', permission: 'dataset:read' })
      .map(({ id }) => id);
  expect(denying()).toEqual(['short', 'long']);
  vi.advanceTimersByTime(59_999);
  expect([denying(), told]).toEqual([['short', 'long'], 1]);
  vi.advanceTimersByTime(1);
  expect([told, denying()]).toEqual([2, ['long']]);
  vi.advanceTimersByTime(41 * 86_400_000);
  expect([told, denying()]).toEqual([3, []]);
  expect(policies.current.version).toBe(1);
});

describe('a changed role', () => {
  const walletId = 'wal_01920000-0000-7000-8000-000000000001';
  const principal = { walletId, role: 'researcher', permissions: PERMISSIONS, credentialId: 'c' } as const;

  it('is what counts, until nothing speaks of the old one any more', () => {
    const roles = new ChangedRoles();
    expect(roles.ofToday(principal, BUILT_IN)).toBe(principal);
    roles.learn({ walletId, role: 'citizen', change: 2 });
    roles.learn({ walletId, role: 'developer', change: 1 });
    expect(roles.ofToday(principal, BUILT_IN)).toMatchObject({ walletId, role: 'citizen' });
    expect(roles.ofToday({ ...principal, walletId: 'other' }, BUILT_IN).role).toBe('researcher');
    roles.learn({ walletId, role: 'researcher', change: 3 });
    expect(roles.ofToday(principal, BUILT_IN)).toBe(principal);
  });

  it('gives nothing that the role of the pass has not, should a later change have been missed', () => {
    const roles = new ChangedRoles();
    roles.learn({ walletId, role: 'developer', change: 1 });
    const citizen = { ...principal, role: 'citizen' } as const;
    const { role, permissions } = roles.ofToday(citizen, BUILT_IN);
    expect({ role, permissions }).toEqual({ role: 'developer', permissions: BUILT_IN.rightsOf('citizen').permissions });
  });

  it('makes old what was asked before, and ends what was opened', () => {
    const roles = new ChangedRoles();
    let ended = 0;
    const forget = roles.whenChanged(walletId, () => {
      ended += 1;
    });
    const before = Date.now();
    expect(roles.changedSince(walletId, before)).toBe(false);
    roles.learn({ walletId, role: 'citizen', change: 1 });
    roles.learn({ walletId, role: 'citizen', change: 1 });
    expect([roles.changedSince(walletId, before), roles.changedSince(walletId, Date.now() + 1)]).toEqual([true, false]);
    forget();
    roles.learn({ walletId, role: 'validator', change: 2 });
    expect(ended).toBe(1);
  });
});
