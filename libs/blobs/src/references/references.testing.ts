// What naming content and collecting what nobody names must do, as tests: the same on each kind of database.
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '@labmesh/db';
import { expect, it } from 'vitest';
import type { BlobRef, BlobStore } from '../blob-store.js';
import { hashesIn, pieces } from '../blobs.testing.js';
import { BlobCollector } from './blob-collector.repository.js';
import { BlobReferences, type NewReference } from './blob-references.repository.js';

const ROUNDS = 16;

/** On the Curator's schema, which has the tables. */
export function namesContent(place: () => { readonly database: Database; readonly store: BlobStore }): void {
  const references = (store = place().store) =>
    new BlobReferences({ database: place().database, store, agent: 'curator', quotas: { citizen: 1_000 } });
  const collector = (graceMs: number, store = place().store) =>
    new BlobCollector({ database: place().database, references: references(store), graceMs, temporaryMs: 0, batch: 5 });
  const put = (bytes = 100): Promise<BlobRef> => place().store.put(pieces(randomBytes(bytes)));
  const asked = (ref: BlobRef, more: Partial<NewReference> = {}): NewReference => ({
    ...ref,
    mediaType: 'text/csv',
    name: 'a.csv',
    owner: 'wal_1',
    ...more,
  });
  const claim = (...wanted: NewReference[]): Promise<string[]> =>
    place().database.prisma.$transaction((tx) => references().claim(tx, wanted));
  const release = (...ids: string[]): Promise<void> =>
    place().database.prisma.$transaction((tx) => references().release(tx, ids));

  it('keeps content for as long as somebody names it', async () => {
    const ref = await put();
    const [first = '', second = ''] = await claim(asked(ref), asked(ref, { owner: 'wal_2' }));
    expect(first).toMatch(/^blob_curator_[0-9a-f-]{36}$/);
    expect(await references().find(first)).toEqual({ id: first, ...asked(ref), createdAt: expect.any(Date) });
    await release(first);
    expect(await references().find(first)).toBeUndefined();
    expect(await collector(-1_000).collect()).toEqual({ contents: 0, bytes: 0, temporaries: 0 });
    await release(second);
    expect(await collector(-1_000).collect()).toEqual({ contents: 1, bytes: 100, temporaries: 0 });
    expect(await hashesIn(place().store)).toEqual([]);
  });

  it('leaves what was put a moment ago, and what was put again', async () => {
    const ref = await put();
    expect(await collector(60_000).collect()).toMatchObject({ contents: 0 });
    const [id = ''] = await claim(asked(ref));
    await release(id);
    await collector(-1_000).collect();
  });

  it('names nothing that is not there, or is not what it was', async () => {
    const ref = await put();
    await expect(claim(asked({ ...ref, bytes: 99 }))).rejects.toMatchObject({ code: 'unavailable' });
    await place().store.remove(ref.sha256);
    await expect(claim(asked(ref))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await references().usedBy('wal_1')).toBe(0);
  });

  it('takes a name back with the transaction that it was given in', async () => {
    const ref = await put();
    const failing = place().database.prisma.$transaction(async (tx) => {
      await references().claim(tx, [asked(ref)]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await references().usedBy('wal_1')).toBe(0);
    expect(await collector(-1_000).collect()).toMatchObject({ contents: 1 });
  });

  it('holds an owner to the quota of its role, of many claims at once too, and says what is used', async () => {
    const refs = await Promise.all(Array.from({ length: 6 }, () => put(300)));
    const claims = await Promise.allSettled(
      refs.map((ref) => claim(asked(ref, { owner: 'wal_quota', role: 'citizen' }))),
    );
    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(await references().usedBy('wal_quota')).toBe(900);
    const [refused] = claims.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toMatchObject({
      code: 'quota_exceeded',
      message: expect.stringContaining('has 900 of the 1000'),
      details: { usedBytes: 900, wantedBytes: 300, allowedBytes: 1_000 },
    });
    // Others, and roles without a quota, are not held up.
    for (const more of [
      { owner: 'wal_other', role: 'citizen' as const },
      { owner: 'wal_quota', role: 'operator' as const },
    ])
      await claim(asked(refs[0] as BlobRef, more));
    await place().database.pool.query('DELETE FROM curator.blobs');
    expect(await collector(-1_000).collect()).toMatchObject({ contents: 6 });
  });

  it('never loses content to a collector that runs while it is named', async () => {
    const lost: string[] = [];
    let [kept, refused] = [0, 0];
    for (let round = 0; round < ROUNDS; round += 1) {
      const ref = await put();
      const claiming = pause(round % 4).then(() => claim(asked(ref)));
      const collecting = [0, 1].map((turn) => pause((round + turn) % 3).then(() => collector(-1_000).collect()));
      const [claimed] = await Promise.allSettled([claiming, ...collecting]);
      const isThere = (await place().store.stat(ref.sha256)) !== undefined;
      if (claimed.status === 'fulfilled') {
        kept += 1;
        if (!isThere) lost.push(ref.sha256);
        await release(...claimed.value);
      } else {
        refused += 1;
        expect(claimed.reason).toMatchObject({ code: 'unavailable' });
      }
    }
    expect(lost).toEqual([]);
    expect(kept + refused).toBe(ROUNDS);
    await collector(-1_000).collect();
  });

  it('never names content that is just being removed', async () => {
    const ref = await put();
    const { store } = place();
    let removing = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      removing = resolve;
    });
    // The collector has looked that nobody names it, and is slow to remove it.
    const slow = new Proxy(store, {
      get: (target, property) =>
        property === 'remove'
          ? async (sha256: string) => {
              removing();
              await pause(100);
              await store.remove(sha256);
            }
          : Reflect.get(target, property).bind(target),
    });
    const collecting = collector(-1_000, slow).collect();
    await begun;
    await expect(claim(asked(ref))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await collecting).toMatchObject({ contents: 1 });
  });

  it('claims of the same contents in any order do not wait for each other forever', async () => {
    const [one, two] = [await put(), await put()];
    const both = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        n % 2 === 0 ? claim(asked(one), asked(two)) : claim(asked(two), asked(one)),
      ),
    );
    await release(...both.flat());
    await collector(-1_000).collect();
  });

  it('is collected by one of many, when it is time to', async () => {
    await place().database.pool.query('DELETE FROM curator.blob_upkeep');
    const { signal } = new AbortController();
    const replicas = Array.from({ length: 5 }, () => collector(-1_000));
    const due = () => Promise.all(replicas.map((one) => one.collectWhenDue(signal)));
    expect((await due()).filter((one) => one !== undefined)).toHaveLength(1);
    expect((await due()).filter((one) => one !== undefined)).toHaveLength(0);
    await place().database.pool.query("UPDATE curator.blob_upkeep SET next_at = now() - interval '1 second'");
    expect((await due()).filter((one) => one !== undefined)).toHaveLength(1);
  });

  it('goes through more than fits one statement', async () => {
    const refs = await Promise.all(Array.from({ length: 12 }, () => put(8)));
    const [id = ''] = await claim(asked(refs[0] as BlobRef));
    expect(await collector(-1_000).collect()).toMatchObject({ contents: 11 });
    await release(id);
    expect(await collector(-1_000).collect()).toMatchObject({ contents: 1 });
  });
}
