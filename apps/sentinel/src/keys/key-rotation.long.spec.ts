// Keys changed while replicas run: nothing that was good is refused, nothing that was sealed is lost, and a crash on the way is mended.

import { randomBytes } from 'node:crypto';
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseKeySet, verifyJwt } from '@labmesh/identity';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  callOf,
  newWalletId,
  openWorld,
  PUBLIC_URL,
  principalOf,
  replica,
  type World,
} from '../open-sentinel.testing.js';

type Lab = ReturnType<typeof replica>;
let world: World;
let lab: Lab;
beforeEach(async () => {
  world = await openWorld();
  lab = await started();
});
afterEach(() => world.close());

async function started(options: Parameters<typeof replica>[1] = {}): Promise<Lab> {
  const made = replica(world, options);
  await made.keys.onModuleInit();
  await made.keys.onModuleDestroy();
  await made.rotation.onApplicationBootstrap();
  return made;
}

const kidOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid;
const kids = ({ keys }: Lab): string[] => keys.verificationKeys().map(({ kid }) => kid);

function signed({ keys }: Lab): string {
  const iat = Math.floor(world.nowMs / 1_000);
  const claims = { iss: PUBLIC_URL, aud: 'curator', sub: newWalletId(), jti: 'x', iat, exp: iat + 60 };
  return keys.sign('pass+jwt', { ...claims, role: 'citizen', permissions: [], cred: 'c', act: [] });
}
const verified = (token: string, { keys }: Lab): unknown =>
  verifyJwt(token, {
    keys: parseKeySet(keys.publish()),
    typ: 'pass+jwt',
    issuer: PUBLIC_URL,
    audience: 'curator',
    now: world.nowMs,
  });
const rotate = (what: 'signing' | 'master', { by = lab, leaked = false } = {}) =>
  by.rotation.rotate({ what, leaked, leadSeconds: 10 });

describe('a new signing key', () => {
  it('is published before it signs, and the old one for as long as its tokens live', async () => {
    const other = await started();
    const [old = ''] = kids(lab);
    const before = signed(lab);
    const { keyId, previousKeyId, at } = await rotate('signing');
    expect([previousKeyId, Date.parse(at)]).toEqual([old, world.nowMs + 10_000]);
    expect(kids(lab)).toEqual([keyId, old]);
    await other.keys.look();
    world.nowMs += 9_999;
    expect([kidOf(signed(lab)), kidOf(signed(other))]).toEqual([old, old]);
    world.nowMs += 1;
    // Without another look: each knows when.
    expect([kidOf(signed(lab)), kidOf(signed(other))]).toEqual([keyId, keyId]);
    for (const each of [lab, other]) {
      expect(verified(before, each)).toBeDefined();
      expect(verified(signed(each), lab)).toBeDefined();
    }
    world.nowMs += 3_659_000;
    await lab.keys.look();
    expect(kids(lab)).toEqual([keyId, old]);
    world.nowMs += 2_000;
    await lab.keys.look();
    expect(kids(lab)).toEqual([keyId]);
  });

  it('comes once, however many ask at once, and not while one is on its way', async () => {
    const replicas = [lab, await started(), await started()];
    const ended = await Promise.allSettled(replicas.map((by) => rotate('signing', { by })));
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(rotate('signing')).rejects.toMatchObject({ code: 'conflict' });
    world.nowMs += 10_000;
    await rotate('signing');
    await lab.keys.look();
    expect(kids(lab)).toHaveLength(3);
  });

  it('in the place of one that leaked ends all that was signed before, at once', async () => {
    const before = signed(lab);
    await rotate('signing');
    const { keyId, at } = await rotate('signing', { leaked: true });
    expect(Date.parse(at)).toBe(world.nowMs);
    expect(kids(lab)).toEqual([keyId]);
    expect(() => verified(before, lab)).toThrow(/does not publish/);
    expect(kidOf(signed(lab))).toBe(keyId);
    const other = await started();
    expect(kids(other)).toEqual([keyId]);
  });
});

