// What goes through a client and back: it opens for whom and what it was sealed for, whole and in time; nothing else does.
import { REQUEST_STATE_TTL_S } from '@labmesh/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, openWorld, principalOf, replica, type World } from '../open-sentinel.testing.js';

let world: World;
let one: ReturnType<typeof replica>;
let credential: string;
let stranger: string;

const token = async (): Promise<string> => {
  const holder = principalOf('citizen');
  await one.principals.learn(holder.walletId, 'citizen');
  return (await one.issuer.issueFor({ kind: 'client_key', refreshable: false }, callOf(holder))).token;
};

beforeAll(async () => {
  world = await openWorld();
  one = replica(world);
  await one.keys.onModuleInit();
  [credential, stranger] = [await token(), await token()];
});
afterAll(() => world.close());

const refusal = expect.objectContaining({ code: 'invalid_input' });
const purpose = 'curator.publish abc';

describe('request states', () => {
  it('open in any replica, as they were', async () => {
    const { sealed } = await one.states.seal({ credential, state: '{"step":2,"ü":"✓"}', purpose });
    expect(sealed).not.toContain('step');
    const other = replica(world);
    await other.keys.onModuleInit();
    expect(await other.states.open({ credential, sealed, purpose })).toEqual({ state: '{"step":2,"ü":"✓"}' });
  });

  it('open for nobody else and nothing else', async () => {
    const { sealed } = await one.states.seal({ credential, state: 'secret', purpose });
    await expect(one.states.open({ credential: stranger, sealed, purpose })).rejects.toEqual(refusal);
    await expect(one.states.open({ credential, sealed, purpose: 'curator.publish abd' })).rejects.toEqual(refusal);
    await expect(one.states.open({ credential: 'lmk_none', sealed, purpose })).rejects.toEqual(
      expect.objectContaining({ code: 'unauthenticated' }),
    );
  });

  it('do not open when any character was altered, added or cut', async () => {
    const { sealed } = await one.states.seal({ credential, state: 's', purpose });
    for (let at = 0; at < sealed.length; at += 1) {
      const altered = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
      await expect(one.states.open({ credential, sealed: altered, purpose })).rejects.toEqual(refusal);
      await expect(one.states.open({ credential, sealed: sealed.slice(0, at), purpose })).rejects.toEqual(refusal);
    }
    for (const longer of [`${sealed}A`, `${sealed}=`, ` ${sealed}`])
      await expect(one.states.open({ credential, sealed: longer, purpose })).rejects.toEqual(refusal);
  });

  it('do not open when their time is over', async () => {
    const { sealed } = await one.states.seal({ credential, state: 's', purpose });
    world.nowMs += REQUEST_STATE_TTL_S * 1_000 - 1;
    await expect(one.states.open({ credential, sealed, purpose })).resolves.toEqual({ state: 's' });
    world.nowMs += 1;
    await expect(one.states.open({ credential, sealed, purpose })).rejects.toEqual(refusal);
  });
});
