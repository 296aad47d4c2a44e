// Pictures of sources: asked for once, kept by their request with a counted reference, large ones as links that open for everybody.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type StandIn, standIn } from '../../../../test/sources/stand-in.js';
import { curatorBlobs } from '../curator.blobs.js';
import { curatorOn, walletOf } from '../curator.testing.js';
import { type OpenSources, openSources, type Replica } from './open-sources.testing.js';

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
let server: StandIn;
let sources: OpenSources;
let lab: Replica;
/** What follows the first bytes of the next picture. */
let rest = Buffer.alloc(0);
let answered: Promise<void> = Promise.resolve();

beforeAll(async () => {
  server = await standIn(async () => {
    await answered;
    return { status: 200, headers: { 'content-type': 'image/png' }, body: Buffer.concat([PNG, rest]) };
  });
  sources = await openSources({ LABMESH_FETCH_ALLOW: '127.0.0.1' });
  lab = sources.replica();
  await lab.catalog.add(
    JSON.stringify({
      ...{ manifest: 1, name: 'sky', title: 'Sky', description: 'For tests', licence: 'CC0-1.0', topics: ['tests'] },
      ...{ homepage: 'https://example.org', kind: 'http-json', baseUrl: server.url },
      streams: { all: { title: 'All', description: 'All', request: { path: '/all' } } },
      images: {
        view: {
          ...{ title: 'A view', description: 'Of a place', path: '/view', query: { at: '{at}' }, types: ['image/png'] },
          parameters: { at: { description: 'Where', type: 'string', required: true } },
        },
      },
    }),
    'test',
  );
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await sources?.[Symbol.asyncDispose]();
});
beforeEach(() => {
  server.seen.length = 0;
  rest = randomBytes(1_000);
});

const view = (at: string, { by = lab, inline = false, signal = new AbortController().signal } = {}) =>
  by.images.fetch(
    { source: 'sky', image: 'view', parameters: { at }, inline },
    { deadline: Date.now() + 60_000, signal },
  );
const kept = async (): Promise<unknown> =>
  (await sources.database.pool.query(`SELECT name, media_type, bytes::int FROM curator.blobs WHERE owner = 'pictures'`))
    .rows;

it('is asked for once, at whichever replica, and kept with one reference for each request', async () => {
  const first = await view('here');
  expect(first.content).toMatchObject([
    { type: 'text', text: 'A view, Sky. CC0-1.0' },
    { type: 'image', mimeType: 'image/png', data: Buffer.concat([PNG, rest]).toString('base64') },
  ]);
  expect(await view('here', { by: sources.replica() })).toStrictEqual(first);
  expect(server.seen).toHaveLength(1);
  expect((await view('there')).content[1]).toStrictEqual(first.content[1]);
  expect(server.seen).toHaveLength(2);
  // The same bytes: two names, one content.
  expect(await kept()).toStrictEqual([
    { name: 'sky-view.png', media_type: 'image/png', bytes: 1_008 },
    { name: 'sky-view.png', media_type: 'image/png', bytes: 1_008 },
  ]);
  const contents = [];
  for await (const { sha256 } of lab.references.store.list()) contents.push(sha256);
  expect(contents).toHaveLength(1);
});

it('is asked for once by all who want it at one moment, also when the first of them goes away', async () => {
  let answer: () => void = () => undefined;
  answered = new Promise((resolve) => {
    answer = resolve;
  });
  const caller = new AbortController();
  const [gone, stays, too] = [view('now', { signal: caller.signal }), view('now'), view('now')];
  gone.catch(() => undefined);
  await expect.poll(() => server.seen.length).toBe(1);
  caller.abort();
  await expect(gone).rejects.toMatchObject({ code: 'cancelled' });
  answered = Promise.resolve();
  answer();
  expect(await stays).toStrictEqual(await too);
  expect(server.seen).toHaveLength(2);
});

it('is a link when it is large, which opens for everybody; in the answer where it is wanted and fits', async () => {
  rest = randomBytes(400_000);
  const { content, structured } = await view('far');
  expect(content[1]).toStrictEqual({
    ...{ type: 'resource_link', uri: structured?.blobId, name: 'sky-view.png', mimeType: 'image/png', size: 400_008 },
  });
  expect((await view('far', { inline: true })).content[1]).toMatchObject({ type: 'image' });
  rest = randomBytes(3_000_000);
  expect((await view('farther', { inline: true })).content[1]).toMatchObject({
    type: 'resource_link',
    size: 3_000_008,
  });
  const { reader } = curatorOn(sources.database, { of: () => lab.references.store } as never);
  const { open } = curatorBlobs(reader, lab.pictures);
  const { call } = walletOf(() => ({ tools: {} as never }), 'citizen');
  expect(await open(String(structured?.blobId), call)).toMatchObject({ bytes: 400_008, mediaType: 'image/png' });
  await expect(async () => open('blob_curator_none', call)).rejects.toMatchObject({ code: 'not_found' });
});

it('is asked for anew after a day, and then has one reference as before', async () => {
  await view('old');
  const before = ((await kept()) as unknown[]).length;
  await sources.database.pool.query(`UPDATE curator.pictures SET fetched_at = fetched_at - interval '25 hours'`);
  rest = randomBytes(500);
  expect((await view('old')).structured).toMatchObject({ bytes: 508 });
  expect(server.seen).toHaveLength(2);
  expect(await kept()).toHaveLength(before);
});

it('goes when it was unused longest and there are too many bytes', async () => {
  const place = async (request: string, bytes: number) => {
    const content = await lab.references.store.put([randomBytes(bytes)]);
    return lab.pictures.keep(request, { ...content, mediaType: 'image/png', name: 'x.png' }, 2_500);
  };
  await place('a', 1_000);
  await place('b', 1_000);
  expect(await lab.pictures.of('a')).toBeDefined();
  const last = await place('c', 1_000);
  expect(await lab.pictures.of('b')).toBeUndefined();
  expect([await lab.pictures.of('a'), await lab.pictures.of('c')]).toMatchObject([{ bytes: 1_000 }, { id: last.id }]);
  expect(await kept()).toHaveLength(2);
});
