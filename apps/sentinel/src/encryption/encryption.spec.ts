// Data comes back to the wallet that encrypted it, for the same context, through every change of keys; to nobody else, and not
// when a bit of it was changed.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, openWorld, principalOf, replica, type World } from '../open-sentinel.testing.js';

let world: World;
let lab: ReturnType<typeof replica>;
beforeAll(async () => {
  world = await openWorld();
  lab = replica(world);
  await lab.keys.onModuleInit();
});
afterAll(() => world.close());

const owner = callOf(principalOf('researcher'));
const plain = { encoding: 'utf8' as const, context: '' };
const encrypt = (data: string, extra = {}) => lab.encryption.encrypt({ data, ...plain, ...extra }, owner);
const decrypt = (encrypted: string, extra = {}, call = owner) =>
  lab.encryption.decrypt({ encrypted, ...plain, ...extra }, call);

describe('encrypt_data and decrypt_data', () => {
  it('give back any text and any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.uint8Array(), async (text, bytes) => {
        const { encrypted } = await encrypt(text, { context: 'notes' });
        expect(await decrypt(encrypted, { context: 'notes' })).toMatchObject({ data: text, outdated: false });
        const data = Buffer.from(bytes).toString('base64');
        const base64 = { encoding: 'base64' as const };
        expect((await decrypt((await encrypt(data, base64)).encrypted, base64)).data).toBe(data);
      }),
      { numRuns: 50 },
    );
  });

  it('say the same twice in different words, under a key that they name', async () => {
    const [one, other] = [await encrypt('secret'), await encrypt('secret')];
    expect(one.encrypted).not.toBe(other.encrypted);
    expect(one.encrypted).toMatch(new RegExp(`^lmx1\\.${one.keyId}\\.[A-Za-z0-9_-]+$`));
  });

  it('refuse another wallet, another context, and what was altered anywhere', async () => {
    const { encrypted } = await encrypt('secret', { context: 'notes' });
    const notes = { context: 'notes' };
    const others = callOf(principalOf('operator'));
    await expect(decrypt(encrypted, notes, others)).rejects.toMatchObject({ code: 'conflict' });
    await expect(decrypt(encrypted, { context: 'other' })).rejects.toMatchObject({ code: 'conflict' });
    for (let at = 0; at < encrypted.length; at += 1) {
      const character = encrypted[at] === 'A' ? 'B' : 'A';
      const altered = encrypted.slice(0, at) + character + encrypted.slice(at + 1);
      await expect(decrypt(altered, notes)).rejects.toMatchObject({
        code: expect.stringMatching(/^(conflict|invalid_input)$/),
      });
    }
    for (const cut of ['', 'lmx1', encrypted.slice(0, 20), encrypted.slice(0, -10), `${encrypted}=`])
      await expect(decrypt(cut, notes)).rejects.toMatchObject({
        code: expect.stringMatching(/^(conflict|invalid_input)$/),
      });
  });

  it('refuse what is no data in its encoding, and both or neither of the two', async () => {
    await expect(encrypt('not base64!', { encoding: 'base64' })).rejects.toThrow('is not base64');
    await expect(encrypt('a\ud800b')).rejects.toThrow('half a character');
    const bytes = await encrypt(Buffer.of(0xff, 0xfe).toString('base64'), { encoding: 'base64' });
    await expect(decrypt(bytes.encrypted)).rejects.toThrow('encoding "base64"');
    await expect(lab.encryption.encrypt({ ...plain }, owner)).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(encrypt('a', { encrypted: bytes.encrypted })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('rotate_keys', () => {
  it('makes a new key; what is older is still read, told so, and encrypted anew by its owner', async () => {
    const old = await encrypt('secret');
    const rotated = await lab.dataKeys.rotate();
    expect(rotated.previousKeyId).toBe(old.keyId);
    expect(await decrypt(old.encrypted)).toEqual({ data: 'secret', keyId: old.keyId, outdated: true });
    const anew = await lab.encryption.encrypt({ encrypted: old.encrypted, ...plain }, owner);
    expect(anew.keyId).toBe(rotated.keyId);
    expect(await decrypt(anew.encrypted)).toEqual({ data: 'secret', keyId: rotated.keyId, outdated: false });
    const others = callOf(principalOf('operator'));
    const stolen = lab.encryption.encrypt({ encrypted: old.encrypted, ...plain }, others);
    await expect(stolen).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is heard of by other replicas, which read what this one encrypted', async () => {
    const other = replica(world);
    await other.keys.onModuleInit();
    await other.encryption.encrypt({ data: 'x', ...plain }, owner);
    const { keyId } = await lab.dataKeys.rotate();
    world.nowMs += 1_001;
    expect((await other.encryption.encrypt({ data: 'x', ...plain }, owner)).keyId).toBe(keyId);
    const { encrypted } = await encrypt('shared');
    expect((await other.encryption.decrypt({ encrypted, ...plain }, owner)).data).toBe('shared');
  });

  it('has one newest key, however many rotate at once', async () => {
    const replicas = [lab, replica(world), replica(world)];
    for (const each of replicas) await each.keys.onModuleInit();
    const ended = await Promise.allSettled(replicas.map((each) => each.dataKeys.rotate()));
    expect(ended.some(({ status }) => status === 'fulfilled')).toBe(true);
    for (const end of ended) if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'conflict' });
    const { rows } = await world.database.pool.query(
      'SELECT count(*)::int AS count FROM "sentinel"."data_keys" WHERE "retired_at" IS NULL',
    );
    expect(rows).toEqual([{ count: 1 }]);
  });

  it('keeps no key in the clear', async () => {
    await encrypt('secret');
    const { rows } = await world.database.pool.query<{ sealed_key: Buffer }>(
      'SELECT "sealed_key" FROM "sentinel"."data_keys"',
    );
    for (const { sealed_key } of rows) expect(sealed_key).toHaveLength(12 + 32 + 16);
  });
});
