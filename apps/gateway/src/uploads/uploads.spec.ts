// Uploads as a client sees them, by the protocol's own words and by a client that others wrote.
import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Upload } from 'tus-js-client';
import { type GatewayUnderTest, gatewayUnderTest, tokenOf } from '../gateway.testing.js';

const LIMIT = 2_000_000;
let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await gatewayUnderTest();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const TUS = { 'tus-resumable': '1.0.0' };
const OCTETS = { 'content-type': 'application/offset+octet-stream' };
const metadata = (said: Record<string, string>): string =>
  Object.entries(said)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
    .join(',');

const begin = (bytes: number, headers: Record<string, string> = {}, wallet = 1) =>
  gateway.ask(
    '/uploads',
    { method: 'POST', headers: { ...TUS, 'upload-length': String(bytes), ...headers } },
    { wallet },
  );
const begun = async (bytes: number, wallet = 1): Promise<string> =>
  (await begin(bytes, {}, wallet)).headers.get('location') ?? '';
const send = (path: string, offset: number, body: Buffer, wallet = 1) =>
  gateway.ask(
    path,
    { method: 'PATCH', headers: { ...TUS, ...OCTETS, 'upload-offset': String(offset) }, body: new Uint8Array(body) },
    { wallet },
  );
const look = (path: string, wallet = 1) => gateway.ask(path, { method: 'HEAD', headers: TUS }, { wallet });
const offsetOf = async (path: string): Promise<string | null> => (await look(path)).headers.get('upload-offset');
const refusal = async (response: Response): Promise<[number, unknown]> => [
  response.status,
  ((await response.json()) as { code?: unknown }).code,
];
const walletId = 'wal_01920000-0000-7000-8000-000000000001';
const content = async (path: string): Promise<Buffer> =>
  buffer(await gateway.blobs.uploads.open(path.split('/').at(-1) ?? '', walletId));
const recorded = (path: string) =>
  gateway.records
    .filter(({ about }) => about?.uploadId === path.split('/').at(-1))
    .map(({ tool, outcome }) => [tool, outcome]);

