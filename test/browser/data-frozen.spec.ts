// Columns that are frozen, on the page: what a source sends with other columns is not taken, and the dataset says so until it is.
import { readFile } from 'node:fs/promises';
import type { LabClient } from '@labmesh/testing';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { by, fits, LOOKS, onPage, type PageUnderTest } from '../harness/page.js';
import { type StandIn, standIn } from '../sources/stand-in.js';
import { weather } from '../sources/weather-api.js';

const KEY = 'w3ather-k3y';
let also: object = {};
let server: StandIn;
let tested: PageUnderTest;
let operator: LabClient;
let datasetId: string;

const fetched = { source: 'weather', stream: 'hourly', parameters: { station: 'HAM' }, force: true };

beforeAll(async () => {
  server = await standIn(weather(KEY, () => also));
});
afterAll(() => server?.[Symbol.asyncDispose]());
onPage(
  async (page) => {
    tested = page;
    operator = page.operator;
    const docs = await readFile(new URL('../../docs/sources.md', import.meta.url), 'utf8');
    const [, yaml = ''] = /```yaml\n(manifest: 1[\s\S]*?)```/.exec(docs) ?? [];
    const manifest = yaml.replace('https://api.weather.example', server.url);
    await operator.call('curator_add_source', { manifest });
    await operator.call('curator_set_source_key', { source: 'weather', key: KEY });
    const { dataset } = await operator.call<{ dataset: { datasetId: string } }>('curator_fetch_source', fetched);
    ({ datasetId } = dataset);
  },
  () => ({ LABMESH_FETCH_ALLOW: '127.0.0.1' }),
);

const goTo = async (page: Page, address: string): Promise<void> => {
  await page.goto(`${tested.lab.url}/#/data${address}`);
};

it.each(LOOKS)('a dataset says that its columns are frozen, and why, at $width px, $colorScheme', async (look) => {
  also = {};
  await operator.call('curator_fetch_source', fetched);
  const page = await tested.open(look);
  await tested.signIn(page);
  await goTo(page, `/${datasetId}/about`);
  await by(page, 'dataset-schema').waitFor();
  const marks = () => page.locator('.dataset-marks').innerText();
  await expect.poll(marks).toContain('fresh');

  also = { humid: true };
  expect(await operator.refused('curator_fetch_source', fetched)).toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/columns are frozen, and "humid" is added/),
  });
  await page.reload();
  await expect.poll(marks).toContain('columns frozen');
  // Why, in words that everybody reads; and its last good version, which stays.
  const about = () => page.locator('main').innerText();
  await expect.poll(about).toMatch(/Last fetch[\s\S]*"humid" is added/);
  expect(await by(page, 'dataset-schema').innerText()).not.toContain('humid');
  expect(await fits(page)).toBe(true);
  await tested.picture(page, 'data-frozen', look);
  await goTo(page, '');
  await expect.poll(() => by(page, 'datasets').innerText()).toMatch(/Weather service: Hourly values\s+columns frozen/);

  // What comes with the columns of before is taken again.
  also = {};
  await operator.call('curator_fetch_source', fetched);
  await goTo(page, `/${datasetId}/about`);
  await page.reload();
  await expect.poll(marks).toContain('fresh');
  expect(await marks()).not.toContain('frozen');
  await page.context().close();
});
