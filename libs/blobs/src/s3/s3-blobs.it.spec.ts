// Bytes in S3: what every place for bytes must do, the same names as in a folder, and servers that do not do as they should.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateMultipartUploadCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type S3Server, s3Server } from '@labmesh/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Blobs } from '../blob-store.js';
import { hashesIn, keepsBytes, pieces, sha256Of, whole } from '../blobs.testing.js';
import { openBlobs } from '../open-blobs.js';

const BUCKET = 'lab-bytes';
const SOON = new Date(Date.now() + 86_400_000);
let server: S3Server;
let folder: string;
let blobs: Blobs;
let client: S3Client;
const before = { ...process.env };
const urlOf = (endpoint: string, bucket = BUCKET): string =>
  `s3://${bucket}/some/prefix?endpoint=${encodeURIComponent(endpoint)}`;

beforeAll(async () => {
  server = await s3Server();
  Object.assign(process.env, server.env);
  await server.makeBucket(BUCKET);
  folder = await mkdtemp(join(tmpdir(), 'labmesh-s3-'));
  blobs = await openBlobs({ url: urlOf(server.endpoint), folder });
  client = new S3Client({ endpoint: server.endpoint, region: 'us-east-1', forcePathStyle: true });
});
afterAll(async () => {
  client?.destroy();
  await blobs?.close();
  await server?.[Symbol.asyncDispose]();
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  await rm(folder, { recursive: true, force: true });
});

const place = (Key: string) => ({ Bucket: BUCKET, Key: `some/prefix/${Key}` });
const write = (key: string, Body: string) => client.send(new PutObjectCommand({ ...place(key), Body }));

describe('S3', () => {
  keepsBytes(() => blobs);

  it('leaves nothing on this machine, of what is read as a file either', async () => {
    const store = blobs.of('alpha');
    const { sha256 } = await store.put(pieces('x'));
    const spool = join(folder, 'spool/alpha');
    {
      await using copy = await store.localCopy(sha256);
      expect(await readdir(spool)).toEqual([copy.path.split('/').at(-1)]);
    }
    expect(await readdir(spool)).toEqual([]);
    await store.remove(sha256);
  });

  it('takes in parts what is too large for one request', async () => {
    const store = blobs.of('alpha');
    const piece = randomBytes(1024 * 1024);
    const { sha256, bytes } = await store.put(pieces(...Array.from({ length: 21 }, () => piece)));
    expect(bytes).toBe(21 * 1024 * 1024);
    expect(sha256Of(await whole(await store.read(sha256)))).toBe(sha256);
    await store.remove(sha256);
  });

  it('never gives damaged content as right', async () => {
    const store = blobs.of('alpha');
    const { sha256 } = await store.put(pieces('right'));
    await write(`alpha/${sha256.slice(0, 2)}/${sha256}`, 'wrong');
    await expect(whole(await store.read(sha256))).rejects.toMatchObject({ code: 'internal' });
    await expect(store.localCopy(sha256)).rejects.toMatchObject({ code: 'internal' });
    await store.put(pieces('right'));
    expect((await whole(await store.read(sha256))).toString()).toBe('right');
    await store.remove(sha256);
  });

  it('gives up writes in parts that nobody goes on with', async () => {
    await client.send(new CreateMultipartUploadCommand(place('crashed/ab/x')));
    expect(await blobs.of('crashed').sweep(new Date(0))).toBe(0);
    expect(await blobs.of('crashed').sweep(SOON)).toBe(1);
    expect(await blobs.of('crashed').sweep(SOON)).toBe(0);
  });

  it('lists what is content and nothing else', async () => {
    const { sha256 } = await blobs.of('listed').put(pieces('x'));
    await write('listed/zz/other', 'x');
    await write(`listed/00/${sha256}`, 'x');
    expect(await hashesIn(blobs.of('listed'))).toEqual([sha256]);
  });
});

describe('uploads in S3', () => {
  const metadata = { walletId: 'wal_1', filename: 'a.csv', filetype: 'text/csv' };

  it('are found by whoever made them, when they are whole, and are swept', async () => {
    const { uploads } = blobs;
    expect(uploads.place).toEqual({
      kind: 's3',
      bucket: BUCKET,
      prefix: 'some/prefix/uploads/',
      endpoint: server.endpoint,
    });
    const record = (size: number) => JSON.stringify({ id: 'x', size, offset: 0, metadata });
    await write('uploads/whole', 'a,b\n');
    await write('uploads/whole.info', record(4));
    await write('uploads/half.info', record(4));
    await write('uploads/half.part', 'a');
    expect(await uploads.find('whole', 'wal_1')).toMatchObject({ bytes: 4, name: 'a.csv', mediaType: 'text/csv' });
    expect((await whole(await uploads.open('whole', 'wal_1'))).toString()).toBe('a,b\n');
    for (const [id, wallet] of [
      ['whole', 'wal_2'],
      ['half', 'wal_1'],
      ['none', 'wal_1'],
      ['whole.info', 'wal_1'],
    ] as const) {
      expect(await uploads.find(id, wallet)).toBeUndefined();
      await expect(uploads.open(id, wallet)).rejects.toMatchObject({ code: 'not_found' });
    }
    expect(await uploads.sweep(new Date(0))).toBe(0);
    expect(await uploads.sweep(SOON)).toBe(2);
    expect(await uploads.sweep(SOON)).toBe(0);
  });
});

describe('a server that does not do as it should', () => {
  it('is unavailable: gone, without the bucket, or answering nonsense', async () => {
    await expect(openBlobs({ url: urlOf(server.endpoint, 'none'), folder })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('NoSuchBucket'),
    });
    await expect(openBlobs({ url: urlOf('http://127.0.0.1:9'), folder })).rejects.toMatchObject({
      code: 'unavailable',
    });
    const odd = createServer((_, response) => void response.writeHead(400).end('nonsense'));
    await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve));
    const url = urlOf(`http://127.0.0.1:${(odd.address() as AddressInfo).port}`);
    await expect(openBlobs({ url, folder })).rejects.toMatchObject({ code: 'unavailable' });
    odd.closeAllConnections();
    await new Promise((resolve) => odd.close(resolve));
  });

  it.each(['s3://', 's3://key:secret@bucket/', 's3://bucket?endpoint=x', 's3://bucket?key=1', 's3://bucket/#x'])(
    'is not asked by the address %s',
    async (url) => {
      await expect(openBlobs({ url, folder })).rejects.toMatchObject({
        code: 'invalid_input',
        message: expect.not.stringContaining('secret'),
      });
    },
  );
});
