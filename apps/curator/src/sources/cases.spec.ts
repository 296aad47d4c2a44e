// What a fetch must survive, case by case: equal cursor values, late rows, crashes, loops, limits, replicas, hostile replies.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ApiRow, type ChangingApi, changingApi, changingManifest } from '../../../../test/sources/changing-api.js';
import { type StandIn, standIn } from '../../../../test/sources/stand-in.js';
import type { RecordedAnswer } from '../recorded/recorded-api.js';
import { type OpenSources, openSources, type Replica } from './open-sources.testing.js';

let sources: OpenSources;
let servers: StandIn[] = [];

beforeAll(async () => {
  sources = await openSources({ LABMESH_FETCH_ALLOW: '127.0.0.1' });
});
afterAll(async () => {
  await sources?.[Symbol.asyncDispose]();
});
afterEach(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]();
  servers = [];
});

interface Place {
  readonly name: string;
  readonly changing: ChangingApi;
  readonly server: StandIn;
  readonly lab: Replica;
  readonly wish: { source: string; stream: string };
}

let count = 0;
/** A source of its own. `more` is laid over its manifest. */
async function place(
  kind: string,
  { size = 2, lookBack, more = {} }: { size?: number; lookBack?: number; more?: object } = {},
): Promise<Place> {
  count += 1;
  const name = `case-${count}`;
  const changing = changingApi(size);
  const server = await standIn(changing.api);
  servers.push(server);
  const lab = sources.replica();
  const text = changingManifest({ name, url: server.url, kind, size, ...(lookBack === undefined ? {} : { lookBack }) });
  await lab.catalog.add(JSON.stringify({ ...JSON.parse(text), ...more }), 'test');
  return { name, changing, server, lab, wish: { source: name, stream: 'rows' } };
}

const rowOf = (id: number, at: number): ApiRow => ({ id, at, text: `row ${id}` });
const idsOf = async ({ lab, wish }: Place): Promise<unknown[]> => {
  const { dataset } = await lab.fetch(wish);
  return (await lab.rowsOf(dataset.datasetId)).map(({ id }) => id);
};

/** Ends as a killed process does: nothing is tidied up, and nobody renews its lease. */
async function killAfterPages({ lab, wish }: Place, pages: number): Promise<void> {
  const fetching = lab.fetcher.fetch(wish, {
    deadline: Date.now() + 60_000,
    signal: new AbortController().signal,
    force: true,
  });
  for (let page = 0; page < pages; page += 1) expect((await fetching.next()).done).toBe(false);
  await sources.database.pool.query(
    `UPDATE "curator"."source_slices" SET held_until = now() - interval '1 second' WHERE source = $1`,
    [wish.source],
  );
}

describe('an incremental fetch', () => {
  it('has each of three rows with one cursor value once, though it was killed after page 1, and a late one', async () => {
    const at = await place('page', { lookBack: 5 });
    at.changing.rows = [rowOf(1, 16), rowOf(2, 16), rowOf(3, 16)];
    await killAfterPages(at, 1);
    expect(await idsOf(at)).toStrictEqual([1, 2, 3]);
    // The first page was asked for once: the second fetch went on after it.
    expect(at.server.seen.map(({ path }) => path)).toStrictEqual(['/page?page=1&since=0', '/page?page=2&since=0']);
    at.changing.rows.push(rowOf(4, 15));
    expect(await idsOf(at)).toStrictEqual([1, 2, 3, 4]);
    expect(at.server.seen.at(-1)?.path).toBe('/page?page=2&since=11');
  });

  it('takes a corrected row in the place of the one before', async () => {
    const at = await place('cursor', { lookBack: 10 });
    at.changing.rows = [rowOf(1, 1), rowOf(2, 2)];
    await idsOf(at);
    at.changing.rows = [{ ...rowOf(1, 1), text: 'corrected' }, rowOf(2, 2)];
    const { dataset, changed } = await at.lab.fetch(at.wish);
    expect(changed).toBe(1);
    expect(await at.lab.rowsOf(dataset.datasetId)).toMatchObject([{ id: 1, text: 'corrected' }, { id: 2 }]);
  });
});