describe('a new master key', () => {
  const owner = callOf(principalOf('researcher'));
  const plain = { encoding: 'utf8' as const, context: '' };
  const file = (): Promise<string> => readFile(join(world.home, 'master.key'), 'utf8');

  /** What is under the master key, in use: each opens what was sealed before. */
  async function inUse(by: Lab) {
    const { encrypted } = await by.encryption.encrypt({ data: 'kept', ...plain }, owner);
    const key = await by.logKey.load();
    return async (later: Lab): Promise<void> => {
      expect((await later.encryption.decrypt({ encrypted, ...plain }, owner)).data).toBe('kept');
      expect((await later.logKey.load()).text).toBe(key.text);
      expect(verified(signed(later), by)).toBeDefined();
    };
  }

  it('in the folder: everything is sealed anew, and the file is the new one', async () => {
    const works = await inUse(lab);
    const other = await started();
    const old = await file();
    expect(await rotate('master')).toMatchObject({ resealed: 3, lost: 0 });
    expect(await file()).not.toBe(old);
    expect((await readdir(world.home)).filter((name) => name.startsWith('master'))).toEqual(['master.key']);
    await works(lab);
    await works(await started());
    // A replica that runs on sees it at its next look, and seals under the new one.
    await other.keys.look();
    await other.dataKeys.rotate();
    await works(other);
    await works(await started());
    await expect(started({ masterKey: Buffer.from(old.trim(), 'base64url') })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('cut short after everything was sealed anew is ended by the next start', async () => {
    const works = await inUse(lab);
    await copyFile(join(world.home, 'master.key'), join(world.home, 'before'));
    const { reseal } = await lab.master.nextSealer();
    await lab.dataKeys.rotate();
    const sealed = world.database.prisma;
    await lab.rotation.rotate({ what: 'master', leaked: false, leadSeconds: 10 });
    // As if the process had ended just before the file took the other's name.
    await copyFile(join(world.home, 'master.key'), join(world.home, 'master.key.next'));
    await copyFile(join(world.home, 'before'), join(world.home, 'master.key'));
    const later = await started();
    await works(later);
    expect(await readdir(world.home)).not.toContain('master.key.next');
    const rows = await sealed.dataKey.findMany();
    for (const { id, sealedKey } of rows) expect(reseal(Buffer.from(sealedKey), id, 'data keys')).toBe('already');
    await works(await started());
  });

  it('cut short before anything was sealed anew changes nothing, and is taken up again', async () => {
    const works = await inUse(lab);
    const old = await file();
    await lab.master.nextSealer();
    const next = await readFile(join(world.home, 'master.key.next'), 'utf8');
    const later = await started();
    await works(later);
    expect(await file()).toBe(old);
    await rotate('master', { by: later });
    expect(await file()).toBe(next);
    await works(await started());
  });

  it('in the settings: replicas that have both go on, and the new one alone is enough afterwards', async () => {
    const masterKey = Buffer.from((await file()).trim(), 'base64url');
    const masterKeyNext = randomBytes(32);
    const works = await inUse(lab);
    const [alone, one, other] = [
      await started({ masterKey }),
      await started({ masterKey, masterKeyNext }),
      await started({ masterKey, masterKeyNext }),
    ];
    await expect(rotate('master', { by: alone })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('LABMESH_MASTER_KEY_NEXT') as string,
    });
    expect(await rotate('master', { by: one })).toMatchObject({ resealed: 3, lost: 0 });
    await other.keys.look();
    for (const each of [one, other]) await works(each);
    await other.dataKeys.rotate();
    const after = await started({ masterKey: masterKeyNext });
    await works(after);
    await expect(started({ masterKey })).rejects.toMatchObject({ code: 'unavailable' });
    expect(await rotate('master', { by: one })).toMatchObject({ resealed: 0, lost: 0 });
  });

  it('says what no key opens, and leaves it as it is', async () => {
    const works = await inUse(lab);
    await world.database.prisma.dataKey.create({
      data: {
        id: 'f'.repeat(16),
        sealedKey: new Uint8Array(60),
        createdAt: new Date(world.nowMs),
        retiredAt: new Date(world.nowMs),
      },
    });
    expect(await rotate('master')).toMatchObject({ resealed: 3, lost: 1 });
    await works(await started());
  });
});
