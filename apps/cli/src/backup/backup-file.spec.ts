// The file of a backup by itself: what is written comes back, nothing is left of what failed, and no byte of it is believed.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveEntries } from './archive-reader.js';
import { ArchiveWriter } from './archive-writer.js';
import type { DumpPart } from './carried.repository.js';
import type { LabPlaces } from './lab-places.js';
import { makeBackup } from './making.js';
import type { RowSource } from './row-sources.js';
import { isMacOf, keysOf, macOf, newKdf, openKeys, sealKeys } from './sealed-keys.js';
import { verifyBackup } from './verifying.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-backup-'));
});
afterAll(() => rm(folder, { recursive: true }));

const { signal } = new AbortController();
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const places = (): LabPlaces => ({
  home: folder,
  databaseUrl: undefined,
  databaseFolder: join(folder, 'pg'),
  blobsUrl: undefined,
  blobsFolder: join(folder, 'blobs'),
});

const CONTENT = Buffer.alloc(3_000_000, 'what a dataset holds; ');
const NAME = sha256(CONTENT);

async function* dump(bytes = CONTENT.length): AsyncGenerator<DumpPart> {
  yield { kind: 'start', takenAt: '2026-11-29T00:00:00.000Z', migrations: [{ name: 'one', checksum: NAME }] };
  yield { kind: 'table', table: { schema: 'curator', name: 'blobs', columns: ['id', 'sha256', 'bytes'] } };
  yield {
    kind: 'rows',
    lines: [JSON.stringify(['a', NAME, String(bytes)]), JSON.stringify(['b', NAME, String(bytes)])],
  };
  yield { kind: 'table', table: { schema: 'curator', name: 'empty', columns: ['x'] } };
  yield { kind: 'end', sequences: [] };
}

const sourceOf = (parts: AsyncIterable<DumpPart>): RowSource => ({
  kind: 'embedded',
  running: false,
  parts,
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

const KEYS = { lab: { masterKey: 'M'.repeat(43) }, passphrase: 'neon, xenon, radon' };

const make = (name: string, more: { parts?: AsyncIterable<DumpPart>; allowMissing?: boolean } = {}) =>
  makeBackup(sourceOf(more.parts ?? dump()), {
    version: '0.1.0',
    path: join(folder, name),
    replace: false,
    places: places(),
    keys: KEYS,
    allowMissing: more.allowMissing ?? false,
    signal,
    progress: { begin: () => Promise.resolve(), at: () => undefined },
  });
const verify = (name: string) => verifyBackup({ path: join(folder, name), signal });

describe('a backup', () => {
  it('without the content that rows name is not made, unless that is wanted', async () => {
    await expect(make('none')).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining(NAME) });
    expect((await readdir(folder)).filter((name) => name.startsWith('none'))).toEqual([]);
    const { manifest } = await make('less', { allowMissing: true });
    expect(manifest.blobs).toMatchObject({ count: 0, missing: [{ agent: 'curator', sha256: NAME }] });
    expect((await verify('less')).manifest).toEqual(manifest);
  });

  it('holds each content once, and opens under its passphrase alone', async () => {
    await mkdir(join(folder, 'blobs/curator', NAME.slice(0, 2)), { recursive: true });
    await writeFile(join(folder, 'blobs/curator', NAME.slice(0, 2), NAME), CONTENT);
    const { manifest } = await make('whole');
    expect(manifest.blobs).toMatchObject({ count: 1, bytes: CONTENT.length, missing: [] });
    expect(manifest.tables.map(({ name, rows }) => [name, rows])).toEqual([
      ['curator.blobs', 2],
      ['curator.empty', 0],
    ]);
    const backup = await verify('whole');
    expect(await backup.open(KEYS.passphrase)).toEqual(KEYS.lab);
    await expect(backup.open('another')).rejects.toMatchObject({ code: 'invalid_input' });
    expect((await readFile(join(folder, 'whole'))).includes(KEYS.lab.masterKey)).toBe(false);
    await expect(make('whole')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('that is cut anywhere is not whole', async () => {
    const whole = await readFile(join(folder, 'whole'));
    const ends = whole.length - 1_024; // an archive ends with two blocks of zeros
    for (const at of [0, 1, 511, 512, 513, 5_000, 1_500_000, ends - 2_000, ends - 600, ends - 513]) {
      await writeFile(join(folder, 'cut'), whole.subarray(0, at));
      await expect(verify('cut'), `at ${at}`).rejects.toMatchObject({
        code: expect.stringMatching(/^(conflict|unsupported_format)$/),
      });
    }
  });

  it('whose manifest was written anew by somebody without the passphrase is told by it', async () => {
    const entries: Array<{ name: string; bytes: Buffer }> = [];
    for await (const { name, content } of archiveEntries({ path: join(folder, 'whole'), signal })) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of content) chunks.push(chunk);
      entries.push({ name, bytes: Buffer.concat(chunks) });
    }
    const find = (name: string): Buffer => entries.find((entry) => entry.name === name)?.bytes ?? Buffer.alloc(0);
    const forged = Buffer.from(find('manifest.json').toString().replace('2026', '2025'));
    const seal = { ...JSON.parse(find('seal.json').toString()), manifestSha256: sha256(forged) };
    const changed = new Map([
      ['manifest.json', forged],
      ['seal.json', Buffer.from(JSON.stringify(seal))],
    ]);
    const writer = await ArchiveWriter.open({ path: join(folder, 'forged'), replace: false, signal });
    for (const { name, bytes } of entries) {
      const content = changed.get(name) ?? bytes;
      await writer.add(name, content.length, [content]);
    }
    await writer.finish();
    const backup = await verify('forged');
    await expect(backup.open(KEYS.passphrase)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('does not have the passphrase'),
    });
  });

  it('that is given up leaves nothing', async () => {
    const stop = new AbortController();
    async function* slow(): AsyncGenerator<DumpPart> {
      for await (const part of dump()) {
        if (part.kind === 'rows') stop.abort();
        yield part;
      }
    }
    const made = makeBackup(sourceOf(slow()), {
      version: '0.1.0',
      path: join(folder, 'stopped'),
      replace: false,
      places: places(),
      allowMissing: false,
      signal: stop.signal,
      progress: { begin: () => Promise.resolve(), at: () => undefined },
    });
    await expect(made).rejects.toMatchObject({ code: 'cancelled' });
    expect((await readdir(folder)).filter((name) => name.startsWith('stopped'))).toEqual([]);
  });
});

it('keys are sealed for one backup, and a manifest is signed by one passphrase', async () => {
  const kdf = newKdf();
  const { sealing, signing } = await keysOf('a passphrase', kdf);
  const sealed = sealKeys(KEYS.lab, 'bak_1', { kdf, sealing });
  expect(openKeys(sealed, 'bak_1', sealing)).toEqual(KEYS.lab);
  expect(() => openKeys(sealed, 'bak_2', sealing)).toThrow(/not the passphrase/);
  const other = await keysOf('a passphrasE', kdf);
  expect(isMacOf(Buffer.from('text'), signing, macOf(Buffer.from('text'), signing))).toBe(true);
  expect(isMacOf(Buffer.from('text'), other.signing, macOf(Buffer.from('text'), signing))).toBe(false);
  expect(isMacOf(Buffer.from('texT'), signing, macOf(Buffer.from('text'), signing))).toBe(false);
});