describe('a source that misbehaves', () => {
  it.each([
    [
      '429 without Retry-After',
      [
        { kind: 'status', status: 429 },
        { kind: 'status', status: 429 },
      ],
    ],
    [
      'bursts of 5xx',
      [
        { kind: 'status', status: 500 },
        { kind: 'status', status: 502 },
        { kind: 'status', status: 503 },
      ],
    ],
    [
      'a body that breaks off, one that is cut, one that is packed and cut',
      [{ kind: 'truncated' }, { kind: 'cut-json' }, { kind: 'cut-gzip' }],
    ],
    ['packed bodies, and a connection that breaks', [{ kind: 'gzip' }, { kind: 'reset' }, { kind: 'gzip' }]],
  ] as const)('is fetched to its end in spite of %s', async (_, faults) => {
    const at = await place('offset');
    at.changing.rows = [1, 2, 3, 4, 5].map((id) => rowOf(id, 1));
    at.server.faults.push(...faults);
    Object.assign(at.lab.kinds.timing, { pause: async () => undefined });
    expect(await idsOf(at)).toStrictEqual([1, 2, 3, 4, 5]);
  });

  it('is given up after some tries, and what was fetched stays', async () => {
    const at = await place('link');
    at.changing.rows = [1, 2, 3].map((id) => rowOf(id, 1));
    Object.assign(at.lab.kinds.timing, { pause: async () => undefined });
    at.server.faults.push(undefined, ...Array.from({ length: 5 }, () => ({ kind: 'status', status: 503 }) as const));
    await expect(at.lab.fetch(at.wish)).rejects.toMatchObject({
      code: 'upstream_failed',
      message: expect.stringContaining('5 times'),
    });
    const { datasets } = await at.lab.directory.get({ source: at.name });
    expect(datasets).toMatchObject([{ status: 'stale', message: expect.stringContaining('503') }]);
    expect(await idsOf(at)).toStrictEqual([1, 2, 3]);
    expect(at.server.seen.at(-1)?.path).toMatch(/after=2/);
  });

  it('whose links lead back is found out, and goes on once they do not', async () => {
    const at = await place('link');
    at.changing.rows = [1, 2, 3, 4, 5, 6, 7].map((id) => rowOf(id, 1));
    at.changing.looping = true;
    await expect(at.lab.fetch(at.wish)).rejects.toThrow(/links lead back/);
    expect(at.server.seen.length).toBeLessThan(30);
    at.changing.looping = false;
    expect((await idsOf(at)).sort()).toStrictEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it.each([
    [
      'a redirect to the cloud’s own data',
      { kind: 'redirect', to: 'http://169.254.169.254/latest/meta-data' },
      'forbidden',
    ],
    ['a redirect to a private address', { kind: 'redirect', to: 'http://10.0.0.1/' }, 'forbidden'],
    ['a redirect to a file', { kind: 'redirect', to: 'file:///etc/passwd' }, 'invalid_input'],
    ['a body that unpacks to much', { kind: 'bomb', bytes: 40 * 1024 * 1024 }, 'too_large'],
  ] as const)('that answers with %s is refused', async (_, fault, code) => {
    const at = await place('page');
    at.server.faults.push(fault);
    await expect(at.lab.fetch(at.wish)).rejects.toMatchObject({ code });
    expect(at.server.seen).toHaveLength(1);
  });

  it('that sends a byte now and then is given up in time', async () => {
    const at = await place('page');
    Object.assign(at.lab.kinds.timing, { pause: async () => undefined });
    Object.assign(at.lab.kinds, { config: { ...at.lab.config, fetchTimeoutMs: 100 } });
    at.server.faults.push(...Array.from({ length: 5 }, () => ({ kind: 'drip', everyMs: 10 }) as const));
    await expect(at.lab.fetch(at.wish)).rejects.toMatchObject({
      code: 'upstream_failed',
      message: expect.stringContaining('100 ms'),
    });
  });

  it('whose own address is private is refused until the operator names it', async () => {
    const at = await place('page');
    const strict = sources.replica({ LABMESH_FETCH_ALLOW: '' });
    await expect(strict.fetch(at.wish)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('LABMESH_FETCH_ALLOW'),
    });
    expect(at.server.seen).toHaveLength(0);
  });
});

describe('what is asked of a source', () => {
  it('is not asked again while it is fresh, and says whether it is the same when it is not', async () => {
    const etag = '"v1"';
    const server = await standIn(async ({ url, headers }): Promise<RecordedAnswer | undefined> => {
      if (url.pathname !== '/all') return undefined;
      if (headers['if-none-match'] === etag) return { status: 304, headers: { etag }, body: '' };
      return { status: 200, headers: { 'content-type': 'application/json', etag }, body: '[{"id":1},{"id":2}]' };
    });
    servers.push(server);
    const at = await place('page', {
      more: {
        baseUrl: server.url,
        streams: { rows: { title: 'All', description: 'All', request: { path: '/all' }, freshness: '1h' } },
      },
    });
    const first = await at.lab.fetch(at.wish, { force: false });
    expect(first).toMatchObject({ cached: false, rows: 2, changed: 2, dataset: { rows: 2 } });
    expect(first.refreshAt?.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
    expect(await at.lab.fetch(at.wish, { force: false })).toMatchObject({ cached: true, dataset: { rows: 2 } });
    expect(server.seen).toHaveLength(1);
    expect(await at.lab.fetch(at.wish)).toMatchObject({ cached: false, changed: 0, dataset: { rows: 2 } });
    expect(server.seen).toHaveLength(2);
  });

  it('stays within its limit over all replicas, and one fetches a stream at a time', async () => {
    const at = await place('cursor', { size: 1, more: { rateLimit: [{ requests: 3, per: '1h' }] } });
    at.changing.rows = [1, 2, 3, 4, 5, 6].map((id) => rowOf(id, 1));
    const replicas = [at.lab, sources.replica(), sources.replica()];
    const within = { deadline: Date.now() + 20_000 };
    const ends = await Promise.allSettled(replicas.map((replica) => replica.fetch(at.wish, within)));
    expect(at.server.seen).toHaveLength(3);
    expect(new Set(at.server.seen.map(({ path }) => path)).size).toBe(3);
    for (const end of ends)
      expect(end).toMatchObject({
        status: 'rejected',
        reason: { code: 'rate_limited', message: expect.stringContaining('goes on from there') },
      });
  });

  it('waits for what remains of the hour when it is told to wait and not how long', async () => {
    const at = await place('page', { more: { rateLimit: [{ requests: 1_000, per: '1h' }] } });
    at.server.faults.push({ kind: 'status', status: 429 });
    const error = await at.lab.fetch(at.wish).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'rate_limited' });
    expect((error as { waitMs: number }).waitMs).toBeGreaterThan(3_500_000);
    expect((error as { waitMs: number }).waitMs).toBeLessThanOrEqual(3_600_000);
    await expect(sources.replica().fetch(at.wish)).rejects.toMatchObject({ code: 'rate_limited' });
    expect(at.server.seen).toHaveLength(1);
  });

  it('stops when the caller goes away, and goes on with the next', async () => {
    const at = await place('cursor');
    at.changing.rows = [1, 2, 3, 4, 5, 6].map((id) => rowOf(id, 1));
    const caller = new AbortController();
    at.changing.beforeAnswer = (answered) => {
      if (answered === 1) caller.abort();
    };
    await expect(at.lab.fetch(at.wish, { signal: caller.signal })).rejects.toMatchObject({ code: 'cancelled' });
    const before = at.server.seen.length;
    expect(await idsOf(at)).toStrictEqual([1, 2, 3, 4, 5, 6]);
    expect(at.server.seen.length - before).toBeLessThan(3);
  });

  it('has numbers exactly as they are, or is refused with the place', async () => {
    const server = await standIn(async () => ({ status: 200, headers: {}, body: '[{"id":1,"big":9007199254740993}]' }));
    servers.push(server);
    const at = await place('page', {
      more: { baseUrl: server.url, streams: { rows: { title: 'All', description: 'All', request: { path: '/' } } } },
    });
    await expect(at.lab.fetch(at.wish)).rejects.toThrow(/\/0\/big is the number 9007199254740993/);
  });
});
