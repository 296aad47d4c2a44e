// What every place for bytes must do, as tests: the same for each kind.
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AppError } from '@labmesh/contracts';
import { expect, it } from 'vitest';
import type { BlobStore, Blobs } from './blob-store.js';

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export async function* pieces(...chunks: Array<Uint8Array | string | Error>): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    await Promise.resolve();
    if (chunk instanceof Error) throw chunk;
    yield Buffer.from(chunk);
  }
}

export async function whole(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export const hashesIn = async (store: BlobStore): Promise<string[]> => {
  const hashes: string[] = [];
  for await (const { sha256 } of store.list()) hashes.push(sha256);
  return hashes.sort();
};

const FAR = new Date(Date.now() + 86_400_000);

/** @param blobs asked for when a test runs */
export function keepsBytes(blobs: () => Blobs): void {
  it('gives back what it was given, once, under its hash', async () => {
    const store = blobs().of('alpha');
    const content = randomBytes(3_000_000);
    const ref = await store.put(pieces(content.subarray(0, 10), content.subarray(10)));
    expect(ref).toEqual({ sha256: sha256Of(content), bytes: content.length });
    expect(await store.put(pieces(content), { sha256: ref.sha256 })).toEqual(ref);
    expect(await hashesIn(store)).toEqual([ref.sha256]);
    expect(await store.stat(ref.sha256)).toMatchObject(ref);
    expect((await whole(await store.read(ref.sha256))).equals(content)).toBe(true);
    {
      await using copy = await store.localCopy(ref.sha256);
      expect((await readFile(copy.path)).equals(content)).toBe(true);
    }
    await store.remove(ref.sha256);
    await store.remove(ref.sha256);
    expect(await store.stat(ref.sha256)).toBeUndefined();
    expect(await hashesIn(store)).toEqual([]);
  });

  it('keeps content of no bytes at all', async () => {
    const store = blobs().of('alpha');
    const { sha256, bytes } = await store.put(pieces());
    expect(bytes).toBe(0);
    expect(await whole(await store.read(sha256))).toHaveLength(0);
    await store.remove(sha256);
  });

  it('reads a range, and refuses one that is not within', async () => {
    const store = blobs().of('alpha');
    const { sha256 } = await store.put(pieces('0123456789'));
    const range = async (start: number, end: number) =>
      (await whole(await store.read(sha256, { start, end }))).toString();
    expect([await range(0, 0), await range(3, 6), await range(0, 9), await range(9, 9)]).toEqual([
      '0',
      '3456',
      '0123456789',
      '9',
    ]);
    for (const [start, end] of [
      [0, 10],
      [10, 10],
      [5, 4],
      [-1, 3],
      [0.5, 3],
    ] as const)
      await expect(store.read(sha256, { start, end })).rejects.toMatchObject({ code: 'invalid_input' });
    await store.remove(sha256);
  });

  it('knows nothing of what is not there, and takes no path for a hash', async () => {
    const store = blobs().of('alpha');
    const unknown = sha256Of(randomBytes(8));
    expect(await store.stat(unknown)).toBeUndefined();
    await expect(store.read(unknown)).rejects.toMatchObject({ code: 'not_found' });
    await expect(store.read(unknown, { start: 0, end: 1 })).rejects.toMatchObject({ code: 'not_found' });
    await expect(store.localCopy(unknown)).rejects.toMatchObject({ code: 'not_found' });
    for (const path of ['', '../../etc/passwd', `${unknown}/..`, unknown.toUpperCase()])
      await expect(store.read(path)).rejects.toMatchObject({ code: 'invalid_input' });
    for (const name of ['uploads', '../x', '', 'A', 'a/b']) expect(() => blobs().of(name)).toThrow(AppError);
  });

  it.each([
    ['another checksum', pieces('abc'), { sha256: sha256Of(Buffer.from('abd')) }, 'invalid_input'],
    ['more than is allowed', pieces('abc', 'd'), { bytesMax: 3 }, 'too_large'],
    ['a caller who went away', pieces('abc'), { signal: AbortSignal.abort() }, 'cancelled'],
    ['a source that breaks off', pieces('abc', new AppError('upstream_failed', 'gone')), {}, 'upstream_failed'],
  ])('keeps nothing of %s', async (_, source, options, code) => {
    const store = blobs().of('refusing');
    await expect(store.put(source, options)).rejects.toMatchObject({ code });
    expect(await hashesIn(store)).toEqual([]);
    expect(await store.sweep(FAR)).toBe(0);
  });

  it('stops in the middle when the caller goes away', async () => {
    const store = blobs().of('refusing');
    const caller = new AbortController();
    async function* endless() {
      for (let n = 0; n < 1_000; n += 1) {
        if (n === 5) caller.abort();
        yield randomBytes(1_000);
        await Promise.resolve();
      }
    }
    await expect(store.put(endless(), { signal: caller.signal })).rejects.toMatchObject({ code: 'cancelled' });
    expect(await hashesIn(store)).toEqual([]);
  });

  it('keeps the same content once when many write it at a time', async () => {
    const store = blobs().of('alpha');
    const content = randomBytes(100_000);
    const refs = await Promise.all(Array.from({ length: 8 }, () => store.put(pieces(content))));
    expect(new Set(refs.map(({ sha256 }) => sha256))).toEqual(new Set([sha256Of(content)]));
    expect(await hashesIn(store)).toEqual([sha256Of(content)]);
    await store.remove(sha256Of(content));
  });

  it('makes content young again that is put once more', async () => {
    const store = blobs().of('alpha');
    const age = async () => {
      for await (const { modifiedAt } of store.list()) return modifiedAt.getTime();
      return Number.NaN;
    };
    const { sha256 } = await store.put(pieces('again'));
    const first = await age();
    // S3 tells times to the second.
    await expect
      .poll(
        async () => {
          await store.put(pieces('again'));
          return age();
        },
        { interval: 100 },
      )
      .toBeGreaterThan(first);
    await store.remove(sha256);
  });

  it('keeps namespaces apart', async () => {
    const { sha256 } = await blobs().of('alpha').put(pieces('mine'));
    expect(await blobs().of('beta').stat(sha256)).toBeUndefined();
    expect(await hashesIn(blobs().of('beta'))).toEqual([]);
    await blobs().of('alpha').remove(sha256);
  });

  it('can be reached', async () => {
    await blobs().ping();
  });
}
