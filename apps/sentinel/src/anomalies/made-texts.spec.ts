// What the lab makes and hands out is no text of a call: each as its own maker makes it, alone and in a sentence.
import { callTexts } from '@labmesh/anomaly';
import { growthOf } from '@labmesh/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callOf, openWorld, principalOf, replica, type World } from '../open-sentinel.testing.js';
import { newClientKey, newRefreshToken } from '../tokens/client-key.js';

const callText = (args: unknown): string =>
  callTexts(args, { holds: 'prose' })
    .map(({ text }) => text)
    .join();

let world: World;
let lab: ReturnType<typeof replica>;
beforeAll(async () => {
  world = await openWorld();
  lab = replica(world);
  await lab.keys.onModuleInit();
});
afterAll(() => world.close());

/** Enough for what chance makes only now and then: a code without a digit, a key of letters. */
const TIMES = 300;

it('is left out, whatever chance made of it', async () => {
  const principal = principalOf('operator');
  const call = callOf(principal);
  const { token } = await lab.issuer.issue({
    walletId: principal.walletId,
    role: principal.role,
    permissions: [...principal.permissions],
    kind: 'access',
    label: 'test',
    issuedBy: principal.walletId,
    ttlSeconds: 60,
  });
  const { pass } = await lab.passes.issue({ credential: token, agent: 'curator' });
  const { sealed } = await lab.states.seal({ credential: token, state: '{"page":2}', purpose: 'test' });
  const made = [token, pass, sealed, (await lab.logKey.load()).text];
  for (let turn = 0; turn < TIMES; turn += 1) {
    made.push(newClientKey(), newRefreshToken());
    if (turn % 10 === 0) {
      made.push((await lab.signIn.createFor(principal)).code);
      const data = 'x'.repeat(turn * 40);
      made.push((await lab.encryption.encrypt({ data, encoding: 'utf8', context: '' }, call)).encrypted);
    }
  }
  for (const one of made) expect(callText({ any: one }), one.slice(0, 80)).toBe('');
  for (const one of made.filter((text) => text.length > 32 && text.length < 1_000))
    expect(callText({ any: `What is ${one}?` })).toBe('What is 0?');
});

it('is looked for in time in proportion to a hostile text', () => {
  for (const unit of ['eyJ', 'eyJ0123456789.', 'lmx1.', 'lmk_', 'a0', 'a0'.repeat(20), '#code=', 'labmesh/', ' ']) {
    const once = `${unit.repeat(Math.ceil(1_000 / unit.length))}!`;
    const long = once.repeat(8);
    const growth = growthOf({ small: () => callText({ once }), large: () => callText({ long }), enough: 32 });
    expect(growth, unit).toBeLessThan(32);
  }
});
