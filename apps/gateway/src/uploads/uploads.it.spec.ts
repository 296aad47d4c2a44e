// Uploads into S3: begun, cut, taken up, whole for agents, removed and swept, as in a folder.
import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { type S3Server, s3Server } from '@labmesh/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GatewayUnderTest, gatewayUnderTest, tokenOf } from '../gateway.testing.js';

const BUCKET = 'lab-uploads';
const WALLET = 'wal_01920000-0000-7000-8000-000000000001';
const before = { ...process.env };
let server: S3Server;
let gateway: GatewayUnderTest;

beforeAll(async () => {
  server = await s3Server();
  Object.assign(process.env, server.env);
  await server.makeBucket(BUCKET);
  gateway = await gatewayUnderTest({
    BLOBS_URL: `s3://${BUCKET}/some/prefix?endpoint=${encodeURIComponent(server.endpoint)}`,
  });
});
afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  for (const name of Object.keys(server.env))
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
});

const TUS = { 'tus-resumable': '1.0.0' };
const begin = async (bytes: number): Promise<string> => {
  const headers = { ...TUS, 'upload-length': String(bytes), 'upload-metadata': 'filename YS5iaW4=' };
  return (await gateway.ask('/uploads', { method: 'POST', headers })).headers.get('location') ?? '';
};
const send = (path: string, offset: number, body: Buffer) =>
  gateway.ask(path, {
    method: 'PATCH',
    headers: { ...TUS, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) },
    body: new Uint8Array(body),
  });
const offsetOf = async (path: string, wallet = 1) =>
  (await gateway.ask(path, { method: 'HEAD', headers: TUS }, { wallet })).headers.get('upload-offset');
const idOf = (path: string): string => path.split('/').at(-1) ?? '';

it('an upload in S3 goes on where it was cut, and is whole for agents', async () => {
  // More than a part of S3's, and ends in the middle of one.
  const bytes = randomBytes(12_000_000);
  const path = await begin(bytes.length);
  expect(path).toMatch(/^\/uploads\/up_[0-9a-f-]{36}$/);
  expect((await send(path, 0, bytes.subarray(0, 7_000_000))).status).toBe(204);
  expect(await offsetOf(path)).toBe('7000000');
  expect(await offsetOf(path, 2)).toBeNull();
  expect((await send(path, 1, Buffer.from('x'))).status).toBe(409);
  expect(await gateway.blobs.uploads.find(idOf(path), WALLET)).toBeUndefined();
  expect((await send(path, 7_000_000, bytes.subarray(7_000_000))).status).toBe(204);
  expect(await gateway.blobs.uploads.find(idOf(path), WALLET)).toMatchObject({ bytes: bytes.length, name: 'a.bin' });
  const stored = await buffer(await gateway.blobs.uploads.open(idOf(path), WALLET));
  expect(stored.equals(bytes)).toBe(true);
});

it('one that an agent took over, or its client removed, does not exist any more', async () => {
  const [taken, removed] = [await begin(3), await begin(3)];
  await send(taken, 0, Buffer.from('abc'));
  await gateway.blobs.uploads.remove(idOf(taken));
  expect(await offsetOf(taken)).toBeNull();
  await send(removed, 0, Buffer.from('ab'));
  expect((await gateway.ask(removed, { method: 'DELETE', headers: TUS })).status).toBe(204);
  expect(await offsetOf(removed)).toBeNull();
});

it('one that nobody finished is swept', async () => {
  const path = await begin(10);
  await send(path, 0, Buffer.from('abc'));
  expect(await gateway.blobs.uploads.sweep(new Date(Date.now() + 86_400_000))).toBeGreaterThan(0);
  expect(await offsetOf(path)).toBeNull();
});

it('a blob in S3 is read whole and in part', async () => {
  const bytes = randomBytes(300_000);
  const id = await gateway.keep(1, bytes);
  const whole = await gateway.ask(`/blobs/${id}`);
  expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
  const part = await fetch(`${gateway.url}/blobs/${id}`, {
    headers: { authorization: `Bearer ${tokenOf({ wallet: 1 })}`, range: 'bytes=1000-1999' },
  });
  expect(part.status).toBe(206);
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(1_000, 2_000))).toBe(true);
});
