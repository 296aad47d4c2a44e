// The first manifest to the end: months of DONKI into a dataset, each event once, and on from there.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StandIn, standIn } from '../../../../test/sources/stand-in.js';
import { nasaGateway } from '../recorded/nasa-gateway.js';
import { type OpenSources, openSources, type Replica } from './open-sources.testing.js';

let nasa: StandIn;
let sources: OpenSources;
let lab: Replica;
const KEY = 'a-key-that-nobody-may-see';

beforeAll(async () => {
  nasa = await standIn(nasaGateway({ keys: new Set(['DEMO_KEY', KEY]), limit: 1_000 }));
  sources = await openSources({ LABMESH_FETCH_ALLOW: nasa.host, LABMESH_SOURCE_URLS: `nasa-donki=${nasa.url}` });
  lab = sources.replica();
});
afterAll(async () => {
  await nasa?.[Symbol.asyncDispose]();
  await sources?.[Symbol.asyncDispose]();
});

describe('flares of DONKI', () => {
  it('become a dataset of the lab, by windows of 30 days', async () => {
    const { dataset, pages, rows } = await lab.fetch({
      source: 'nasa-donki',
      stream: 'flr',
      from: '2017-07-01',
      to: '2017-09-30',
    });
    expect({ pages, rows }).toStrictEqual({ pages: 4, rows: 51 });
    expect(dataset).toMatchObject({
      datasetId: 'ds_nasa-donki-flr',
      owner: 'lab',
      rows: 51,
      provenance: { license: 'CC0-1.0' },
    });
    expect(dataset.provenance.source).toContain('/DONKI/FLR?startDate=2017-07-01&endDate=2017-07-30');
    expect(nasa.seen.map(({ path }) => path)).toStrictEqual([
      '/DONKI/FLR?startDate=2017-07-01&endDate=2017-07-30',
      '/DONKI/FLR?startDate=2017-07-31&endDate=2017-08-29',
      '/DONKI/FLR?startDate=2017-08-30&endDate=2017-09-28',
      '/DONKI/FLR?startDate=2017-09-29&endDate=2017-09-30',
    ]);
    expect(nasa.seen.every(({ headers }) => headers['x-api-key'] === 'DEMO_KEY')).toBe(true);
  });

  it('grow by the months that are fetched next, each flare once', async () => {
    const { dataset, changed } = await lab.fetch({
      source: 'nasa-donki',
      stream: 'flr',
      from: '2017-09-01',
      to: '2017-12-31',
    });
    const rows = await lab.rowsOf(dataset.datasetId);
    expect(new Set(rows.map(({ flrID }) => flrID)).size).toBe(rows.length);
    expect(rows.length).toBe(51 + changed);
  });

  it('are asked for anew without a range, though a range was fetched a moment ago', async () => {
    nasa.seen.length = 0;
    const wish = { source: 'nasa-donki', stream: 'flr' };
    expect(await lab.fetch(wish, { force: false })).toMatchObject({ cached: false });
    expect(nasa.seen).toHaveLength(2);
    expect(await lab.fetch(wish, { force: false })).toMatchObject({ cached: true });
    expect(nasa.seen).toHaveLength(2);
  });

  it('are asked for with the lab’s own key, which is nowhere else', async () => {
    const { manifest } = await lab.catalog.find('nasa-donki');
    await lab.keys.set(manifest, KEY, 'wal_x');
    nasa.seen.length = 0;
    const fetched = await lab.fetch({ source: 'nasa-donki', stream: 'gst', from: '2017-09-01', to: '2017-09-30' });
    expect(nasa.seen.map(({ headers }) => headers['x-api-key'])).toStrictEqual([KEY]);
    const tables = await sources.database.pool.query(
      `SELECT (SELECT json_agg(s) FROM "curator"."source_slices" s)::text || (SELECT json_agg(k) FROM "curator"."source_keys" k)::text
        || (SELECT json_agg(r) FROM "curator"."source_rows" r)::text || (SELECT json_agg(v.provenance) FROM "curator"."dataset_versions" v)::text AS all`,
    );
    expect(JSON.stringify([fetched, tables.rows])).not.toContain(KEY);
  });
});
