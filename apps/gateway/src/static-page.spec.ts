// The page over HTTP: compressed for whoever wants it, the same bytes for all, and not sent again while it is what somebody has.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { StaticPage } from './static-page.js';

const SCRIPT = `export const words = ${JSON.stringify('the same again, '.repeat(400))};\n`;
let folder: string;
let server: Server;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-page-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html>');
  await writeFile(join(folder, 'assets/a-1.js'), SCRIPT);
  await writeFile(join(folder, 'assets/b-1.png'), SCRIPT);
  const page = new StaticPage(folder);
  server = createServer((req, res) => void page.serve(req, res, req.url ?? '/')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Without a client that takes the compression off by itself. */
const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    request({ host: '127.0.0.1', port, path, method, headers }, (res) => {
      const parts: Buffer[] = [];
      res.on('data', (part: Buffer) => parts.push(part));
      res.on('end', () => resolve({ status: res.statusCode, headers: res.headers, body: Buffer.concat(parts) }));
    })
      .on('error', reject)
      .end();
  });

it('sends a script compressed to whoever wants that, and as it is to all others', async () => {
  const plain = await get('/assets/a-1.js');
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect(plain.body.toString()).toBe(SCRIPT);
  const both = await Promise.all([1, 2].map(() => get('/assets/a-1.js', { 'accept-encoding': 'gzip, br' })));
  for (const { headers, body } of both) {
    expect(headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': 'text/javascript; charset=utf-8',
      'content-length': String(body.length),
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    });
    expect(gunzipSync(body).toString()).toBe(SCRIPT);
    expect(body.length).toBeLessThan(SCRIPT.length / 4);
    expect(headers.etag).not.toBe(plain.headers.etag);
  }
  const head = await get('/assets/a-1.js', { 'accept-encoding': 'gzip' }, 'HEAD');
  expect([head.body.length, head.headers['content-length']]).toEqual([0, both[0]?.headers['content-length']]);
});

it('does not send again what somebody has, in the form that they have it', async () => {
  const [plain, gzipped] = [{}, { 'accept-encoding': 'gzip' }];
  for (const [wanted, other] of [
    [plain, gzipped],
    [gzipped, plain],
  ] as const) {
    const etag = String((await get('/assets/a-1.js', wanted)).headers.etag);
    expect(await get('/assets/a-1.js', { ...wanted, 'if-none-match': etag })).toMatchObject({ status: 304 });
    expect(await get('/assets/a-1.js', { ...other, 'if-none-match': etag })).toMatchObject({ status: 200 });
  }
});

it('leaves alone what is small or compressed in itself', async () => {
  for (const path of ['/', '/assets/b-1.png'])
    expect((await get(path, { 'accept-encoding': 'gzip' })).headers['content-encoding']).toBeUndefined();
});
