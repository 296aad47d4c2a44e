// Files on their way to a lab and back, over lines that break: what was sent or came is not sent or fetched again.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { download } from './download.js';
import { upload } from './upload.js';

let folder: string;
let server: Server;
let url: string;
let answer: (req: IncomingMessage, res: ServerResponse) => void;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-transfer-'));
  server = createServer((req, res) => answer(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const attempt = () => ({ url, tokenSource: 'a test', token: 'lmk_test', signal: new AbortController().signal });
const CONTENT = Buffer.from('0123456789'.repeat(50_000));
const json = (res: ServerResponse, status: number, body: object) =>
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** Takes uploads by tus, and refuses the first piece once so many bytes of it are kept. */
function tusThatBreaks(after: number) {
  const seen: string[] = [];
  let kept = Buffer.alloc(0);
  let refuse = false;
  const tus = { 'tus-resumable': '1.0.0' };
  answer = (req, res) => {
    seen.push(`${req.method} ${req.headers['upload-offset'] ?? ''}`.trim());
    if (refuse) return void json(res, 403, { code: 'forbidden', message: 'Not yours' });
    if (req.method === 'POST') return void res.writeHead(201, { ...tus, location: `${url}/uploads/up_1` }).end();
    if (req.method === 'HEAD')
      return void res.writeHead(200, { ...tus, 'upload-offset': kept.length, 'upload-length': CONTENT.length }).end();
    req.on('data', (chunk: Buffer) => {
      const room = after - kept.length;
      kept = Buffer.concat([kept, chunk.subarray(0, Math.max(0, room))]);
      refuse ||= chunk.length >= room;
    });
    // Answered when all of it was sent: a client whose line is cut tries again at once, and may be told why first, or not.
    req.on('end', () =>
      refuse
        ? json(res, 403, { code: 'forbidden', message: 'Not yours' })
        : res.writeHead(204, { ...tus, 'upload-offset': kept.length }).end(),
    );
  };
  return {
    seen,
    kept: () => kept,
    mend: (limit: number) => {
      refuse = false;
      after = limit;
    },
  };
}

describe('upload', () => {
  it('goes on with the next command, where the one before broke off', async () => {
    const path = join(folder, 'data.bin');
    await writeFile(path, CONTENT);
    const notes = join(folder, 'notes');
    const sha256 = createHash('sha256').update(CONTENT).digest('hex');
    const sending = () => upload({ ...attempt(), path, name: 'data.bin', sha256, notes, onBytes: () => undefined });
    const tus = tusThatBreaks(200_000);
    await expect(sending()).rejects.toMatchObject({ code: expect.stringMatching(/forbidden|unavailable/) });
    expect(await readdir(notes)).toHaveLength(1);
    tus.mend(Number.POSITIVE_INFINITY);
    tus.seen.length = 0;
    expect(await sending()).toBe('up_1');
    expect(tus.seen).toEqual(['HEAD', 'PATCH 200000']);
    expect(tus.kept().equals(CONTENT)).toBe(true);
    await expect.poll(() => readdir(notes)).toEqual([]);
  });
});

describe('download', () => {
  const all = async (from: number) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await download(new URL(`${url}/blobs/x`), { ...attempt(), from })) chunks.push(chunk);
    return Buffer.concat(chunks);
  };

  it('asks for the rest, with its token', async () => {
    const asked: unknown[] = [];
    answer = ({ headers }, res) => {
      asked.push([headers.range, headers.authorization]);
      const from = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
      res.writeHead(from === 0 ? 200 : 206).end(CONTENT.subarray(from));
    };
    expect((await all(0)).length).toBe(CONTENT.length);
    expect((await all(499_990)).toString()).toBe('0123456789');
    expect(asked).toEqual([
      [undefined, 'Bearer lmk_test'],
      ['bytes=499990-', 'Bearer lmk_test'],
    ]);
  });

  it('says what broke, and what the lab said', async () => {
    answer = (_req, res) => {
      res.writeHead(200, { 'content-length': CONTENT.length });
      res.write(CONTENT.subarray(0, 1_000), () => res.destroy());
    };
    await expect(all(0)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('goes on') });
    answer = (_req, res) => void json(res, 404, { code: 'not_found', message: 'There is no such blob' });
    await expect(all(0)).rejects.toMatchObject({ code: 'not_found', message: 'There is no such blob' });
    // All of it, though a part was asked for: not what the part on this side goes on with.
    answer = (_req, res) => void res.writeHead(200).end(CONTENT);
    await expect(all(10)).rejects.toMatchObject({ code: expect.any(String) });
  });
});
