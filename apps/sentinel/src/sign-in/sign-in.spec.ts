// One-time codes: good once, ten minutes, and never worth more than who asked for them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, principalOf, replica, type World } from '../open-sentinel.testing.js';

let world: World;
let lab: ReturnType<typeof replica>;
beforeAll(async () => {
  world = await openWorld();
  lab = replica(world);
  await lab.keys.onModuleInit();
});
afterAll(() => world.close());

const refused = { code: 'unauthenticated' };

describe('SignIn', () => {
  it('exchanges a code for an access token with the rights of who asked', async () => {
    const me = principalOf('researcher', { permissions: ['dataset:read'], toolset: ['curator_fetch_dataset'] });
    const { code, expiresAt } = await lab.signIn.createFor(me);
    expect(Buffer.from(code, 'base64url')).toHaveLength(24);
    expect(Date.parse(expiresAt)).toBe(world.nowMs + 600_000);
    const redeemed = await lab.signIn.redeem(code);
    expect(redeemed).toMatchObject({ walletId: me.walletId, role: 'researcher' });
    expect((await lab.check.verify(redeemed.token)).principal).toMatchObject({
      walletId: me.walletId,
      role: 'researcher',
      permissions: ['dataset:read'],
      toolset: ['curator_fetch_dataset'],
    });
  });

  it('lets one of many at once in', async () => {
    const { code } = await lab.signIn.createFor(principalOf('citizen'));
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => lab.signIn.redeem(code)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(lab.signIn.redeem(code)).rejects.toMatchObject(refused);
  });

  it('refuses a code after ten minutes, and one that was never made', async () => {
    const { code } = await lab.signIn.createFor(principalOf('citizen'));
    world.nowMs += 600_000;
    await expect(lab.signIn.redeem(code)).rejects.toMatchObject(refused);
    await expect(lab.signIn.redeem('never')).rejects.toMatchObject(refused);
    await expect(lab.signIn.redeem('')).rejects.toMatchObject(refused);
  });

  it('keeps only a hash, and that not for long', async () => {
    const { code } = await lab.signIn.createFor(principalOf('citizen'));
    const rows = await world.database.prisma.signInCode.findMany();
    expect(JSON.stringify(rows)).not.toContain(code);
    expect(rows.every((row) => Buffer.from(row.codeHash).length === 32)).toBe(true);
    world.nowMs += 600_000;
    await lab.signIn.createFor(principalOf('citizen'));
    expect(await world.database.prisma.signInCode.count()).toBe(1);
  });
});
