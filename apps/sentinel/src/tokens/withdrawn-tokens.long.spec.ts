// Access tokens believed without their rows: what is withdrawn is known in memory, and where that is not sure the row is read.
import type { Principal } from '@labmesh/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callOf, openWorld, principalOf, replica, type World } from '../open-sentinel.testing.js';

type Lab = ReturnType<typeof replica>;

let world: World;
let lab: Lab;
let other: Lab;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  [lab, other] = [replica(world), replica(world)];
  for (const { keys, withdrawn } of [lab, other]) {
    await keys.onModuleInit();
    await withdrawn.poll();
  }
});
afterAll(() => world.close());

async function issued(role: Principal['role'] = 'researcher') {
  const me = principalOf(role);
  await lab.principals.learn(me.walletId, role);
  const wish = {
    kind: 'access',
    refreshable: false,
    permissions: ['dataset:read'],
    toolset: ['curator_fetch_dataset'],
  };
  const made = await lab.issuer.issueFor(wish as Parameters<Lab['issuer']['issueFor']>[0], callOf(me));
  return { me, ...made };
}

const withdrawn = { code: 'unauthenticated', message: expect.stringContaining('withdrawn') as string };
const forget = (id: string) => world.database.prisma.credential.delete({ where: { id } });

describe('an access token', () => {
  it('says by itself what its row says', async () => {
    const { token, tokenId } = await issued();
    const bySignature = await lab.check.verify(token);
    world.nowMs += 5_000;
    expect(lab.withdrawn.current).toBe(false);
    expect(await lab.check.verify(token)).toEqual(bySignature);
    expect(bySignature.principal).toMatchObject({ permissions: ['dataset:read'], toolset: ['curator_fetch_dataset'] });
    await forget(tokenId);
    await expect(lab.check.verify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
    await lab.withdrawn.poll();
    expect(await lab.check.verify(token)).toEqual(bySignature);
  });

  it('ends to the second, also without its row', async () => {
    const { token, expiresAt } = await issued();
    world.nowMs = Date.parse(expiresAt) - 1_000;
    await lab.withdrawn.poll();
    await lab.check.verify(token);
    world.nowMs = Date.parse(expiresAt);
    expect(lab.withdrawn.current).toBe(true);
    await expect(lab.check.verify(token)).rejects.toMatchObject({ message: expect.stringContaining('expired') });
  });

  it('is refused by the replica that withdrew it at once, and by one that heard of it', async () => {
    const { me, token, tokenId } = await issued();
    await other.check.verify(token);
    await lab.revocations.revoke({ tokenId }, callOf(me));
    await expect(lab.check.verify(token)).rejects.toMatchObject(withdrawn);
    expect((await other.check.verify(token)).principal.credentialId).toBe(tokenId);
    other.revoked.add([tokenId]);
    await expect(other.check.verify(token)).rejects.toMatchObject(withdrawn);
  });

  it('is refused by a replica that heard nothing as soon as it looked', async () => {
    const { me, token } = await issued();
    await lab.revocations.revoke({ walletId: me.walletId }, callOf(me));
    await other.withdrawn.poll();
    await expect(other.check.verify(token)).rejects.toMatchObject(withdrawn);
  });

  it('is looked up by its row where a replica could not look for a while', async () => {
    const { me, token, tokenId } = await issued();
    await lab.revocations.revoke({ tokenId }, callOf(me));
    world.nowMs += 1_500;
    expect((await other.check.verify(token)).principal.credentialId).toBe(tokenId);
    world.nowMs += 1;
    await expect(other.check.verify(token)).rejects.toMatchObject(withdrawn);
    world.nowMs -= 60_000;
    expect(other.withdrawn.current).toBe(false);
  });

  it('that was withdrawn long ago is known to a replica that starts now, until its end', async () => {
    const { me, token, tokenId, expiresAt } = await issued();
    await lab.revocations.revoke({ tokenId }, callOf(me));
    world.nowMs = Date.parse(expiresAt) - 60_000;
    const late = replica(world);
    await late.keys.onModuleInit();
    await late.withdrawn.onModuleInit();
    expect(late.withdrawn.current).toBe(true);
    await expect(late.check.verify(token)).rejects.toMatchObject(withdrawn);
    world.nowMs = Date.parse(expiresAt) + 31_000;
    await late.withdrawn.poll();
    expect(late.withdrawn.has(tokenId)).toBe(false);
    await late.withdrawn.onModuleDestroy();
  });

  it('has the role of its wallet today, not the one it was signed with', async () => {
    const { me, token } = await issued('developer');
    expect((await lab.check.verify(token)).principal.role).toBe('developer');
    await lab.roleSetting.set({ walletId: me.walletId, role: 'citizen' }, callOf(principalOf('operator')));
    for (const replicaOf of [lab, other]) {
      await replicaOf.withdrawn.poll();
      const { principal } = await replicaOf.check.verify(token);
      expect(principal).toMatchObject({ role: 'citizen', permissions: ['dataset:read'] });
    }
  });

  it('has its last use noted, at most once a minute', async () => {
    const { token, tokenId } = await issued();
    const used = async (): Promise<number | undefined> => {
      await lab.withdrawn.poll();
      await lab.check.verify(token);
      await lab.lastUses.flush();
      const row = await world.database.prisma.credential.findUniqueOrThrow({ where: { id: tokenId } });
      return row.lastUsedAt?.getTime();
    };
    const start = world.nowMs;
    expect(await used()).toBe(start);
    world.nowMs = start + 59_999;
    expect(await used()).toBe(start);
    world.nowMs = start + 60_000;
    expect(await used()).toBe(start + 60_000);
  });
});

it('goes on polling on its own', async () => {
  const { me, token, tokenId } = await issued();
  await other.withdrawn.onModuleInit();
  await lab.revocations.revoke({ tokenId }, callOf(me));
  await expect.poll(() => other.withdrawn.has(tokenId)).toBe(true);
  await expect(other.check.verify(token)).rejects.toMatchObject(withdrawn);
  await other.withdrawn.onModuleDestroy();
});
