// A lab of recorded data: every stream that it has from the first start is there, marked as recorded, and nothing is asked of anybody.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenSources, openSources, type Replica } from '../sources/open-sources.testing.js';
import { RECORDED_STREAMS } from './recorded-exchange.js';
import { RecordedLoader } from './recorded-loader.js';

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
