// Datasets of a source on the page: the source is asked, its rows are shown with how fresh they are, and a row becomes a picture.
import type { LabClient } from '@labmesh/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { by, DESK, fits, LOOKS, onPage, type PageUnderTest } from '../harness/page.js';
import { epic } from '../sources/epic-api.js';
import { type StandIn, standIn } from '../sources/stand-in.js';

let source: StandIn;
let tested: PageUnderTest;
let operator: LabClient;
let datasetId: string;
beforeAll(async () => {
  source = await standIn(epic);
});
afterAll(() => source?.[Symbol.asyncDispose]());
onPage(
  async (page) => {
    tested = page;
    operator = page.operator;
    const input = { source: 'nasa-epic', stream: 'day', parameters: { date: '2019-05-30' } };
    ({
      dataset: { datasetId },
    } = await operator.call<{ dataset: { datasetId: string } }>('curator_fetch_source', input));
  },
  () => ({ LABMESH_SOURCE_URLS: `nasa-epic=${source.url}`, LABMESH_FETCH_ALLOW: source.host }),
);

for (const look of LOOKS) {
  it(`shows the picture of a row at ${look.width} px, ${look.colorScheme}`, async () => {
    const page = await tested.open(look);
    await tested.signIn(page);
    await page.goto(`${tested.lab.url}/#/data?origin=nasa-epic`);
    await by(page, `dataset-${datasetId}`).click();
    await by(page, 'view-pictures').click();
    await by(page, 'picture-from').selectOption({ index: 2 });
    expect(await by(page, 'picture-image').inputValue()).toMatch(/^epic_1b_20190530/);
    expect(await by(page, 'picture-date').inputValue()).toBe('2019-05-30');
    await page.getByLabel('size', { exact: true }).selectOption('png');
    await by(page, 'picture-show').click();
    await by(page, 'picture').waitFor();
    const image = by(page, 'picture').locator('img');
    await expect.poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(1);
    expect(await fits(page)).toBe(true);
    await tested.picture(page, 'data-picture', look);
    await page.context().close();
  });
}

it('adds what an allowed address answers, and says which host is none', async () => {
  const page = await tested.open(DESK);
  await tested.signIn(page);
  await page.goto(`${tested.lab.url}/#/data/new`);
  await by(page, 'submit-url').fill('http://192.0.2.1/days.json');
  expect(await by(page, 'submit-format').inputValue()).toBe('json');
  await by(page, 'submit-go').click();
  await expect.poll(() => page.getByRole('alert').first().innerText()).toMatch(/192\.0\.2\.1.*allow-list/);
  await by(page, 'submit-url').fill(`${source.url}/EPIC/api/natural/all`);
  await by(page, 'submit-name').fill('Days of EPIC');
  await by(page, 'submit-go').click();
  await expect.poll(() => by(page, 'dataset-name').innerText()).toBe('Days of EPIC');
  expect(await page.locator('main').innerText()).toMatch(/JSON · 2 rows[\s\S]*EPIC\/api\/natural\/all/);
  await page.context().close();
});

it('logs no error and breaks no content policy', () => {
  expect(tested.problems).toEqual([]);
});
