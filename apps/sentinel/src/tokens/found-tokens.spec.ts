// Leaked keys by their hashes: one's own with their state, the operator's view of all, and nothing of anybody else's.
import type { Principal } from '@labmesh/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callOf, openWorld, principalOf, replica, type World } from '../open-sentinel.testing.js';
import { hashOf } from './client-key.js';

let world: World;
let lab: ReturnType<typeof replica>;
beforeAll(async () => {
  world = await openWorld();
  lab = replica(world);
  await lab.keys.onModuleInit();
});
afterAll(() => world.close());

type Wish = Partial<Parameters<typeof lab.issuer.issueFor>[0]>;
async function issued(owner: Principal, wish: Wish = {}) {
  await lab.principals.learn(owner.walletId, owner.role);
  return lab.issuer.issueFor({ kind: 'client_key', refreshable: false, ...wish }, callOf(owner));
}
const hex = (token: string): string => hashOf(token).toString('hex');
const find = (owner: Principal, hashes: string[], tokenIds: string[] = []) =>
  lab.found.find({ hashes, tokenIds }, callOf(owner)).then(({ tokens }) => tokens);

it('tells one’s own by hash or id, whatever became of them', async () => {
  const me = principalOf('citizen');
  const [good, gone] = [await issued(me, { label: 'good' }), await issued(me)];
  const access = await issued(me, { kind: 'access', refreshable: true });
  await lab.revocations.revoke({ tokenId: gone.tokenId }, callOf(me));
  const refresh = access.refreshToken ?? '';
  const found = await find(me, [good.token, gone.token, refresh, 'never made'].map(hex), [access.tokenId]);
  expect(Object.fromEntries(found.map(({ tokenId, kind, state }) => [tokenId, `${kind} ${state}`]))).toMatchObject({
    [good.tokenId]: 'client_key good',
    [gone.tokenId]: 'client_key revoked',
    [access.tokenId]: 'access good',
  });
  expect(found).toHaveLength(4);
  expect(found.find(({ tokenId }) => tokenId === good.tokenId)).toMatchObject({ hash: hex(good.token), label: 'good' });
  expect(await find({ ...me, credentialId: good.tokenId }, [hex(good.token)])).toMatchObject([{ current: true }]);
});

it('keeps another wallet’s to itself, but not from the operator', async () => {
  const [me, other, operator] = [principalOf('developer'), principalOf('citizen'), principalOf('operator')];
  const theirs = await issued(other);
  expect(await find(me, [hex(theirs.token)], [theirs.tokenId])).toEqual([]);
  expect(await find(operator, [hex(theirs.token)])).toMatchObject([{ walletId: other.walletId }]);
  expect(await find(operator, [])).toEqual([]);
});
