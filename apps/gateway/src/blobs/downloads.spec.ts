// Blobs over HTTP as their reader gets them: whose they are, which part, what a browser may do with them, and when it ends.
import { hash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { readdir, readlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { blobId } from '@labmesh/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, gatewayUnderTest, keeper, tokenOf } from '../gateway.testing.js';

const BYTES = Buffer.from('time,class\n2017-09-06T11:53Z,X9.3\n');
const SHA256 = hash('sha256', BYTES, 'hex');

let gateway: GatewayUnderTest;
let id: string;
beforeAll(async () => {
  gateway = await gatewayUnderTest();
  id = await gateway.keep(1, BYTES);
});
afterAll(() => gateway[Symbol.asyncDispose]());

const get = (headers: Record<string, string> = {}, method = 'GET', blob = id) =>
  gateway.ask(`/blobs/${blob}`, { method, headers });
const codeOf = async (response: Response): Promise<unknown> => ((await response.json()) as { code?: unknown }).code;

describe('a blob', () => {
  it('is given to its owner as it is, with its hash, to be saved', async () => {
    const response = await get();
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(BYTES);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/csv',
      'content-length': String(BYTES.length),
      'content-disposition': 'attachment; filename=flares.csv',
      'accept-ranges': 'bytes',
      etag: `"${SHA256}"`,
      'repr-digest': `sha-256=:${hash('sha256', BYTES, 'base64')}:`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-cache',
    });
  });

  it('is described without a body to HEAD, also where a range is asked for', async () => {
    const response = await get({ range: 'bytes=0-3' }, 'HEAD');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(BYTES.length));
    expect(response.headers.get('etag')).toBe(`"${SHA256}"`);
    expect(await response.text()).toBe('');
  });

  it('does not exist for another wallet, and neither does what is none', async () => {
    const stranger = await gateway.ask(`/blobs/${id}`, {}, { wallet: 2 });
    expect(stranger.status).toBe(404);
    expect(await codeOf(stranger)).toBe('not_found');
    for (const other of [
      blobId('keeper', '01920000-0000-7000-8000-00000000000c'),
      blobId('curator', '01920000-0000-7000-8000-00000000000c'),
      '..%2f..%2fetc%2fpasswd',
      `${id}/`,
      '',
    ])
      expect((await get({}, 'GET', other)).status, other).toBe(404);
  });

  it('needs a token, a right, and a toolset that leads to it', async () => {
    const bare = await fetch(`${gateway.url}/blobs/${id}`);
    expect(bare.status).toBe(401);
    expect(bare.headers.get('www-authenticate')).toContain('Bearer');
    const led = await gateway.ask(`/blobs/${id}`, {}, { wallet: 1, toolset: ['keeper_look'] });
    expect(led.status).toBe(200);
    const unled = await gateway.ask(`/blobs/${id}`, {}, { wallet: 1, toolset: ['keeper_other'] });
    expect(unled.status).toBe(403);
    expect(await codeOf(unled)).toBe('forbidden');
    await expect
      .poll(() => gateway.records.some(({ tool, outcome }) => tool === 'blob:open' && outcome === 'forbidden'))
      .toBe(true);
  });

  it('takes no other method', async () => {
    const response = await get({}, 'POST');
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });

  it('leaves a record that says which, and not its name', async () => {
    const before = gateway.records.length;
    await (await get()).arrayBuffer();
    const about = { blobId: id };
    await expect
      .poll(() => gateway.records.slice(before).find(({ tool }) => tool === 'blob:open')?.about)
      .toEqual(about);
    expect(JSON.stringify(gateway.records)).not.toContain('flares.csv');
  });

  it('that lies there damaged is never given whole', async () => {
    const damaged = await gateway.keep(1, Buffer.alloc(300_000, 'a'));
    const folder = join(gateway.home, 'blobs', keeper.name);
    const file = (await readdir(folder, { recursive: true })).find((path) =>
      path.endsWith(hash('sha256', Buffer.alloc(300_000, 'a'), 'hex')),
    );
    await writeFile(join(folder, file ?? ''), Buffer.alloc(300_000, 'b'));
    const response = await get({}, 'GET', damaged);
    await expect(response.arrayBuffer()).rejects.toThrow();
    rmSync(join(folder, file ?? ''));
    expect((await get({}, 'GET', damaged)).status).toBe(404);
  });
});

