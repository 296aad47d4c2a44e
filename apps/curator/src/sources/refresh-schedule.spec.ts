// Fetching again by itself: each due stream once, however many replicas look; and what happens when the source is gone.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type StandIn, standIn } from '../../../../test/sources/stand-in.js';
import { json } from '../recorded/recorded-api.js';
import { type OpenSources, openSources, type Replica } from './open-sources.testing.js';
import { RefreshSchedule } from './refresh-schedule.js';

const NAME = 'tides';
const STREAMS = ['north', 'south', 'west'];
const lifecycle = { onServing: (serve: () => void) => serve() };
const log = { info: () => undefined, warn: () => undefined };

describe('streams that are due', () => {
  let server: StandIn;
  let sources: OpenSources;
  let replicas: readonly [Replica, Replica];
  let isGone = false;

  const scheduleOf = ({ state, fetcher, config }: Replica) =>
    new RefreshSchedule(state, fetcher, lifecycle, config, log);
  const lookAll = () => Promise.all(replicas.map((replica) => scheduleOf(replica).look()));
  const passTime = () =>
    sources.database.pool.query(`UPDATE curator.source_slices SET fetched_at = fetched_at - interval '2 hours',
      refresh_at = refresh_at - interval '2 hours'`);
  const paths = () => server.seen.map(({ path }) => path).toSorted();

  beforeAll(async () => {
    server = await standIn(async ({ url }) =>
      isGone
        ? { status: 410, headers: {}, body: '' }
        : json([{ id: 1, place: url.pathname, seen: server.seen.length }]),
    );
    sources = await openSources({ LABMESH_FETCH_ALLOW: '127.0.0.1' });
    replicas = [sources.replica(), sources.replica()];
    const stream = (name: string) => ({
      title: name,
      description: name,
      request: { path: `/${name}` },
      freshness: '1h',
    });
    await replicas[0].catalog.add(
      JSON.stringify({
        ...{ manifest: 1, name: NAME, title: 'Tides', description: 'For tests', licence: 'CC0-1.0', topics: ['tests'] },
        ...{ homepage: 'https://example.org', kind: 'http-json', baseUrl: server.url },
        errors: [{ status: 410, means: 'It has ended', do: 'Remove the source.', action: 'gone' }],
        streams: Object.fromEntries(STREAMS.map((name) => [name, stream(name)])),
      }),
      'test',
    );
    for (const name of STREAMS) await replicas[0].fetch({ source: NAME, stream: name });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await sources?.[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    server.seen.length = 0;
  });

  it('are not asked for before', async () => {
    expect(await lookAll()).toEqual([0, 0]);
    expect(server.seen).toEqual([]);
  });

  it('are asked for once each by all replicas together', async () => {
    await passTime();
    await lookAll();
    expect(paths()).toEqual(['/north', '/south', '/west']);
    expect(await lookAll()).toEqual([0, 0]);
    expect(server.seen).toHaveLength(3);
  });

  it('of a source that is gone stay as they were, are marked, told once each, and asked for no more', async () => {
    isGone = true;
    const [{ fetch, rowsOf, directory }] = replicas;
    const before = await rowsOf(`ds_${NAME}-north`);
    await passTime();
    await lookAll();
    expect(sources.told).toHaveLength(STREAMS.length);
    for (const text of sources.told) expect(text).toMatch(/is gone\. .*It has ended.*Its last good version stays/);
    expect(await rowsOf(`ds_${NAME}-north`)).toEqual(before);
    const { status, datasets } = await directory.get({ source: NAME });
    expect([status, ...datasets.map((dataset) => dataset.status)]).toEqual(['gone', 'gone', 'gone', 'gone']);
    await expect(fetch({ source: NAME, stream: 'north' })).rejects.toMatchObject({ code: 'upstream_failed' });
    expect(sources.told).toHaveLength(STREAMS.length);
    const asked = server.seen.length;
    await passTime();
    expect(await lookAll()).toEqual([0, 0]);
    expect(server.seen).toHaveLength(asked);
  });
});

describe('the clock of a replica', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const counting = (recorded: boolean) => {
    const due = vi.fn(async () => [] as never[]);
    const state = { due, isDue: async () => false };
    const fetcher = { fetch: () => Promise.reject(new Error('nothing is due')) as never };
    return { due, schedule: new RefreshSchedule(state, fetcher, lifecycle, { recorded }, log) };
  };

  it('looks soon after it serves, then twice a minute, until it stops', async () => {
    const { due, schedule } = counting(false);
    schedule.onModuleInit();
    await vi.advanceTimersByTimeAsync(9_999);
    expect(due).toHaveBeenCalledTimes(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(due).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(due).toHaveBeenCalledTimes(11);
    await schedule.onModuleDestroy();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(due).toHaveBeenCalledTimes(11);
  });

  it('goes on when a look fails', async () => {
    const { due, schedule } = counting(false);
    due.mockRejectedValueOnce(new Error('the database is away'));
    schedule.onModuleInit();
    await vi.advanceTimersByTimeAsync(40_000);
    expect(due).toHaveBeenCalledTimes(2);
    await schedule.onModuleDestroy();
  });

  it('never looks where replies are recorded', async () => {
    const { due, schedule } = counting(true);
    schedule.onModuleInit();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(due).not.toHaveBeenCalled();
  });
});
