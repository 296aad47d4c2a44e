// Archives: the same files are the same bytes; what is read back is what was packed; what is no plain project is refused.
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type Header, pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { packArchive, unpackArchive } from './archive.js';
import { byPath, type ProjectFile, sha256Of } from './project-file.js';

const file = (path: string, text = path, executable = false): ProjectFile => ({
  path,
  bytes: Buffer.from(text),
  executable,
});

async function tarOf(entries: ReadonlyArray<Partial<Header> & { content?: string }>): Promise<Buffer> {
  const tar = pack();
  const pieces: Buffer[] = [];
  for (const { content = '', ...header } of entries) tar.entry({ ...header, name: header.name ?? '' }, content);
  tar.finalize();
  for await (const piece of tar) pieces.push(piece as Buffer);
  return gzipSync(Buffer.concat(pieces));
}

describe('packing', () => {
  it('makes the same bytes of the same files, in whatever order and whenever', async () => {
    const files = [file('b/run.sh', '#!/bin/sh\n', true), file('a.txt'), file(`${'deep/'.repeat(30)}x.txt`)];
    const first = await packArchive(files);
    await new Promise((later) => setTimeout(later, 1_100));
    expect(sha256Of(await packArchive([...files].reverse()))).toBe(sha256Of(first));
    // What would differ between machines: time, system, owner.
    expect([...first.subarray(4, 10)]).toEqual([0, 0, 0, 0, 2, 255]);
    expect(gunzipSync(first).subarray(108, 124).toString('latin1')).toMatch(/^0+ \0?0+ \0?$/);
  });

  it('gives back what was packed (property)', async () => {
    const files = fc.uniqueArray(
      fc.record({
        path: fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8}){0,3}\.txt$/),
        bytes: fc.uint8Array({ maxLength: 2_000 }),
        executable: fc.boolean(),
      }),
      { selector: ({ path }) => path, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(files, async (packed) => {
        const read = await unpackArchive([await packArchive(packed)]);
        expect(read.map(({ bytes, ...rest }) => ({ ...rest, bytes: [...bytes] }))).toEqual(
          byPath(packed).map(({ bytes, ...rest }) => ({ ...rest, bytes: [...bytes] })),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('reading', () => {
  it.each<[string, Partial<Header>[]]>([
    ['a link', [{ name: 'x', type: 'symlink', linkname: '/etc/passwd' }]],
    ['a hard link', [{ name: 'x', type: 'link', linkname: 'y' }]],
    ['a device', [{ name: 'x', type: 'character-device' }]],
    ['a way out', [{ name: '../x' }]],
    ['an absolute path', [{ name: '/etc/x' }]],
    ['one name twice', [{ name: 'x' }, { name: './x' }]],
  ])('refuses %s', async (_, entries) => {
    await expect(unpackArchive([await tarOf(entries)])).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it.each([
    ['no gzip', Buffer.from('hello')],
    ['no tar', gzipSync('hello'.repeat(500))],
    ['half of one', gzipSync(Buffer.alloc(100_000, 7)).subarray(0, 60)],
  ])('says of %s that it is no archive', async (_, bytes) => {
    await expect(unpackArchive([bytes])).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('no whole .tar.gz'),
    });
  });

  it('stops at the limit, not after it', async () => {
    const bomb = gzipSync(await bigTar());
    expect(bomb.length).toBeLessThan(1_000_000);
    await expect(unpackArchive([bomb])).rejects.toMatchObject({ code: 'too_large' });
    const many = await tarOf(Array.from({ length: 2_001 }, (_, at) => ({ name: `f${at}` })));
    await expect(unpackArchive([many])).rejects.toMatchObject({ code: 'too_large' });
  });

  it('takes off the folder around all of it, where asked', async () => {
    const tar = await tarOf([
      { name: 'flare/', type: 'directory' },
      { name: 'flare/a.txt', content: 'a' },
      { name: 'flare/b/c.sh', mode: 0o755 },
    ]);
    expect((await unpackArchive([tar])).map(({ path }) => path)).toEqual(['flare/a.txt', 'flare/b/c.sh']);
    const read = await unpackArchive([tar], { unwrap: true });
    expect(read.map(({ path, executable }) => [path, executable])).toEqual([
      ['a.txt', false],
      ['b/c.sh', true],
    ]);
  });
});

/** 17 MiB of zeroes in one file. */
async function bigTar(): Promise<Buffer> {
  return gunzipSync(await tarOf([{ name: 'zeroes', content: '\0'.repeat(17 * 1024 * 1024) }]));
}
