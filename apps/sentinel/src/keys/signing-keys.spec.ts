// Keys at rest and at first start: sealed, stable over restarts, one for all replicas.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseKeySet, verifyJwt } from '@labmesh/identity';
import jwt from 'jsonwebtoken';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newWalletId, openWorld, PUBLIC_URL, replica, type World } from '../open-sentinel.testing.js';
import { seal, unseal } from './aead.js';
import { masterKeyOf } from './master-key.js';
import { thumbprint } from './signing-keys.js';

const masterKey = randomBytes(32);
let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('seal', () => {
  it('opens under the same key and id only', () => {
    const sealed = seal(Buffer.from('secret'), 'kid', masterKey);
    expect(unseal(sealed, 'kid', masterKey)?.toString()).toBe('secret');
    expect(sealed.includes('secret')).toBe(false);
    expect(seal(Buffer.from('secret'), 'kid', masterKey)).not.toEqual(sealed);
    expect(unseal(sealed, 'other', masterKey)).toBeUndefined();
    expect(unseal(sealed, 'kid', randomBytes(32))).toBeUndefined();
  });

  it('refuses what was altered in any byte, or cut', () => {
    const sealed = seal(Buffer.from('secret'), 'kid', masterKey);
    for (let at = 0; at < sealed.length; at += 1) {
      const altered = Buffer.from(sealed);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(unseal(altered, 'kid', masterKey)).toBeUndefined();
      expect(unseal(sealed.subarray(0, at), 'kid', masterKey)).toBeUndefined();
    }
  });
});

describe('masterKeyOf', () => {
  it('makes one file for all who start at once, readable by its owner alone', async () => {
    const home = await mkdtemp(join(tmpdir(), 'master-'));
    const keys = await Promise.all(Array.from({ length: 8 }, () => masterKeyOf({ home, mayMake: true })));
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    expect(keys[0]).toHaveLength(32);
    expect((await stat(join(home, 'master.key'))).mode & 0o777).toBe(0o600);
    expect(await readdir(home)).toEqual(['master.key']);
    await writeFile(join(home, 'master.key'), 'not a key\n');
    await expect(masterKeyOf({ home, mayMake: true })).rejects.toMatchObject({ code: 'unavailable' });
    expect(await masterKeyOf({ given: masterKey, home, mayMake: true })).toBe(masterKey);
    await rm(home, { recursive: true });
  });

  it('makes no new key while something is sealed under a lost one', async () => {
    const home = await mkdtemp(join(tmpdir(), 'master-'));
    await expect(masterKeyOf({ home, mayMake: false })).rejects.toMatchObject({ code: 'unavailable' });
    expect(await readdir(home)).toEqual([]);
    await rm(home, { recursive: true });
  });
});

describe('SigningKeys', () => {
  it('answers unavailable before the start is over', () => {
    expect(() => replica(world).keys.publish()).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });

  it('makes one key for replicas that start at once, and keeps it over restarts', async () => {
    const replicas = Array.from({ length: 4 }, () => replica(world, { masterKey }));
    await Promise.all(replicas.map(({ keys }) => keys.onModuleInit()));
    const sets = replicas.map(({ keys }) => JSON.stringify(keys.publish()));
    expect(new Set(sets).size).toBe(1);
    const later = replica(world, { masterKey });
    await later.keys.onModuleInit();
    expect(JSON.stringify(later.keys.publish())).toBe(sets[0]);
  });

  it('publishes public keys only, under their thumbprint, and signs what they verify', async () => {
    const { keys } = replica(world, { masterKey });
    await keys.onModuleInit();
    const [key] = keys.publish().keys;
    expect(key).toEqual({
      kty: 'EC',
      crv: 'P-256',
      x: expect.any(String),
      y: expect.any(String),
      kid: expect.any(String),
      alg: 'ES256',
      use: 'sig',
    });
    const [parsed] = parseKeySet(keys.publish());
    expect(parsed && thumbprint(parsed)).toBe(key?.kid);
    const S = Math.floor(world.nowMs / 1_000);
    const claims = {
      iss: PUBLIC_URL,
      aud: 'curator',
      sub: newWalletId(),
      jti: 'x',
      iat: S,
      exp: S + 60,
      role: 'citizen',
      permissions: [],
      cred: 'c',
      act: [],
    };
    const token = keys.sign('pass+jwt', claims);
    expect(jwt.decode(token, { complete: true })?.header).toEqual({ alg: 'ES256', typ: 'pass+jwt', kid: key?.kid });
    expect(
      verifyJwt(token, {
        keys: parseKeySet(keys.publish()),
        typ: 'pass+jwt',
        issuer: PUBLIC_URL,
        audience: 'curator',
        now: world.nowMs,
      }),
    ).toEqual(claims);
  });

  it('keeps no private key in the clear', async () => {
    const row = await world.database.prisma.signingKey.findFirstOrThrow();
    const opened = unseal(Buffer.from(row.sealedPrivate), row.kid, masterKey) ?? Buffer.alloc(0);
    expect(JSON.stringify(row.publicKey)).not.toContain('"d"');
    expect(opened.length).toBeGreaterThan(32);
    expect(Buffer.from(row.sealedPrivate).includes(opened.subarray(-32))).toBe(false);
  });

  it('refuses to start under another master key, and says what to do', async () => {
    await expect(replica(world, { masterKey: randomBytes(32) }).keys.onModuleInit()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/master\.key.*LABMESH_MASTER_KEY/) as string,
    });
  });

  it('publishes a retired key for as long as its tokens may live', async () => {
    const before = replica(world, { masterKey });
    await before.keys.onModuleInit();
    const old = before.keys.publish().keys[0]?.kid;
    await world.database.prisma.signingKey.updateMany({ data: { retiredAt: new Date(world.nowMs) } });
    world.nowMs += 1_800_000;
    const after = replica(world, { masterKey });
    await after.keys.onModuleInit();
    expect(after.keys.publish().keys.map(({ kid }) => kid)).toEqual([expect.not.stringMatching(String(old)), old]);
    world.nowMs += 1_861_000;
    const much = replica(world, { masterKey });
    await much.keys.onModuleInit();
    expect(much.keys.publish().keys).toHaveLength(1);
  });

  it('makes the master key file when none is given', async () => {
    await world.database.prisma.signingKey.deleteMany();
    await replica(world).keys.onModuleInit();
    expect((await readFile(join(world.home, 'master.key'), 'utf8')).trim()).toHaveLength(43);
  });
});