describe('an upload', () => {
  const bytes = randomBytes(300_000);

  it('is begun, sent in pieces, and there for agents when it is whole', async () => {
    const said = { filename: 'flares – März.csv', filetype: 'text/csv' };
    const response = await begin(bytes.length, { 'upload-metadata': metadata(said) });
    expect(response.status).toBe(201);
    const path = response.headers.get('location') ?? '';
    expect(path).toMatch(/^\/uploads\/up_[0-9a-f-]{36}$/);
    expect(Date.parse(response.headers.get('upload-expires') ?? '')).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    const id = path.split('/').at(-1) ?? '';
    const first = await send(path, 0, bytes.subarray(0, 100_000));
    expect([first.status, first.headers.get('upload-offset')]).toEqual([204, '100000']);
    expect(await gateway.blobs.uploads.find(id, walletId)).toBeUndefined();
    expect(await offsetOf(path)).toBe('100000');
    const last = await send(path, 100_000, bytes.subarray(100_000));
    expect([last.status, last.headers.get('upload-offset')]).toEqual([204, '300000']);
    expect(await gateway.blobs.uploads.find(id, walletId)).toMatchObject({
      bytes: bytes.length,
      name: said.filename,
      mediaType: said.filetype,
    });
    expect((await content(path)).equals(bytes)).toBe(true);
    const head = await look(path);
    expect(head.headers.get('upload-metadata')).toBe(metadata(said));
    expect(head.headers.get('cache-control')).toBe('no-store');
  });

  it('may come with its first request', async () => {
    const response = await gateway.ask('/uploads', {
      method: 'POST',
      headers: { ...TUS, ...OCTETS, 'upload-length': String(bytes.length) },
      body: new Uint8Array(bytes),
    });
    expect([response.status, response.headers.get('upload-offset')]).toEqual([201, '300000']);
    expect((await content(response.headers.get('location') ?? '')).equals(bytes)).toBe(true);
  });

  it('of nothing is whole at once', async () => {
    const path = await begun(0);
    expect(await content(path)).toEqual(Buffer.alloc(0));
  });

  it('is in the audit log when it begins and ends, with sizes and without a name', async () => {
    const response = await begin(3, { 'upload-metadata': metadata({ filename: 'secret-name.csv' }) });
    const path = response.headers.get('location') ?? '';
    await send(path, 0, Buffer.from('abc'));
    expect(recorded(path)).toEqual([
      ['upload:begin', 'ok'],
      ['upload:finish', 'ok'],
    ]);
    expect(gateway.records.at(-1)?.about).toMatchObject({ bytes: '3' });
    expect(JSON.stringify(gateway.records)).not.toContain('secret-name');
  });

  it('is removed', async () => {
    const path = await begun(10);
    const removed = await gateway.ask(path, { method: 'DELETE', headers: TUS });
    expect(removed.status).toBe(204);
    expect((await look(path)).status).toBe(404);
    expect((await send(path, 0, Buffer.from('x'))).status).toBe(404);
    expect(recorded(path).slice(0, 2)).toEqual([
      ['upload:begin', 'ok'],
      ['upload:remove', 'ok'],
    ]);
  });

  it('tells what the server can', async () => {
    const response = await gateway.ask('/uploads', { method: 'OPTIONS' });
    expect(response.status).toBe(204);
    expect(response.headers.get('tus-version')).toBe('1.0.0');
    expect(response.headers.get('tus-extension')).toBe('creation,creation-with-upload,termination,expiration');
    expect(response.headers.get('tus-max-size')).toBe('10737418240');
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});

describe('what is refused', () => {
  it('another offset, and nothing is written', async () => {
    const path = await begun(10);
    await send(path, 0, Buffer.from('abc'));
    expect(await refusal(await send(path, 5, Buffer.from('x')))).toEqual([409, 'conflict']);
    expect(await refusal(await send(path, 0, Buffer.from('x')))).toEqual([409, 'conflict']);
    expect(await offsetOf(path)).toBe('3');
  });

  it('more than was said', async () => {
    const path = await begun(3);
    expect(await refusal(await send(path, 0, Buffer.from('abcd')))).toEqual([413, 'too_large']);
    expect(await offsetOf(path)).toBe('0');
  });

  it('more than the limit, before a byte is taken', async () => {
    const response = await begin(10_737_418_241);
    expect(await refusal(response)).toEqual([413, 'too_large']);
    expect(response.headers.get('location')).toBeNull();
  });

  it('another wallet’s, as what does not exist', async () => {
    const path = await begun(3);
    expect((await look(path, 2)).status).toBe(404);
    expect(await refusal(await send(path, 0, Buffer.from('abc'), 2))).toEqual([404, 'not_found']);
    const removed = await gateway.ask(path, { method: 'DELETE', headers: TUS }, { wallet: 2 });
    expect(await refusal(removed)).toEqual([404, 'not_found']);
    expect(await offsetOf(path)).toBe('0');
    await send(path, 0, Buffer.from('abc'));
    const id = path.split('/').at(-1) ?? '';
    expect(await gateway.blobs.uploads.find(id, 'wal_01920000-0000-7000-8000-000000000002')).toBeUndefined();
  });

  it('an address that is none', async () => {
    for (const path of [
      '/uploads/x',
      '/uploads/..%2f..%2fetc',
      '/uploads/up_01920000-0000-7000-8000-000000000001',
      '/uploads/a/b',
    ])
      expect((await look(path)).status, path).toBe(404);
    expect((await gateway.ask('/uploads', { method: 'PATCH', headers: TUS })).status).toBe(405);
    expect((await gateway.ask('/uploads', { method: 'PUT', headers: TUS })).status).toBe(405);
    expect((await gateway.ask(await begun(3), { method: 'GET', headers: TUS })).status).toBe(405);
  });

  it('nobody, and who may not write', async () => {
    const nobody = await fetch(`${gateway.url}/uploads`, { method: 'POST', headers: { ...TUS, 'upload-length': '3' } });
    expect(nobody.status).toBe(401);
    expect(nobody.headers.get('tus-resumable')).toBe('1.0.0');
    const headers = { ...TUS, 'upload-length': '3' };
    const citizen = await gateway.ask('/uploads', { method: 'POST', headers }, { wallet: 1, role: 'citizen' });
    expect(await refusal(citizen)).toEqual([403, 'forbidden']);
    const bound = await gateway.ask(
      '/uploads',
      { method: 'POST', headers },
      { wallet: 1, toolset: ['curator_get_dataset'] },
    );
    expect(await refusal(bound)).toEqual([403, 'forbidden']);
  });

  it('another site, and another version of the protocol', async () => {
    const elsewhere = await begin(3, { origin: 'https://elsewhere.example' });
    expect(elsewhere.status).toBe(403);
    const other = await gateway.ask('/uploads', {
      method: 'POST',
      headers: { 'upload-length': '3', 'tus-resumable': '0.2.2' },
    });
    expect([other.status, other.headers.get('tus-version')]).toEqual([412, '1.0.0']);
  });

  it.each<Record<string, string>>([
    { filename: 'a\r\nb' },
    { filename: 'x'.repeat(256) },
    { filetype: 'text' },
    { filetype: 'text/html\r\nx: y' },
    { sha256: 'abc' },
  ])('a name, type or hash that is none: %j', async (said) => {
    const response = await begin(3, { 'upload-metadata': metadata(said) });
    expect(await refusal(response)).toEqual([400, 'invalid_input']);
  });

  it('a length that is none, none at all, or told later', async () => {
    for (const headers of [{ 'upload-length': '-1' }, { 'upload-length': 'x' }, { 'upload-length': '1e3' }])
      expect((await begin(0, headers)).status).toBe(400);
    expect((await gateway.ask('/uploads', { method: 'POST', headers: TUS })).status).toBe(400);
    const later = { ...TUS, 'upload-defer-length': '1' };
    expect((await gateway.ask('/uploads', { method: 'POST', headers: later })).status).toBe(501);
  });

  it('whose metadata says that it is another’s stays its own', async () => {
    const other = 'wal_01920000-0000-7000-8000-000000000002';
    const response = await begin(0, { 'upload-metadata': metadata({ walletId: other }) });
    const path = response.headers.get('location') ?? '';
    const id = path.split('/').at(-1) ?? '';
    expect(await gateway.blobs.uploads.find(id, other)).toBeUndefined();
    expect(await gateway.blobs.uploads.find(id, walletId)).toBeDefined();
    expect((await look(path)).headers.get('upload-metadata')).toBeNull();
  });

  it('more uploads than a wallet may have, until one is gone', async () => {
    const paths: string[] = [];
    for (let one = 0; one < 32; one++) paths.push(await begun(1, 3));
    expect(await refusal(await begin(1, {}, 3))).toEqual([413, 'quota_exceeded']);
    expect((await begin(1, {}, 4)).status).toBe(201);
    await gateway.ask(paths[0] ?? '', { method: 'DELETE', headers: TUS }, { wallet: 3 });
    expect((await begin(1, {}, 3)).status).toBe(201);
  });
});

describe('a wallet', () => {
  it('that has brought as much as its role may is told so, until an agent has taken it over', async () => {
    await using small = await gatewayUnderTest({ LABMESH_FILE_QUOTA: 'researcher=1000' });
    const ask = (bytes: number) =>
      small.ask('/uploads', { method: 'POST', headers: { ...TUS, 'upload-length': String(bytes) } });
    const first = await ask(600);
    expect(first.status).toBe(201);
    expect(await refusal(await ask(401))).toEqual([413, 'quota_exceeded']);
    expect((await ask(400)).status).toBe(201);
    await small.blobs.uploads.remove(first.headers.get('location')?.split('/').at(-1) ?? '');
    expect((await ask(600)).status).toBe(201);
  });
});

describe('a client that others wrote', () => {
  const options = (authorization = `Bearer ${tokenOf({ wallet: 1 })}`) => ({
    endpoint: `${gateway.url}/uploads`,
    headers: { Authorization: authorization },
    chunkSize: 400_000,
    retryDelays: [0, 50, 100, 200, 400],
    metadata: { filename: 'flares.bin', filetype: 'application/octet-stream' },
  });
  const bytes = randomBytes(LIMIT - 1);

  it('brings a file in pieces', async () => {
    const url = await new Promise<string>((resolve, reject) => {
      const upload = new Upload(bytes, { ...options(), onSuccess: () => resolve(upload.url ?? ''), onError: reject });
      upload.start();
    });
    expect((await content(new URL(url).pathname)).equals(bytes)).toBe(true);
  });

  it('goes on where it was cut', async () => {
    const cut = await new Promise<string>((resolve, reject) => {
      const upload = new Upload(bytes, {
        ...options(),
        onChunkComplete: (_size, accepted) => {
          if (accepted >= 800_000) void upload.abort().then(() => resolve(upload.url ?? ''), reject);
        },
        onError: reject,
      });
      upload.start();
    });
    const stood = Number(await offsetOf(new URL(cut).pathname));
    expect(stood).toBeGreaterThanOrEqual(800_000);
    let sent = 0;
    await new Promise<void>((resolve, reject) => {
      const upload = new Upload(bytes, {
        ...options(),
        uploadUrl: cut,
        onChunkComplete: (size) => (sent += size),
        onSuccess: () => resolve(),
        onError: reject,
      });
      upload.start();
    });
    expect(sent).toBe(bytes.length - stood);
    expect((await content(new URL(cut).pathname)).equals(bytes)).toBe(true);
  });
});

describe('a piece on its way', () => {
  /** A PATCH whose body goes on only when it is told to. */
  function slowly(path: string, credential = 'cred_1') {
    const body = new Readable({ read() {} });
    const answer = fetch(`${gateway.url}${path}`, {
      method: 'PATCH',
      headers: {
        ...TUS,
        ...OCTETS,
        'upload-offset': '0',
        authorization: `Bearer ${tokenOf({ wallet: 1, credential })}`,
      },
      body: Readable.toWeb(body) as ReadableStream,
      duplex: 'half',
    } as RequestInit);
    answer.catch(() => {});
    return { body, answer };
  }
  const stands = async (path: string): Promise<number> => {
    const place = gateway.blobs.uploads.place;
    return (await stat(`${place.kind === 'folder' ? place.path : ''}/${path.split('/').at(-1)}`)).size;
  };

  it('is kept as far as it came when its client goes away', async () => {
    const path = await begun(10);
    const { body, answer } = slowly(path);
    body.push('abc');
    await expect.poll(() => stands(path)).toBe(3);
    body.destroy(new Error('gone'));
    await expect(answer).rejects.toThrow();
    expect(await offsetOf(path)).toBe('3');
    expect((await send(path, 3, Buffer.from('defghij'))).status).toBe(204);
    expect((await content(path)).toString()).toBe('abcdefghij');
  });

  it('lets go of the upload for a client that comes again', async () => {
    const path = await begun(10);
    const { body, answer } = slowly(path);
    body.push('abc');
    await expect.poll(() => stands(path)).toBe(3);
    // The first connection stands still, as one does that its client has lost.
    expect(await offsetOf(path)).toBe('3');
    expect((await send(path, 3, Buffer.from('defghij'))).status).toBe(204);
    expect((await answer).headers.get('upload-offset')).toBe('3');
    expect((await content(path)).toString()).toBe('abcdefghij');
  });

  it('ends with the token it was begun with', async () => {
    const path = await begun(10);
    const { body, answer } = slowly(path, 'cred_3');
    body.push('abc');
    await expect.poll(() => stands(path)).toBe(3);
    gateway.withdraw('cred_3');
    const ended = await answer.then(
      ({ status }) => status,
      () => 'cut',
    );
    expect([401, 'cut']).toContain(ended);
    body.push('defghij');
    expect(await offsetOf(path)).toBe('3');
  });
});
