// A lab of recorded data: every stream that it has from the first start is there, marked as recorded, and nothing is asked of anybody.
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenSources, openSources, type Replica } from '../sources/open-sources.testing.js';
import { CELL, columnsOf } from './card-font.js';
import { RECORDED_STREAMS } from './recorded-exchange.js';
import { placeOf } from './test-card.js';
import { RecordedLoader } from './recorded-loader.js';

/** What stands in a card, letter by letter where the lines that it should have would be; anything else is a question mark. */
function readCard(png: Buffer, lines: readonly string[]): string[] {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const data = png.subarray(png.indexOf('IDAT') + 4);
  const rows = inflateSync(data);
  const ink = (x: number, y: number): boolean => rows[y * (width + 1) + 1 + x] === 2;
  const { scale, left, top } = placeOf(lines, { width, height });
  const isAt = (letter: string, column: number, row: number): boolean =>
    [...columnsOf(letter)].every((bits, dx) =>
      [0, 1, 2, 3, 4, 5, 6, 7].every(
        (dy) =>
          ink(left + (column * CELL.width + dx) * scale, top + (row * CELL.height + dy) * scale) ===
          (((bits >> dy) & 1) === 1),
      ),
    );
  return lines.map((line, row) =>
    [...line].map((letter, column) => (isAt(letter, column, row) ? letter : '?')).join(''),
  );
}

let sources: OpenSources;
let lab: Replica;

beforeAll(async () => {
  sources = await openSources({ LABMESH_RECORDED: '1' });
  lab = sources.replica();
});
afterAll(async () => {
  await sources?.[Symbol.asyncDispose]();
});

describe('recorded data', () => {
  it('are loaded at the start, and marked on each card and in its provenance', async () => {
    const warned: unknown[] = [];
    const log = { warn: (at: unknown) => void warned.push(at) };
    await new RecordedLoader(lab.config, lab.fetcher, { onServing: () => undefined }, log as never).load();
    expect(warned).toEqual([]);
    const slices = await lab.state.slices();
    expect(slices).toHaveLength(RECORDED_STREAMS.length);
    for (const { datasetId } of slices) {
      const { dataset } = { dataset: await lab.store.find(datasetId) };
      expect(dataset).toMatchObject({
        name: expect.stringMatching(/\(recorded\)$/),
        description: expect.stringMatching(/^Recorded data/),
        provenance: { note: expect.stringMatching(/^RECORDED DATA/) },
      });
      expect(dataset?.rows, datasetId).toBeGreaterThan(0);
    }
  });

  it('have no pictures: a test card says so, with what was asked for written in it', async () => {
    const call = { deadline: Date.now() + 60_000, signal: new AbortController().signal };
    const layer = 'MODIS_Terra_CorrectedReflectance_TrueColor';
    const size = { width: 640, height: 240 };
    const map = { source: 'nasa-gibs', image: 'map', inline: false };
    const parameters = { layer, time: '2017-09-06', ...size };
    const { content, structured } = await lab.images.fetch({ ...map, parameters }, call);
    expect(structured).toMatchObject({ drawn: true, mimeType: 'image/png' });
    const [words, picture] = content;
    expect(words).toMatchObject({
      text: expect.stringMatching(/^TEST CARD, NO PICTURE OF THE SOURCE: drawn by the lab/),
    });
    const png = Buffer.from(picture?.type === 'image' ? picture.data : '', 'base64');
    const lines = [
      ...['TEST CARD, NO SATELLITE IMAGE', 'DRAWN BY THE LAB: NOTHING WAS RECORDED', ''],
      ...[`LAYER ${layer.toUpperCase()}`, 'DATE  2017-09-06', 'BOX   -180,-90,180,90', 'IN    EPSG:4326'],
    ];
    expect(readCard(png, lines)).toEqual(lines);
    const epic = { image: 'epic_1b_20170906001751', date: '2017-09-06', size: 'png' };
    const earth = await lab.images.fetch(
      { source: 'nasa-epic', image: 'picture', inline: false, parameters: epic },
      call,
    );
    expect(earth.structured).toMatchObject({ drawn: true });
    await expect(lab.images.fetch({ ...map, parameters: { ...parameters, west: 'far' } }, call)).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('end with what was recorded, and say so where nothing was', async () => {
    const { rows } = await lab.fetch({ source: 'nasa-donki', stream: 'flr' });
    expect(rows).toBeGreaterThan(0);
    await expect(lab.fetch({ source: 'spacex', stream: 'rockets' })).rejects.toThrow(
      /Nothing was recorded of api\.spacexdata\.com.*without --demo/,
    );
    await expect(lab.fetch({ source: 'nasa-epic', stream: 'latest' })).rejects.toThrow(
      /Nothing was recorded of api\.nasa\.gov\/EPIC.*without --demo/,
    );
  });
});
