// Another role for a wallet: what its credentials may do then, who hears of it, and whose role nobody changes.

import { ROLE_SUBJECT } from '@labmesh/bus';
import { type Principal, ROLE_PERMISSIONS, type Role } from '@labmesh/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callOf, newWalletId, openWorld, principalOf, replica, type World } from '../open-sentinel.testing.js';

let world: World;
let lab: ReturnType<typeof replica>;
beforeAll(async () => {
  world = await openWorld();
  lab = replica(world);
  await lab.keys.onModuleInit();
  await lab.operator.onApplicationBootstrap();
});
afterAll(async () => {
  lab.broadcast.onModuleDestroy();
  await world.close();
});

const set = (walletId: string, role: Exclude<Role, 'operator'>) =>
  lab.roleSetting.set({ walletId, role }, callOf(lab.operator.principal()));

async function known(role: Role): Promise<Principal> {
  const principal = principalOf(role);
  await lab.principals.learn(principal.walletId, role);
  return principal;
}

const events = async (walletId: string) => {
  const { rows } = await world.database.pool.query<{ payload: { payload: object } }>(
    `SELECT payload FROM sentinel.outbox WHERE subject LIKE '%role_set' AND payload->'payload'->>'walletId' = $1 ORDER BY id`,
    [walletId],
  );
  return rows.map(({ payload }) => payload.payload);
};

it('bounds every credential of the wallet, and gives back what comes back', async () => {
  const ada = await known('researcher');
  const key = await lab.issuer.issueFor({ kind: 'client_key', refreshable: false }, callOf(ada));
  const signIn = await lab.issuer.issueFor({ kind: 'access', refreshable: true }, callOf(ada));
  const answer = await set(ada.walletId, 'citizen');
  expect(answer).toMatchObject({ before: 'researcher', role: 'citizen', gained: [] });
  expect([...answer.lost].sort()).toEqual([
    'blob:write',
    'dataset:write',
    'job:read',
    'job:write',
    'knowledge:write',
    'project:read',
    'project:write',
    'result:claim',
    'result:validate',
  ]);
  for (const token of [key.token, signIn.token])
    expect((await lab.check.verify(token)).principal).toMatchObject({
      role: 'citizen',
      permissions: ROLE_PERMISSIONS.citizen,
    });
  const renewed = await lab.refresh.renew(signIn.refreshToken ?? '');
  expect(renewed.role).toBe('citizen');
  expect((await lab.check.verify(renewed.token)).principal.permissions).not.toContain('dataset:write');
  await set(ada.walletId, 'researcher');
  expect((await lab.check.verify(key.token)).principal.permissions).toEqual(ROLE_PERMISSIONS.researcher);
});

it('gives a credential from before nothing that it did not carry', async () => {
  const ada = await known('citizen');
  const { token } = await lab.issuer.issueFor({ kind: 'client_key', refreshable: false }, callOf(ada));
  expect((await set(ada.walletId, 'developer')).gained).toContain('health:read');
  expect((await lab.check.verify(token)).principal).toMatchObject({
    role: 'developer',
    permissions: ROLE_PERMISSIONS.citizen,
  });
});

it('tells every process and the Chancellor, each change by its number, the same role once', async () => {
  const ada = await known('citizen');
  await set(ada.walletId, 'validator');
  const told = { walletId: ada.walletId, role: 'validator', change: 1 };
  expect(lab.heard.at(-1)).toEqual({ subject: ROLE_SUBJECT, body: told });
  expect(lab.changedRoles.ofToday(ada, lab.policies.current).role).toBe('validator');
  const again = await set(ada.walletId, 'validator');
  expect(again).toMatchObject({ before: 'validator', gained: [], lost: [] });
  await set(ada.walletId, 'citizen');
  expect(await events(ada.walletId)).toEqual([told, { walletId: ada.walletId, role: 'citizen', change: 2 }]);
  // The first event once more, late: what is told is the role of now.
  const other = replica(world);
  await other.roleSetting.announceNow(ada.walletId);
  expect(other.heard.at(-1)?.body).toMatchObject({ role: 'citizen', change: 2 });
  other.broadcast.onModuleDestroy();
});

it('knows a wallet whose event has not come yet, and stays with the change when it comes', async () => {
  const walletId = newWalletId();
  world.wallets.set(walletId, 'citizen');
  await lab.operator.onApplicationBootstrap();
  const call = callOf(lab.operator.principal(), { pass: await passOf() });
  await lab.roleSetting.set({ walletId, role: 'developer' }, call);
  await lab.principals.learn(walletId, 'citizen');
  expect(await lab.principals.roleOf(walletId, call)).toBe('developer');
});

async function passOf(): Promise<string> {
  const { token } = await lab.issuer.issueFor({ kind: 'access', refreshable: false }, callOf(lab.operator.principal()));
  return (await lab.passes.issue({ credential: token, agent: 'sentinel' })).pass;
}

it('leaves the operator’s role alone, and refuses a wallet that is not there', async () => {
  await expect(set(lab.operator.walletId(), 'citizen')).rejects.toMatchObject({ code: 'forbidden' });
  const call = callOf(lab.operator.principal(), { pass: await passOf() });
  const nobody = lab.roleSetting.set({ walletId: newWalletId(), role: 'citizen' }, call);
  await expect(nobody).rejects.toMatchObject({ code: 'not_found' });
});
