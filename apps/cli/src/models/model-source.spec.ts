// Folders, zips, wheels and tars that have a model in them, and addresses on a real server.

import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packModel } from '@labmesh/encoder';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyModel, writeTinyModel } from '../../../../libs/encoder/src/tiny-model.testing.js';
import { downloadModel } from './download-model.js';
import { modelFiles, nameOf } from './model-source.js';

const files = tinyModel();
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'labmesh-model-source-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function written(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(join(root, name), bytes);
  return join(root, name);
}

const below = (folder: string): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${folder}${name}`, bytes]));

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Hashes by name. */
async function contents(path: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name, content } of await modelFiles(path)) {
    const pieces: Uint8Array[] = [];
    for await (const piece of content()) pieces.push(piece);
    found[name] = hashOf(Buffer.concat(pieces));
  }
  return found;
}

describe('a model is found in', () => {
  const expected = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, hashOf(bytes)]));

  it('a folder, and nothing else of it is taken', async () => {
    const folder = await writeTinyModel(join(root, 'folder'));
    await writeFile(join(folder, 'README.md'), 'no');
    expect(await contents(folder)).toEqual(expected);
  });

  it('a zip and a wheel, however deep', async () => {
    const zip = await written('m.zip', zipSync({ ...below('a/b/'), 'a/README.md': Buffer.from('no') }));
    expect(await contents(zip)).toEqual(expected);
    expect(await contents(await written('m-1.0-py3-none-any.whl', zipSync(below('pack/model/'))))).toEqual(expected);
  });

  it('a tar, and one that is zipped', async () => {
    const tar = join(root, 'm.tar');
    await packModel(await modelFiles(await writeTinyModel(join(root, 'other'))), tar);
    expect(await contents(tar)).toEqual(expected);
    expect(await contents(await written('m.tar.gz', gzipSync(await readFile(tar))))).toEqual(expected);
  });

  it('nothing that has none, or two, or is broken', async () => {
    await mkdir(join(root, 'empty'), { recursive: true });
    await expect(modelFiles(join(root, 'empty'))).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(modelFiles(join(root, 'none'))).rejects.toMatchObject({ code: 'not_found' });
    const two = await written('two.zip', zipSync({ ...below('a/'), ...below('b/') }));
    await expect(modelFiles(two)).rejects.toThrow('several models: a/, b/');
    for (const name of ['broken.zip', 'broken.tar.gz'])
      await expect(modelFiles(await written(name, Buffer.alloc(2_000, 7)))).rejects.toMatchObject({
        code: 'invalid_input',
      });
  });

  it.each([
    ['/x/all-MiniLM-L6-v2', 'all-minilm-l6-v2'],
    ['/x/encoder-1.0-py3-none-any.whl', 'encoder'],
    ['/x/My Model.tar.gz', 'my-model'],
  ])('%s is called %s', (place, name) => {
    expect(nameOf(place)).toBe(name);
  });
});

it('an address is fetched from this machine, or by https; redirects are looked at too', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/away') response.writeHead(302, { location: 'http://192.0.2.1/model.zip' }).end();
    else if (request.url === '/here') response.writeHead(302, { location: '/m.zip' }).end();
    else if (request.url === '/m.zip') response.end('bytes');
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const folder = await mkdtemp(join(root, 'fetched-'));
  const told: number[] = [];
  const fetched = (path: string) =>
    downloadModel(path.startsWith('/') ? `http://127.0.0.1:${port}${path}` : path, {
      ...{ folder, signal: new AbortController().signal },
      tell: (bytes) => told.push(bytes),
    });
  try {
    expect(await readFile(await fetched('/here'), 'utf8')).toBe('bytes');
    expect(told.at(-1)).toBe(5);
    await expect(fetched('/away')).rejects.toThrow('is fetched by https');
    await expect(fetched('http://192.0.2.1/m.zip')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(fetched('/none')).rejects.toMatchObject({ code: 'not_found' });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
