// Every manifest that comes with the lab, against a stand-in that keeps what is known of its API.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exoplanets, gibs } from '../../../../test/sources/archive-apis.js';
import { epic } from '../../../../test/sources/epic-api.js';
import { spacex } from '../../../../test/sources/spacex-api.js';
import { type StandIn, standIn } from '../../../../test/sources/stand-in.js';
import { nasaGateway } from '../recorded/nasa-gateway.js';
import { eonet } from '../recorded/other-apis.js';
import { type OpenSources, openSources, type Replica } from './open-sources.testing.js';

const KEY = 'k3y-of-the-lab';
let nasa: StandIn;
let others: StandIn;
let sources: OpenSources;
let lab: Replica;

beforeAll(async () => {
  nasa = await standIn(nasaGateway({ keys: new Set(['DEMO_KEY', KEY]), limit: 1_000, more: [epic] }));
  others = await standIn(spacex, exoplanets, gibs, eonet);
  const places = {
    'nasa-apod': nasa,
    'nasa-neows': nasa,
    'nasa-epic': nasa,
    'nasa-mars-photos': nasa,
    'nasa-eonet': others,
    'nasa-gibs': others,
    'exoplanet-archive': others,
    spacex: others,
  };
  const urls = Object.entries(places).map(([name, { url }]) => `${name}=${url}`);
  sources = await openSources({ LABMESH_FETCH_ALLOW: '127.0.0.1', LABMESH_SOURCE_URLS: urls.join(',') });
  lab = sources.replica();
  await lab.keys.set((await lab.catalog.find('nasa-apod')).manifest, KEY, 'wal_x');
});
afterAll(async () => {
  await nasa?.[Symbol.asyncDispose]();
  await others?.[Symbol.asyncDispose]();
  await sources?.[Symbol.asyncDispose]();
});
beforeEach(() => {
  nasa.seen.length = 0;
  others.seen.length = 0;
});

/** The rows of the dataset that a fetch makes. */
async function rowsOf(source: string, stream: string, more: object = {}) {
  const { dataset } = await lab.fetch({ source, stream, ...more });
  return { dataset, rows: await lab.rowsOf(dataset.datasetId) };
}

