// Bytes in a folder: what every place for bytes must do, what a crash leaves, and what a damaged file may never become.
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Blobs } from '../blob-store.js';
import { hashesIn, keepsBytes, pieces, sha256Of, whole } from '../blobs.testing.js';
import { openBlobs } from '../open-blobs.js';

let folder: string;
let blobs: Blobs;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-blobs-'));
  blobs = await openBlobs({ folder: join(folder, 'blobs') });
});
afterAll(async () => {
  await blobs.close();
  await rm(folder, { recursive: true, force: true });
});

const pathOf = (sha256: string): string => join(folder, 'blobs', 'alpha', sha256.slice(0, 2), sha256);
const YESTERDAY = new Date(Date.now() - 86_400_000);

describe('a folder', () => {
  keepsBytes(() => blobs);

  it('is the one that the address names', async () => {
    const shared = await openBlobs({ url: pathToFileURL(join(folder, 'a shared one')).href, folder: '/nowhere' });
    const { sha256 } = await shared.of('alpha').put(pieces('x'));
    expect((await readFile(join(folder, 'a shared one', 'alpha', sha256.slice(0, 2), sha256))).toString()).toBe('x');
    for (const url of ['http://127.0.0.1/', 'file://server/share', 'nonsense'])
      await expect(openBlobs({ url, folder })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('is closed to others, and its files to changes', async () => {
    const { sha256 } = await blobs.of('alpha').put(pieces('closed'));
    expect([(await stat(pathOf(sha256))).mode & 0o777, (await stat(join(folder, 'blobs'))).mode & 0o777]).toEqual([
      0o400, 0o700,
    ]);
    await blobs.of('alpha').remove(sha256);
  });

  it('says so when it is none', async () => {
    await writeFile(join(folder, 'a-file'), '');
    await expect(openBlobs({ folder: join(folder, 'a-file') })).rejects.toMatchObject({ code: 'unavailable' });
    const gone = await openBlobs({ folder: join(folder, 'gone') });
    await rm(join(folder, 'gone'), { recursive: true });
    await expect(gone.ping()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('gone') });
  });
});

describe('a damaged file', () => {
  it.each([
    ['cut', (content: Buffer) => content.subarray(0, -1)],
    ['of no bytes', () => Buffer.alloc(0)],
    ['altered', (content: Buffer) => Buffer.from(content.map((byte, at) => (at === 0 ? byte ^ 1 : byte)))],
    ['longer', (content: Buffer) => Buffer.concat([content, Buffer.from('x')])],
  ])('that is %s never comes out as right, and is mended by the same content', async (_, damage) => {
    const store = blobs.of('alpha');
    const content = randomBytes(200_000);
    const { sha256 } = await store.put(pieces(content));
    await chmod(pathOf(sha256), 0o600);
    await writeFile(pathOf(sha256), damage(content));
    const given: Buffer[] = [];
    const reading = (async () => {
      for await (const chunk of await store.read(sha256)) given.push(chunk as Buffer);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('damaged') });
    expect(Buffer.concat(given).length).toBeLessThan(content.length);
    await store.put(pieces(content));
    expect((await whole(await store.read(sha256))).equals(content)).toBe(true);
    await store.remove(sha256);
  });
});

describe('what a crash leaves', () => {
  it('has no name, and is swept when nobody has written to it for a while', async () => {
    const store = blobs.of('crashed');
    const temporary = join(folder, 'blobs', 'crashed', 'tmp');
    await mkdir(temporary, { recursive: true });
    await writeFile(join(temporary, 'half'), 'half of it');
    await writeFile(join(temporary, 'young'), 'being written');
    await utimes(join(temporary, 'half'), YESTERDAY, YESTERDAY);
    expect(await hashesIn(store)).toEqual([]);
    expect(await store.sweep(new Date(Date.now() - 3_600_000))).toBe(1);
    expect(await readdir(temporary)).toEqual(['young']);
  });
});

describe('uploads', () => {
  const uploaded = async (uploadId: string, content: string, record: object) => {
    await writeFile(join(folder, 'blobs/uploads', uploadId), content);
    await writeFile(join(folder, 'blobs/uploads', `${uploadId}.json`), JSON.stringify({ id: uploadId, ...record }));
  };
  const mine = { walletId: 'wal_1', filename: 'a.csv', filetype: 'text/csv' };

  it('are found by whoever made them, when they are whole', async () => {
    const { uploads } = blobs;
    await uploaded('whole', 'a,b\n', { size: 4, offset: 0, metadata: mine });
    await uploaded('half', 'a,', { size: 4, offset: 0, metadata: mine });
    await uploaded('unsized', 'a,', { offset: 0, metadata: mine });
    await uploaded('nobodys', 'a,b\n', { size: 4, offset: 0 });
    expect(await uploads.find('whole', 'wal_1')).toEqual({
      uploadId: 'whole',
      bytes: 4,
      name: 'a.csv',
      mediaType: 'text/csv',
      finishedAt: expect.any(Date),
    });
    expect((await whole(await uploads.open('whole', 'wal_1'))).toString()).toBe('a,b\n');
    for (const [id, wallet] of [
      ['whole', 'wal_2'],
      ['half', 'wal_1'],
      ['unsized', 'wal_1'],
      ['nobodys', 'wal_1'],
      ['none', 'wal_1'],
      ['whole.json', 'wal_1'],
      ['../uploads/whole', 'wal_1'],
    ] as const) {
      expect(await uploads.find(id, wallet)).toBeUndefined();
      await expect(uploads.open(id, wallet)).rejects.toMatchObject({ code: 'not_found' });
    }
    await writeFile(join(folder, 'blobs/uploads/half.json'), '{"size":2');
    expect(await uploads.find('half', 'wal_1')).toBeUndefined();
    await uploads.remove('whole');
    await uploads.remove('whole');
    expect(await uploads.find('whole', 'wal_1')).toBeUndefined();
  });

  it('are swept when nobody has written to them for a while', async () => {
    const place = join(folder, 'blobs/uploads');
    await rm(place, { recursive: true });
    await mkdir(place);
    await uploaded('old', 'x', { size: 2, metadata: mine });
    await uploaded('slow', 'x', { size: 2, metadata: mine });
    await uploaded('orphan', '', {});
    await rm(join(place, 'orphan'));
    for (const name of ['old', 'old.json', 'slow.json', 'orphan.json'])
      await utimes(join(place, name), YESTERDAY, YESTERDAY);
    expect(await blobs.uploads.sweep(new Date(Date.now() - 3_600_000))).toBe(2);
    expect((await readdir(place)).sort()).toEqual(['slow', 'slow.json']);
    expect(sha256Of(await readFile(join(place, 'slow')))).toBe(sha256Of(Buffer.from('x')));
  });
});
