// Fetching, against a server that behaves well and one that does not.
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllowList } from './allow-list.js';
import { type DownloadLimits, download } from './download.js';

const BYTES_MAX = 10_000;
const BODY = 'a,b\n1,2\n';
const encoded = (response: ServerResponse, encoding: string, body: Buffer): void =>
  void response.writeHead(200, { 'content-encoding': encoding }).end(body);
const redirect = (response: ServerResponse, location: string): void => void response.writeHead(302, { location }).end();

const pages: Record<string, RequestListener> = {
  '/plain': (_, response) => void response.end(BODY),
  '/gzip': (_, response) => encoded(response, 'gzip', gzipSync(BODY)),
  '/deflate': (_, response) => encoded(response, 'deflate', deflateSync(BODY)),
  '/br': (_, response) => encoded(response, 'br', brotliCompressSync(BODY)),
  '/zstd': (_, response) => encoded(response, 'zstd', Buffer.from(BODY)),
  '/bomb': (_, response) => encoded(response, 'gzip', gzipSync(Buffer.alloc(5_000_000))),
  '/empty-members': (_, response) =>
    encoded(response, 'gzip', Buffer.concat(Array.from({ length: 1_000 }, () => gzipSync('')))),
  '/cut-gzip': (_, response) => encoded(response, 'gzip', gzipSync(Buffer.from(BODY.repeat(50))).subarray(0, 30)),
  '/announced': (_, response) => void response.writeHead(200, { 'content-length': 20_000 }).end('x'.repeat(20_000)),
  '/endless': (_, response) => {
    const timer = setInterval(() => response.write('x'.repeat(4_000)), 1);
    response.on('close', () => clearInterval(timer));
  },
  '/truncated': (_, response) => {
    response.writeHead(200, { 'content-length': 500 });
    response.write(BODY, () => response.destroy());
  },
  '/broken-chunks': (_, response) => void response.write(BODY, () => response.destroy()),
  '/silent': () => undefined,
  '/stalls': (_, response) => void response.write(BODY),
  '/500': (_, response) => void response.writeHead(500).end('no'),
  '/204': (_, response) => void response.writeHead(204).end(),
  '/hop/1': (_, response) => redirect(response, '2'),
  '/hop/2': (_, response) => redirect(response, '/plain'),
  '/loop': (_, response) => redirect(response, '/loop'),
  '/to-file': (_, response) => redirect(response, 'file:///etc/passwd'),
  '/to-private': (_, response) => redirect(response, 'http://169.254.169.254/latest/meta-data'),
  '/to-name': (_, response) => redirect(response, 'http://inside.example.org/x'),
  '/to-nothing': (_, response) => redirect(response, 'http://['),
};

let server: Server;
let origin = '';
const seen: IncomingMessage[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request);
    (pages[(request.url ?? '').split('?')[0] ?? ''] ?? ((_, missing) => void missing.writeHead(404).end()))(
      request,
      response,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const get = (path: string, limits: Partial<DownloadLimits> = {}, signal = new AbortController().signal) =>
  download(
    path.startsWith('http') || path.includes('://') ? path : origin + path,
    { allow: parseAllowList('127.0.0.1, *.example.org'), bytesMax: BYTES_MAX, timeoutMs: 20_000, signal, ...limits },
    buffer,
  );

describe('a download', () => {
  it.each(['/plain', '/gzip', '/deflate', '/br', '/hop/1'])('takes %s', async (path) => {
    expect((await get(path)).taken.toString()).toBe(BODY);
  });

  it('answers where the data came from in the end', async () => {
    expect((await get('/hop/1')).url.pathname).toBe('/plain');
  });

  it.each([
    ['/bomb', 'too_large'],
    ['/empty-members', 'too_large'],
    ['/announced', 'too_large'],
    ['/endless', 'too_large'],
    ['/truncated', 'upstream_failed'],
    ['/broken-chunks', 'upstream_failed'],
    ['/cut-gzip', 'upstream_failed'],
    ['/zstd', 'upstream_failed'],
    ['/500', 'upstream_failed'],
    ['/404', 'upstream_failed'],
    ['/204', 'upstream_failed'],
    ['/loop', 'upstream_failed'],
    ['/to-nothing', 'upstream_failed'],
    ['/to-file', 'invalid_input'],
    ['/to-private', 'forbidden'],
    ['file:///etc/passwd', 'invalid_input'],
    ['http://localhost:1/', 'forbidden'],
  ])('refuses %s as %s', async (path, code) => {
    await expect(get(path)).rejects.toMatchObject({ code });
  });

  it('refuses every host when nothing is allowed', async () => {
    await expect(get('/plain', { allow: [] })).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('LABMESH_FETCH_ALLOW'),
    });
  });

  it('refuses a redirect to an allowed name that leads inside', async () => {
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    await expect(get('/to-name', { resolve })).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('127.0.0.1'),
    });
  });

  it('connects to the address that was checked, asking for it once', async () => {
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      return [{ address: '127.0.0.1', family: 4 }];
    };
    const { port } = new URL(origin);
    const fetched = await get(`http://localhost:${port}/plain`, { resolve, allow: parseAllowList('localhost') });
    expect(fetched.taken.toString()).toBe(BODY);
    expect(asked).toBe(1);
    expect(seen.at(-1)?.headers.host).toBe(`localhost:${port}`);
  });

  it.each(['/silent', '/stalls'])('gives %s up in time', async (path) => {
    await expect(get(path, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'upstream_failed',
      message: expect.stringContaining('100 ms'),
    });
  });

  it.each(['/silent', '/stalls'])('gives %s up when the caller goes away', async (path) => {
    const caller = new AbortController();
    const fetching = get(path, {}, caller.signal);
    setTimeout(() => caller.abort(), 20);
    await expect(fetching).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('gives up while the name is looked up', async () => {
    const caller = new AbortController();
    const fetching = get('http://data.example.org/', { resolve: () => new Promise(() => undefined) }, caller.signal);
    caller.abort();
    await expect(fetching).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('does not tell the query of an address, which may hold a key', async () => {
    await expect(get('/500?api_key=secret')).rejects.toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});
