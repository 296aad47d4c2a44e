// Data on the page, in a real browser against a real lab: datasets are found, read, checked, taken along and added.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { LabClient } from '@labmesh/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { newcomer } from '../harness/follower.js';
import { by, DESK, fits, LOOKS, onPage, type PageUnderTest, PHONE } from '../harness/page.js';

const FLARES = 'ds_donki-solar-flares-2016-2018';
/** A long text, a quoted comma, an empty cell: what a table must show in full and tell apart. */
const NOTE = `Seen twice, ${'by the same instrument, '.repeat(12)}and kept.`;
const CSV = `station,seen,note\nA1,12,"${NOTE}"\nA2,7,\n`;

let tested: PageUnderTest;
let operator: LabClient;
onPage((page) => {
  tested = page;
  operator = page.operator;
});

const chooseFile = (page: Page, name: string, content: string): Promise<void> =>
  by(page, 'submit-file').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });

const goTo = async (page: Page, address: string): Promise<void> => {
  await page.goto(`${tested.lab.url}/${address}`);
};

describe('Data', () => {
  for (const look of LOOKS) {
    it(`finds a dataset, shows its card and rows, and saves it at ${look.width} px, ${look.colorScheme}`, async () => {
      const page = await tested.open(look);
      await tested.signIn(page);
      await by(page, 'nav-data').click();
      await by(page, 'datasets').waitFor();
      await by(page, 'dataset-search').fill('solar flares');
      await expect.poll(() => page.url()).toContain('q=solar+flares');
      await by(page, `dataset-${FLARES}`).waitFor();
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'data-list', look);

      await by(page, `dataset-${FLARES}`).click();
      await by(page, 'dataset-schema').waitFor();
      expect(await by(page, 'dataset-schema').innerText()).toMatch(/endTime\s+text or null/);
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'data-card', look);
      const [download] = await Promise.all([page.waitForEvent('download'), by(page, 'dataset-download').click()]);
      const saved = readFileSync((await download.path()) ?? '');
      const { dataset } = await operator.call<{ dataset: { sha256: string } }>('curator_fetch_dataset', {
        datasetId: FLARES,
        limit: 1,
      });
      expect(createHash('sha256').update(saved).digest('hex')).toBe(dataset.sha256);

      await by(page, 'view-rows').click();
      await by(page, 'data-table').waitFor();
      expect(await by(page, 'pager-where').innerText()).toMatch(/Rows 1 to 98 of 98/);
      expect(await by(page, 'data-table').innerText()).toContain('null');
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'data-rows', look);
      await by(page, 'data-table').locator('tbody th').first().focus();
      for (const key of ['ArrowDown', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
      await by(page, 'row-panel').waitFor();
      expect(await by(page, 'row-panel').innerText()).toMatch(/Row 2[\s\S]*2016-01-28T11:48/);
      await tested.picture(page, 'data-row', look);
      await page.keyboard.press('Escape');
      await by(page, 'row-panel').waitFor({ state: 'detached' });

      await page.goBack();
      await by(page, 'dataset-schema').waitFor();
      await page.context().close();
    });

    it(`checks rows against a pasted schema at ${look.width} px, ${look.colorScheme}`, async () => {
      const page = await tested.open(look);
      await tested.signIn(page);
      await goTo(page, `#/data/${FLARES}/check`);
      await by(page, 'check-run').click();
      await by(page, 'check-report').waitFor();
      expect(await by(page, 'check-verdict').innerText()).toBe('valid');
      await by(page, 'check-given').check();
      await by(page, 'check-schema').fill('{"properties": {"classType": ');
      await by(page, 'check-run').click();
      await page.getByRole('alert').first().waitFor();
      expect(await page.getByRole('alert').first().innerText()).toMatch(/not JSON/);
      await by(page, 'check-schema').fill('{"properties": {"classType": {"pattern": "^X"}}}');
      await by(page, 'check-run').click();
      await expect.poll(() => by(page, 'check-verdict').innerText()).toBe('not valid');
      expect(await by(page, 'check-report').innerText()).toContain('classType');
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'data-check', look);
      await page.context().close();
    });

    it(`profiles columns and asks SQL at ${look.width} px, ${look.colorScheme}`, async () => {
      const page = await tested.open(look);
      await tested.signIn(page);
      await goTo(page, `#/data/${FLARES}/profile`);
      await by(page, 'profile').waitFor();
      expect(await by(page, 'profile-activeRegionNum').innerText()).toMatch(/null[\s\S]*14 \(/);
      expect(await by(page, 'profile-activeRegionNum').getByRole('img').last().getAttribute('aria-label')).toMatch(
        /bins/,
      );
      expect(await by(page, 'profile-classType').innerText()).toMatch(/C\d/);
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'data-profile', look);

      await by(page, 'view-sql').click();
      await by(page, 'sql-text').fill('SELECT left(classType, 1) AS class, count(*) AS flares\nFORM data');
      await page.keyboard.press('Control+Enter');
      await by(page, 'sql-failure').waitFor();
      expect(await by(page, 'sql-failure').locator('[aria-current]').innerText()).toContain('FORM');
      await tested.picture(page, 'data-sql-failure', look);
      await by(page, 'sql-text').fill(
        'SELECT left(classType, 1) AS class, count(*) AS flares\nFROM data GROUP BY class ORDER BY flares DESC',
      );
      await page.keyboard.press('Control+Enter');
      await by(page, 'sql-answer').waitFor();
      expect(await by(page, 'sql-answer').innerText()).toMatch(/M\s+55/);
      expect(await by(page, 'sql-took').innerText()).toMatch(/^4 rows in /);
      const [download] = await Promise.all([page.waitForEvent('download'), by(page, 'sql-save-csv').click()]);
      expect(readFileSync((await download.path()) ?? '', 'utf8')).toMatch(/^class,flares\r\nM,55\r\n/);
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'data-sql', look);
      await page.context().close();
    });

    it(`adds a file, or says which row is wrong, at ${look.width} px, ${look.colorScheme}`, async () => {
      const page = await tested.open(look);
      await tested.signIn(page);
      await goTo(page, '#/data');
      await by(page, 'dataset-new').click();
      await chooseFile(page, 'broken.csv', 'station,seen\nA1,1\nA2,"2\n');
      await by(page, 'submit-go').click();
      await page.getByRole('alert').first().waitFor();
      expect(await page.getByRole('alert').first().innerText()).toMatch(/row|line/i);
      await chooseFile(page, 'stations_2026.csv', CSV);
      await by(page, 'submit-preview').waitFor();
      const name = `Stations ${look.width} ${look.colorScheme}`;
      await by(page, 'submit-name').fill(name);
      await by(page, 'submit-license').fill('CC-BY-4.0');
      expect(await by(page, 'submit-format').inputValue()).toBe('csv');
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'data-submit', look);
      await by(page, 'submit-go').click();
      await by(page, 'dataset-name').waitFor();
      expect(await by(page, 'dataset-name').innerText()).toBe(name);

      await by(page, 'view-rows').click();
      const table = by(page, 'data-table');
      await table.waitFor();
      expect(await table.innerText()).not.toContain('and kept.');
      await table.getByText('Seen twice').click();
      await by(page, 'row-panel').waitFor();
      expect(await by(page, 'row-panel').innerText()).toContain('and kept.');
      await page.context().close();
    });
  }

  it('keeps versions, tells what changed, and lets go of a dataset', async () => {
    const page = await tested.open(DESK);
    await tested.signIn(page);
    await goTo(page, '#/data/new');
    await chooseFile(page, 'levels.csv', 'station,level\nA1,1\nA2,2\n');
    await by(page, 'submit-topics').fill('sea-level');
    await by(page, 'submit-go').click();
    await by(page, 'dataset-update').click();
    await chooseFile(page, 'levels.csv', 'station,level,depth\nA1,1,3.5\nA2,,4\nA3,4,4\n');
    await by(page, 'submit-note').fill('Depths, too');
    await by(page, 'submit-go').click();
    await by(page, 'view-versions').click();
    await by(page, 'drift').waitFor();
    await expect
      .poll(() => by(page, 'drift').innerText())
      .toMatch(/1 more[\s\S]*new depth number[\s\S]*gaps level every row has a value → some rows have no value/);
    expect(await by(page, 'version-2').innerText()).toMatch(/Depths, too/);
    await tested.picture(page, 'data-versions', DESK);
    await by(page, 'version-1').getByRole('link', { name: 'Version 1' }).click();
    await by(page, 'view-rows').click();
    await expect.poll(() => by(page, 'pager-where').innerText()).toMatch(/of 2$/);
    expect(page.url()).toContain('version=1');
    await by(page, 'view-sql').click();
    await by(page, 'sql-run').click();
    await expect.poll(() => by(page, 'sql-took').innerText()).toMatch(/^2 rows/);

    await page.getByRole('link', { name: 'Show the last one' }).click();
    await by(page, 'download-format').selectOption('parquet');
    const [download] = await Promise.all([page.waitForEvent('download'), by(page, 'dataset-download').click()]);
    expect(download.suggestedFilename()).toBe('levels.parquet');
    await goTo(page, '#/data?topic=sea-level');
    await expect.poll(() => by(page, 'datasets').locator('li h2').allInnerTexts()).toContain('levels');
    await by(page, 'datasets').getByRole('link', { name: 'levels', exact: true }).click();
    await by(page, 'dataset-withdraw').click();
    await by(page, 'withdraw-dialog-go').click();
    await expect.poll(() => page.url()).toMatch(/#\/data$/);
    await page.context().close();
  });

  it('checks rows against what an earlier version is like', async () => {
    const submit = { name: 'Gauges', format: 'csv', content: 'site,level\na,1\n' };
    const { dataset } = await operator.call<{ dataset: { datasetId: string } }>('curator_submit_dataset', submit);
    const { datasetId } = dataset;
    const next = { datasetId, format: 'csv', content: 'site,level\na,high\n' };
    await operator.call('curator_update_dataset', next);
    const page = await tested.open(DESK);
    await tested.signIn(page);
    await goTo(page, `#/data/${datasetId}/check`);
    await by(page, 'check-like').check();
    await by(page, 'check-like-dataset').selectOption({ label: 'an earlier version of this one' });
    expect(await by(page, 'check-like-version').inputValue()).toBe('1');
    await by(page, 'check-run').click();
    await expect.poll(() => by(page, 'check-verdict').innerText()).toBe('not valid');
    expect(await by(page, 'check-report').innerText()).toContain('level');
    // The shipped dataset has one version: nothing is asked of it.
    await by(page, 'check-like-dataset').selectOption(FLARES);
    await expect.poll(() => by(page, 'check-like-version').count()).toBe(0);
    await goTo(page, '#/data?topic=solar-flares');
    await by(page, `dataset-${FLARES}`).waitFor();
    await page.context().close();
  });

  it('keeps an answer of SQL as a dataset that says how it was made', async () => {
    const page = await tested.open(DESK);
    await tested.signIn(page);
    const sql = "SELECT beginTime, classType FROM data WHERE classType LIKE 'X%'";
    await goTo(page, `#/data/${FLARES}/sql?${new URLSearchParams({ sql })}`);
    await by(page, 'sql-run').click();
    await by(page, 'sql-keep').click();
    await by(page, 'sql-keep-name').fill('X flares');
    await by(page, 'sql-keep-go').click();
    await page.getByRole('link', { name: 'a dataset of yours' }).click();
    await expect.poll(() => by(page, 'dataset-name').innerText()).toBe('X flares');
    expect(await page.locator('main').innerText()).toMatch(/Parquet · \d+ rows[\s\S]*LIKE 'X%'/);
    await page.context().close();
  });

  it('shows who gets a dataset, and lets the operator set a route', async () => {
    const page = await tested.open(PHONE);
    await tested.signIn(page);
    await goTo(page, `#/data/${FLARES}`);
    await by(page, 'receivers').waitFor();
    expect(await by(page, 'receivers').innerText()).toMatch(/librarian by “Datasets of the lab”/);
    await by(page, 'receivers').getByRole('link', { name: 'All routes' }).click();
    await by(page, 'route-new').click();
    await by(page, 'route-name').fill('Flares by their class');
    await by(page, 'route-columns').fill('classType, peakTime');
    await by(page, 'route-dialog-go').click();
    const route = by(page, 'routes').getByRole('listitem').filter({ hasText: 'Flares by their class' });
    await route.first().waitFor();
    expect(await route.first().innerText()).toMatch(/with the columns classType, peakTime[\s\S]*0 arrived/);
    await by(route, 'route-replay-all').click();
    await by(page, 'route-replay-dialog-go').click();
    await expect.poll(() => route.first().innerText()).toMatch(/Sending 1 delivery again/);
    await expect
      .poll(async () => {
        await by(page, 'routes-refresh').click();
        return route.first().innerText();
      })
      .toMatch(/1 arrived/);
    expect(await fits(page)).toBe(true);
    await tested.picture(page, 'data-routes', PHONE);
    await by(route, 'route-remove').click();
    await by(page, 'route-remove-dialog-go').click();
    await expect.poll(() => route.count()).toBe(0);
    await page.context().close();
  });

  it('sends a file that is too large for a call in pieces, and stops when it is told to', async () => {
    const page = await tested.open(DESK);
    await tested.signIn(page);
    await goTo(page, '#/data/new');
    const lines = Array.from({ length: 40_000 }, (_, at) => JSON.stringify({ at, text: 'x'.repeat(50) }));
    const paths: string[] = [];
    page.on('request', (request) => paths.push(`${request.method()} ${new URL(request.url()).pathname}`));
    await page.route('**/uploads/*', (route) => (route.request().method() === 'PATCH' ? undefined : route.continue()));
    await chooseFile(page, 'large.ndjson', lines.join('\n'));
    await by(page, 'submit-go').click();
    await expect.poll(() => paths.some((path) => path.startsWith('PATCH /uploads/up_'))).toBe(true);
    expect(await by(page, 'submit-sent').innerText()).toMatch(/of 2.8 MiB/);
    await by(page, 'submit-cancel').click();
    await page.getByRole('alert').first().waitFor();
    await expect.poll(() => paths.some((path) => path.startsWith('DELETE /uploads/up_'))).toBe(true);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await by(page, 'submit-go').click();
    await by(page, 'dataset-name').waitFor();
    expect(await page.locator('main').innerText()).toContain('40,000 rows');
    await page.context().close();
  });

  it('says what to do where there is nothing, and offers nobody what they may not do', async () => {
    const page = await tested.open(DESK);
    await tested.signIn(page, (await newcomer(operator)).token);
    await goTo(page, '#/data?q=zebrafish');
    await by(page, 'datasets-nothing').waitFor();
    expect(await by(page, 'datasets-nothing').innerText()).toMatch(/zebrafish[\s\S]*show all/);
    await tested.picture(page, 'data-nothing', DESK);
    expect(await by(page, 'dataset-new').count()).toBe(0);
    await goTo(page, '#/data/new');
    await expect.poll(() => page.locator('main').innerText()).toMatch(/not for this sign-in/);
    await goTo(page, '#/data/ds_none');
    await expect.poll(() => page.locator('main').innerText()).toMatch(/ds_none/);
    await page.context().close();
  });

  it('logs no error and breaks no content policy', () => {
    expect(tested.problems).toEqual([]);
  });
});