describe('NASA’s sources', () => {
  it('APOD: pictures by day, a count, and its own words for what it refuses', async () => {
    const { rows } = await rowsOf('nasa-apod', 'pictures', { from: '2023-06-01', to: '2023-06-30' });
    expect(rows).toMatchObject([{ date: '2023-06-12', media_type: 'image', copyright: 'Tianyao Yang' }]);
    expect((await rowsOf('nasa-apod', 'random', { parameters: { count: 3 } })).rows).toHaveLength(3);
    await expect(
      lab.fetch({ source: 'nasa-apod', stream: 'random', parameters: { count: 101 } }),
    ).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining('count') });
    await expect(
      lab.fetch({ source: 'nasa-apod', stream: 'pictures', from: '2999-01-01', to: '2999-01-02' }),
    ).rejects.toThrow(/APOD does not take this range \("Date must be between/);
  });

  it('NeoWs: days of an object in their order, in windows of seven, without the key that its links repeat', async () => {
    const { rows } = await rowsOf('nasa-neows', 'feed', { from: '2015-09-01', to: '2015-09-14' });
    expect(rows).toHaveLength(25);
    expect(rows.map(({ feed_date: day }) => day)).toStrictEqual([...rows.map(({ feed_date: day }) => day)].sort());
    expect(nasa.seen.map(({ path }) => path)).toStrictEqual([
      '/neo/rest/v1/feed?start_date=2015-09-01&end_date=2015-09-07',
      '/neo/rest/v1/feed?start_date=2015-09-08&end_date=2015-09-14',
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/api_key|k3y-of-the-lab/);
    expect(rows[0]).toMatchObject({
      links: { self: expect.stringMatching(/^http:\/\/api\.nasa\.gov\/neo\/rest\/v1\/neo\/\d+$/) },
    });
    expect((await rowsOf('nasa-neows', 'browse')).rows).toHaveLength(2);
    expect((await rowsOf('nasa-neows', 'lookup', { parameters: { id: '3542519' } })).rows).toMatchObject([
      { id: '3542519' },
    ]);
  });

  it('EPIC: pictures of the newest day, of a day, all days, and a picture itself', async () => {
    expect((await rowsOf('nasa-epic', 'latest')).rows).toHaveLength(3);
    expect((await rowsOf('nasa-epic', 'days')).rows).toStrictEqual([{ date: '2019-05-30' }, { date: '2019-05-29' }]);
    expect((await rowsOf('nasa-epic', 'available')).rows).toStrictEqual([
      { date: '2019-05-30' },
      { date: '2019-05-29' },
    ]);
    const { rows } = await rowsOf('nasa-epic', 'day', { parameters: { date: '2019-05-29' } });
    const { images } = lab;
    const within = { deadline: Date.now() + 60_000, signal: new AbortController().signal };
    const parameters = { date: '2019-05-29', image: rows[0]?.image, size: 'png' };
    const { content } = await images.fetch(
      { source: 'nasa-epic', image: 'picture', parameters, inline: false },
      within,
    );
    expect(content).toMatchObject([{ type: 'text' }, { type: 'image', mimeType: 'image/png' }]);
    expect(nasa.seen.at(-1)?.path).toBe(`/EPIC/archive/natural/2019/05/29/png/${String(rows[0]?.image)}.png`);
    await expect(
      images.fetch(
        { source: 'nasa-epic', image: 'picture', parameters: { ...parameters, image: '../../x' }, inline: false },
        within,
      ),
    ).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('Mars photos: gone, told once, with what to do', async () => {
    const wish = { source: 'nasa-mars-photos', stream: 'photos' };
    for (const _ of [1, 2, 3])
      await expect(lab.fetch(wish)).rejects.toMatchObject({
        code: 'upstream_failed',
        message: expect.stringContaining('retired'),
      });
    expect(sources.told.filter((line) => line.includes('nasa-mars-photos'))).toHaveLength(1);
    const { status, datasets } = await lab.directory.get({ source: 'nasa-mars-photos' });
    expect([status, datasets[0]?.status, datasets[0]?.refreshAt]).toStrictEqual(['gone', 'gone', null]);
  });

  it('EONET: events', async () => {
    expect((await rowsOf('nasa-eonet', 'events')).rows).toMatchObject([{ id: 'EONET_6374' }]);
  });
});

describe('other sources', () => {
  it('Exoplanet Archive: rows by columns and condition, and errors that are VOTables', async () => {
    const columns = ['pl_name', 'pl_rade'];
    const { rows } = await rowsOf('exoplanet-archive', 'planets', { parameters: { columns, where: 'pl_rade < 2' } });
    expect(rows).toStrictEqual([{ pl_name: 'TRAPPIST-1 e', pl_rade: 0.92 }]);
    const wrong = lab.fetch({ source: 'exoplanet-archive', stream: 'planets', parameters: { columns: ['pl_mass'] } });
    await expect(wrong).rejects.toMatchObject({
      code: 'upstream_failed',
      message: expect.stringContaining('invalid identifier'),
    });
  });

  it('SpaceX: all pages of a query, on from the last launch, and plain lists', async () => {
    const { rows, dataset } = await rowsOf('spacex', 'launches');
    expect(rows.map(({ flight_number: number }) => number)).toStrictEqual(
      Array.from({ length: 205 }, (_, at) => at + 1),
    );
    expect(others.seen.map(({ body }) => (JSON.parse(body) as { options: object }).options)).toMatchObject([
      { page: 1 },
      { page: 2 },
      { page: 3 },
    ]);
    expect(dataset.provenance.source).toContain('POST');
    expect(await lab.fetch({ source: 'spacex', stream: 'launches' })).toMatchObject({
      changed: 0,
      dataset: { rows: 205 },
    });
    expect((await rowsOf('spacex', 'starlink')).rows).toHaveLength(205);
    for (const stream of ['rockets', 'capsules', 'cores', 'crew', 'payloads'])
      expect((await rowsOf('spacex', stream)).rows).toHaveLength(2);
  });

  it('GIBS: layers from capabilities, periods, tiles with the row first, maps with the axes of each version', async () => {
    const { rows } = await rowsOf('nasa-gibs', 'layers');
    expect(rows[0]).toStrictEqual({
      layer: 'MODIS_Terra_CorrectedReflectance_TrueColor',
      title: expect.anything(),
      formats: 'image/jpeg',
      matrixSet: '250m',
      time: '2024-01-02',
      periods: '2012-05-08/2024-01-02/P1D',
    });
    const layer = { layer: String(rows[0]?.layer), matrixSet: '250m' };
    expect(
      (await rowsOf('nasa-gibs', 'periods', { parameters: layer, from: '2023-01-01', to: '2023-12-31' })).rows,
    ).toMatchObject([{ periods: '2023-01-01/2023-12-31/P1D' }]);
    const { images } = lab;
    const within = { deadline: Date.now() + 60_000, signal: new AbortController().signal };
    await images.fetch(
      {
        source: 'nasa-gibs',
        image: 'tile',
        parameters: { ...layer, z: 2, row: 1, column: 3, time: '2024-01-01' },
        inline: false,
      },
      within,
    );
    expect(others.seen.at(-1)?.path).toBe(
      '/wmts/epsg4326/best/MODIS_Terra_CorrectedReflectance_TrueColor/default/2024-01-01/250m/2/1/3.jpg',
    );
    for (const image of ['map', 'map-130'])
      await images.fetch(
        {
          source: 'nasa-gibs',
          image,
          parameters: { layer: layer.layer, west: 100, east: 140, south: 10, north: 40 },
          inline: false,
        },
        within,
      );
    expect(others.seen.slice(-2).map(({ path }) => new URLSearchParams(path.split('?')[1]).get('BBOX'))).toStrictEqual([
      '100,10,140,40',
      '10,100,40,140',
    ]);
    await expect(
      images.fetch({ source: 'nasa-gibs', image: 'tile', parameters: { ...layer, row: 3 }, inline: false }, within),
    ).rejects.toThrow(/GIBS does not make this picture \("TILEROW/);
  });
});
