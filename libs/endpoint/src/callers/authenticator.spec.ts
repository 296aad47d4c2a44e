// Who is asked, and who is not: what is known is not asked again, and a Sentinel that is gone keeps nobody waiting.

import { createTransport } from '@labmesh/bus';
import { AppError, librarian, type Restriction, sentinel } from '@labmesh/contracts';
import { ChangedRoles, KeySet, Policies, RestrictionList, Restrictions, RevokedCredentials } from '@labmesh/identity';
import { createMetrics } from '@labmesh/runtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Presence } from '../presence/presence.js';
import { Reach } from '../presence/reach.js';
import { Authenticator } from './authenticator.js';

let presence: Presence;
let authenticator: Authenticator;
let keys: KeySet;
let revoked: RevokedCredentials;
let roles: ChangedRoles;
let policies: Policies;
let policyVersion: number;
let asked: number;
let gone: boolean;
let restrictions: Restrictions;
let listed: () => object;
beforeEach(async () => {
  const { bus } = await createTransport({ name: 'test' });
  [asked, gone, policyVersion] = [0, false, 0];
  presence = new Presence(bus, { warn: () => {}, info: () => {} });
  const reach = new Reach(presence, createMetrics());
  reach.watch([sentinel, librarian]);
  const expiresAt = new Date(Date.now() + 600_000).toISOString();
  const principal = {
    walletId: 'wal_01920000-0000-7000-8000-000000000001',
    role: 'citizen',
    permissions: [],
    credentialId: 'c',
  };
  const sentinelBus = {
    request: async (...asking: Parameters<typeof bus.request>) => {
      if (asking[0] === 'labmesh.sentinel.list_restrictions') return listed();
      asked += 1;
      // On this bus nobody listens: the answer is what a dead Sentinel gives.
      if (gone) return bus.request(...asking);
      if (asking[0] === 'labmesh.sentinel.get_policy') return { version: policyVersion, policy: {} };
      return { principal, expiresAt, pass: 'a.b.c', policyVersion };
    },
  };
  keys = new KeySet(sentinelBus);
  revoked = new RevokedCredentials();
  roles = new ChangedRoles();
  policies = new Policies(sentinelBus);
  restrictions = new Restrictions();
  listed = () => ({ restrictions: [] });
  const restrictionList = new RestrictionList(sentinelBus, restrictions);
  const services = { bus: sentinelBus, reach, keys, revoked, roles, policies };
  authenticator = new Authenticator({ ...services, restrictions, restrictionList });
});
afterEach(() => presence.stop());

/** What is known is answered, or refused, without a promise. */
const principalOf = async (credential: string) => authenticator.principalOf(credential);

it('asks once for what it then knows', async () => {
  await authenticator.principalOf('one');
  await authenticator.principalOf('one');
  expect(await authenticator.passFor('one', 'curator')).toBe('a.b.c');
  expect(await authenticator.passFor('one', 'curator')).toBe('a.b.c');
  expect(asked).toBe(2);
  expect(authenticator.knows('one')).toBe(true);
  expect(authenticator.knows('other')).toBe(false);
});

it('stops asking a Sentinel that does not answer, and goes on with what it knows', async () => {
  await authenticator.principalOf('known');
  gone = true;
  for (let turn = 0; turn < 5; turn++)
    await expect(principalOf(`new-${turn}`)).rejects.toMatchObject({ code: 'unavailable' });
  const before = asked;
  for (const ask of [() => principalOf('new'), () => authenticator.passFor('known', 'curator')])
    await expect(ask).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('"sentinel"') });
  expect(asked).toBe(before);
  expect(await authenticator.principalOf('known')).toMatchObject({ role: 'citizen' });
});

it('believes no verdict about a credential that was withdrawn', async () => {
  await authenticator.principalOf('known');
  revoked.add(['c']);
  await expect(principalOf('known')).rejects.toMatchObject({ code: 'unauthenticated' });
});

it('asks anew about everybody when a key leaked: a thief may have had an answer', async () => {
  const principal = await authenticator.principalOf('known');
  await authenticator.passFor('known', 'curator', principal);
  gone = true;
  keys.heard(['new'], true);
  await expect(principalOf('known')).rejects.toMatchObject({ code: 'unavailable' });
  gone = false;
  // What was asked in the millisecond of the leak is not believed either.
  await expect.poll(() => Date.now()).toBeGreaterThan(keys.distrustedAtMs);
  await expect.poll(() => principalOf('known').then(({ role }) => role, String)).toBe('citizen');
  const before = asked;
  await authenticator.passFor('known', 'curator', principal);
  await authenticator.passFor('known', 'curator', principal);
  expect(asked).toBe(before + 1);
});

it('asks anew about a wallet that got another role, and meanwhile believes no old one', async () => {
  const first = await authenticator.principalOf('known');
  await authenticator.passFor('known', 'curator', first);
  roles.learn({ walletId: first.walletId, role: 'validator', change: 1 });
  const before = asked;
  expect(await authenticator.principalOf('known')).toMatchObject({ role: 'validator' });
  await authenticator.passFor('known', 'curator', first);
  expect(asked).toBe(before + 2);
});

it('decides about nobody by an older policy than the Sentinel knows', async () => {
  policyVersion = 3;
  await authenticator.principalOf('one');
  expect(policies.current.version).toBe(3);
  policyVersion = 4;
  const principal = await authenticator.principalOf('one');
  expect(policies.current.version).toBe(3);
  await authenticator.passFor('one', 'curator', principal);
  expect(policies.current.version).toBe(4);
});

it('lets in nobody before it knows who is kept out', async () => {
  const away = (): never => {
    throw new AppError('unavailable', 'No list yet');
  };
  listed = away;
  await expect(principalOf('one')).rejects.toMatchObject({ code: 'unavailable' });
  const walletId = 'wal_01920000-0000-7000-8000-000000000002';
  const since = new Date().toISOString();
  const until = new Date(Date.now() + 60_000).toISOString();
  const blocked: Restriction = {
    anomalyId: 'ano_01920000-0000-7000-8000-00000000000a',
    revision: 0,
    walletId,
    kind: 'block',
    model: 'content',
    since,
    until,
    lifted: false,
  };
  listed = () => ({ restrictions: [blocked] });
  const principal = await authenticator.principalOf('one');
  expect(restrictions.blocked({ ...principal, walletId })).toMatchObject({ code: 'forbidden' });
  listed = away;
  expect(await authenticator.principalOf('two')).toMatchObject({ role: 'citizen' });
});
