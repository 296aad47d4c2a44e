// fetch_dataset of a range: what is missing is fetched, once; rows and columns are those that were asked for; and who may not fetch
// is told that there may be more.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type StandIn, standIn } from '../../../../test/sources/stand-in.js';
import { nasaGateway } from '../recorded/nasa-gateway.js';
import { type OpenSources, openSources, type Replica } from './open-sources.testing.js';
import { covers, isWithin } from './time-range.js';

const FLARES = 'ds_nasa-donki-flr';
const SEPTEMBER = { datasetId: FLARES, from: '2017-09-01', to: '2017-09-30' };
let nasa: StandIn;
let sources: OpenSources;
let lab: Replica;

beforeAll(async () => {
  nasa = await standIn(nasaGateway({ keys: new Set(['DEMO_KEY']), limit: 1_000 }));
  sources = await openSources({
    LABMESH_FETCH_ALLOW: '127.0.0.1',
    LABMESH_SOURCE_URLS: `nasa-donki=${nasa.url},nasa-neows=${nasa.url}`,
  });
  lab = sources.replica();
  await lab.fetch({ source: 'nasa-donki', stream: 'flr', from: SEPTEMBER.from, to: SEPTEMBER.to });
});
afterAll(async () => {
  await nasa?.[Symbol.asyncDispose]();
  await sources?.[Symbol.asyncDispose]();
});
beforeEach(() => {
  nasa.seen.length = 0;
});

describe('a range of a dataset of a source', () => {
  it('is read from what is there, when the last fetch had it', async () => {
    const day = await lab.read({ ...SEPTEMBER, from: '2017-09-06', to: '2017-09-06' });
    const { rows: all = [] } = await lab.read(SEPTEMBER);
    expect(all).toHaveLength(41);
    expect(day.rows).toStrictEqual(all.filter(({ beginTime }) => String(beginTime).startsWith('2017-09-06')));
    expect(day.rows?.length).toBeGreaterThan(0);
    expect(day).toMatchObject({ range: { complete: true, changed: 0 }, told: [] });
    expect(nasa.seen).toStrictEqual([]);
  });

  it('is fetched where it is missing, told on the way, and asked for once', async () => {
    const wish = { ...SEPTEMBER, to: '2017-12-31', limit: 30 };
    const first = await lab.read(wish);
    expect(first).toMatchObject({ range: { complete: true, changed: 1 }, nextOffset: 30, dataset: { rows: 42 } });
    expect(first.told.at(-1)).toMatch(/^nasa-donki: 42 rows on \d+ page/);
    const asked = nasa.seen.length;
    expect(asked).toBeGreaterThan(0);
    const second = await lab.read({ ...wish, offset: 30, columns: ['flrID', 'beginTime'] });
    expect(second.rows).toHaveLength(12);
    expect(Object.keys(second.rows?.[0] ?? {})).toStrictEqual(['flrID', 'beginTime']);
    expect(second.nextOffset).toBeUndefined();
    expect(nasa.seen).toHaveLength(asked);
  });

  it('is what the lab has, for who may not add to it, and says whether that is all', async () => {
    await lab.read(SEPTEMBER);
    nasa.seen.length = 0;
    expect(await lab.read(SEPTEMBER, 'citizen')).toMatchObject({ range: { complete: true } });
    const more = await lab.read({ ...SEPTEMBER, to: '2018-06-30' }, 'citizen');
    expect(more.range).toMatchObject({ complete: false, changed: 0, fetchedAt: expect.any(String) as string });
    expect(more.rows?.length).toBeGreaterThan(40);
    await expect(lab.read({ datasetId: FLARES, parameters: {} }, 'citizen')).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(nasa.seen).toStrictEqual([]);
  });

  it('may be of the dataset that other parameters make', async () => {
    const one = await lab.fetch({ source: 'nasa-neows', stream: 'lookup', parameters: { id: '3542519' } });
    const other = await lab.read({ datasetId: one.dataset.datasetId, parameters: { id: '3542519' } });
    expect(other).toMatchObject({ dataset: { datasetId: one.dataset.datasetId }, range: { complete: true } });
    await expect(lab.read({ datasetId: one.dataset.datasetId, parameters: { id: [] } })).rejects.toThrow(/id/);
  });

  it.each([
    ['a version', { ...SEPTEMBER, version: 1 }, /have no range/],
    ['content as it is stored', { ...SEPTEMBER, as: 'content' }, /have no range/],
    ['what is no time', { ...SEPTEMBER, from: 'yesterday' }, /must be a date/],
    ['a range that ends before it begins', { ...SEPTEMBER, from: '2017-10-01' }, /ends before it begins/],
    ['a column that is not there', { datasetId: FLARES, columns: ['nothing'] }, /nothing/],
    ['a dataset of no source', { ...SEPTEMBER, datasetId: 'ds_other' }, /comes from no source/],
  ])('is refused for %s', async (_what, input, why) => {
    await expect(lab.read(input)).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringMatching(why) });
    expect(nasa.seen).toStrictEqual([]);
  });

  it('is refused where the source has none', async () => {
    const { dataset } = await lab.fetch({ source: 'nasa-neows', stream: 'lookup', parameters: { id: '3542519' } });
    await expect(lab.read({ datasetId: dataset.datasetId, from: '2026-01-01' })).rejects.toThrow(/has no range/);
  });
});

describe('places of a range', () => {
  it.each([
    ['2017-09-30T23:59Z', { to: '2017-09-30' }, 'date', true],
    ['2017-10-01T00:00Z', { to: '2017-09-30' }, 'date', false],
    ['2017-09-01T00:00:00Z', { from: '2017-09-01T00:00:00Z' }, 'datetime', true],
    [15, { from: 16 }, 'integer', false],
    ['b', { from: 'a', to: 'b' }, 'text', true],
    ['no time', {}, 'date', false],
  ] as const)('%s in %o', (place, range, format, within) => {
    expect(isWithin(place, range, format)).toBe(within);
  });

  it('are covered by a range that has them all', () => {
    const outer = { from: '2017-09-01', to: '2017-09-30' };
    expect(covers(outer, { from: '2017-09-02', to: '2017-09-30' }, 'date')).toBe(true);
    expect(covers(outer, { from: '2017-08-31', to: '2017-09-30' }, 'date')).toBe(false);
    expect(covers(outer, { from: '2017-09-02' }, 'date')).toBe(false);
    expect(covers({}, { from: 1 }, 'integer')).toBe(true);
  });
});
