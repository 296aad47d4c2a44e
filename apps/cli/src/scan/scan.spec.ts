// A scan of real folders: what is read, what is passed over, and that it ends when it is cancelled.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { keyChecksum } from '@labmesh/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FoundLeak, scan } from './scan.js';

const keyOf = (character: string): string => {
  const secret = character.repeat(32);
  return `lmk_${secret}${keyChecksum('lmk_', secret)}`;
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scan-'));
  await mkdir(join(folder, 'deep/er'), { recursive: true });
  await mkdir(join(folder, '.git'));
  await writeFile(join(folder, '.env'), `A=1\nLABMESH_TOKEN=${keyOf('a')}\n`);
  await writeFile(join(folder, 'deep/er/notebook.ipynb'), JSON.stringify({ cells: [keyOf('b'), keyOf('b')] }));
  await writeFile(join(folder, 'picture.bin'), Buffer.concat([Buffer.from([1, 0, 2]), Buffer.from(keyOf('c'))]));
  await writeFile(join(folder, '.git/packed'), keyOf('d'));
  await writeFile(join(folder, 'empty'), '');
  await symlink(folder, join(folder, 'deep/loop'));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (paths: string[], stdin: string[] = [], signal = new AbortController().signal) => {
  const told: FoundLeak[] = [];
  const host = { stdin: Readable.from(stdin), signal };
  return scan({ paths, host, onFound: (leak) => told.push(leak), onProgress: () => undefined }).then((scanned) => {
    expect(told).toEqual(scanned.found);
    return scanned;
  });
};
const at = (file: string): string => join(folder, file);

it('reads text files below, and neither pictures, links nor what Git has packed', async () => {
  const scanned = await run([folder]);
  expect(scanned).toMatchObject({ files: 4, binary: 1, unreadable: [], truncated: false });
  const places = scanned.found.map(({ file, line }) => `${file}:${line}`).sort();
  expect(places).toEqual([`${at('.env')}:2`, `${at('deep/er/notebook.ipynb')}:1`, `${at('deep/er/notebook.ipynb')}:1`]);
  expect(JSON.stringify(scanned)).not.toContain(keyOf('a'));
});

it('reads standard input, beside files', async () => {
  const key = keyOf('e');
  const { found } = await run(['-', at('.env')], ['diff\n+', key.slice(0, 9), key.slice(9), '\n']);
  expect(found.map(({ file, line, column }) => [file, line, column])).toEqual([
    ['-', 2, 2],
    [at('.env'), 2, 15],
  ]);
});

it('follows a link that is named itself', async () => {
  await symlink(at('.env'), at('named'));
  expect((await run([at('named')])).found).toHaveLength(1);
});

it('says what is not there, and stops when it is cancelled', async () => {
  await expect(run([at('nothing')])).rejects.toMatchObject({ code: 'not_found' });
  await expect(run([folder], [], AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
});
