// Which keys are trusted, and for how long: a new one is found when it is needed, one that is gone is soon forgotten.
import { generateKeyPairSync } from 'node:crypto';
import { PASS_TTL_S } from '@labmesh/contracts';
import jwt from 'jsonwebtoken';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ChangedRoles } from './changed-roles.js';
import { KeySet } from './key-set.js';
import { PassVerifier } from './pass-verifier.js';
import { Policies } from './policies.js';

const ISSUER = 'http://127.0.0.1:3000';

function key(kid: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid, privateKey, published: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' } };
}
const [first, second] = [key('first'), key('second')];

let published: Array<typeof first>;
let asked: number;
let keys: KeySet;
let passes: PassVerifier;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  [published, asked] = [[first], 0];
  const request = async (): Promise<unknown> => {
    asked += 1;
    return { keys: published.map((each) => each.published) };
  };
  keys = new KeySet({ request });
  passes = new PassVerifier(keys, ISSUER, {
    revoked: { has: () => false },
    roles: new ChangedRoles(),
    policies: new Policies({ request }),
  });
});
afterEach(() => void vi.useRealTimers());

const later = (ms: number): void => void vi.setSystemTime(Date.now() + ms);
function pass({ kid, privateKey }: typeof first): string {
  const iat = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: ISSUER,
    aud: 'curator',
    sub: 'wal_01920000-0000-7000-8000-000000000001',
    jti: 'x',
    iat,
    exp: iat + PASS_TTL_S,
    role: 'citizen',
    permissions: [],
    cred: 'c',
    act: [],
  };
  return jwt.sign(claims, privateKey, { algorithm: 'ES256', header: { alg: 'ES256', typ: 'pass+jwt', kid } });
}

it('learns a new key from the first pass that names it', async () => {
  await passes.verify(pass(first), 'curator');
  published = [second, first];
  later(1_000);
  await passes.verify(pass(second), 'curator');
  await passes.verify(pass(first), 'curator');
  expect(asked).toBe(2);
});

it('believes a pass it has seen no longer than the key of it is published', async () => {
  const seen = pass(first);
  await passes.verify(seen, 'curator');
  published = [second];
  later(4_999);
  await passes.verify(seen, 'curator');
  expect(asked).toBe(1);
  later(1);
  // This one is still let in, and makes the keys be read anew.
  await passes.verify(seen, 'curator');
  await vi.waitFor(() => expect(keys.trusts('second')).toBe(true), { timeout: 60_000 });
  await expect(passes.verify(seen, 'curator')).rejects.toMatchObject({ code: 'unauthenticated' });
  await expect(passes.verify(pass(first), 'curator')).rejects.toMatchObject({ code: 'unauthenticated' });
});

it('reads the keys anew at once when it hears of others, and believes none that it only heard of', async () => {
  const seen = pass(first);
  await passes.verify(seen, 'curator');
  keys.heard(['first']);
  expect(asked).toBe(1);
  published = [second];
  keys.heard(['second', 'third']);
  await vi.waitFor(() => expect(keys.trusts('second')).toBe(true), { timeout: 60_000 });
  expect([asked, keys.trusts('first'), keys.trusts('third')]).toEqual([2, false, false]);
  await expect(passes.verify(seen, 'curator')).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(keys.distrustedAtMs).toBe(0);
  keys.heard(['second'], true);
  expect(keys.distrustedAtMs).toBe(Date.now());
});

it('asks at most once a second for a key that nobody has', async () => {
  for (let turn = 0; turn < 20; turn += 1)
    await expect(passes.verify(pass(second), 'curator')).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(asked).toBe(1);
});