describe('a part of a blob', () => {
  const size = BYTES.length;
  it.each([
    ['bytes=0-3', 0, 3],
    ['bytes=5-', 5, size - 1],
    ['bytes=-4', size - 4, size - 1],
    [`bytes=-${size + 50}`, 0, size - 1],
    ['bytes=2-99999', 2, size - 1],
    [`bytes=${size - 1}-`, size - 1, size - 1],
  ])('%s is that part', async (range, start, end) => {
    const response = await get({ range });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end}/${size}`);
    expect(response.headers.get('content-length')).toBe(String(end - start + 1));
    expect(Buffer.from(await response.arrayBuffer())).toEqual(BYTES.subarray(start, end + 1));
  });

  it.each([`bytes=${size}-`, 'bytes=-0', 'bytes=99999-100000'])('%s holds no byte of it: 416', async (range) => {
    const response = await get({ range });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe(`bytes */${size}`);
    expect(await codeOf(response)).toBe('invalid_input');
  });

  it.each(['bytes=0-1,4-5', 'bytes=a-b', 'bytes=-', 'lines=0-1', 'bytes=5-2', 'bytes=0-1x', '0-1'])(
    '%s is not understood, and the whole comes',
    async (range) => {
      const response = await get({ range });
      expect(response.status).toBe(200);
      expect((await response.arrayBuffer()).byteLength).toBe(size);
    },
  );

  it('comes if it is of what the client has, else the whole', async () => {
    expect((await get({ range: 'bytes=0-1', 'if-range': `"${SHA256}"` })).status).toBe(206);
    for (const other of ['"other"', `W/"${SHA256}"`, 'Sat, 28 Nov 2026 00:00:00 GMT'])
      expect((await get({ range: 'bytes=0-1', 'if-range': other })).status, other).toBe(200);
  });

  it('of nothing is none', async () => {
    const nothing = await gateway.keep(1, Buffer.alloc(0));
    const whole = await get({}, 'GET', nothing);
    expect([whole.status, await whole.text()]).toEqual([200, '']);
    expect((await get({ range: 'bytes=0-' }, 'GET', nothing)).status).toBe(416);
  });
});

describe('who has it already', () => {
  it.each([`"${SHA256}"`, `W/"${SHA256}"`, `"other", "${SHA256}"`, '*'])('is told so: %s', async (tags) => {
    const response = await get({ 'if-none-match': tags });
    expect(response.status).toBe(304);
    expect(response.headers.get('etag')).toBe(`"${SHA256}"`);
    expect(await response.text()).toBe('');
  });

  it('and wants only that gets nothing else', async () => {
    expect((await get({ 'if-none-match': '"other"' })).status).toBe(200);
    expect((await get({ 'if-match': '"other"' })).status).toBe(412);
    expect((await get({ 'if-match': `"other", "${SHA256}"` })).status).toBe(200);
  });
});

describe('a reader', () => {
  const large = Buffer.alloc(64 * 1024 * 1024, 'x');

  /** Reads the head of a large answer and then nothing more. */
  async function standing(blob: string, credential = 'cred_1') {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    let closed = false;
    socket.on('error', () => {});
    socket.once('close', () => (closed = true));
    socket.write(
      `GET /blobs/${blob} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${tokenOf({ wallet: 1, credential })}\r\n\r\n`,
    );
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    return { socket, closed: () => closed };
  }
  const openFiles = async (): Promise<number> => {
    const links = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
    return (await Promise.all(links)).filter((path) => path.startsWith(join(gateway.home, 'blobs'))).length;
  };

  it('who goes away ends the reading', async () => {
    const blob = await gateway.keep(1, large);
    const reader = await standing(blob);
    await expect.poll(openFiles).toBe(1);
    reader.socket.destroy();
    await expect.poll(openFiles).toBe(0);
  });

  it('whose token is withdrawn gets no more', async () => {
    const blob = await gateway.keep(1, large);
    const reader = await standing(blob, 'cred_2');
    await expect.poll(openFiles).toBe(1);
    gateway.withdraw('cred_2');
    await expect.poll(openFiles).toBe(0);
    reader.socket.resume();
    await expect.poll(reader.closed).toBe(true);
    expect(reader.socket.bytesRead).toBeLessThan(large.length);
  });
});
