// Validations on the page, in a real browser against a real lab: a claim is put to the lab, others report without seeing its value, and
// each sees of it what is theirs to see.
import type { LabClient } from '@labmesh/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { faultsInSight } from '../harness/axe.js';
import { newcomer, type Person } from '../harness/follower.js';
import { by, DESK, fits, LOOKS, onPage, type PageUnderTest } from '../harness/page.js';

const FLARES = 'ds_donki-solar-flares-2016-2018';

let tested: PageUnderTest;
let operator: LabClient;
let asker: Person;
let checker: Person;
onPage(async (page) => {
  tested = page;
  operator = page.operator;
  [asker, checker] = [await newcomer(operator, 'researcher'), await newcomer(operator, 'validator')];
});

async function opened(person: Person, address: string, look = DESK): Promise<Page> {
  const page = await tested.open(look);
  await tested.signIn(page, person.token);
  await page.goto(`${tested.lab.url}/#${address}`);
  return page;
}

/** Somebody else measured it, without the page. */
async function reported(person: Person, validationId: string, measured: string): Promise<void> {
  await using client = await tested.lab.connect(person.token);
  const { validation } = await client.call<{ validation: { datasetSha256: string } }>('curator_get_validation', {
    validationId,
  });
  const { datasetSha256 } = validation;
  await client.call('curator_report_validation', { validationId, measured, rows: 98, datasetSha256 });
}

describe('Validations', () => {
  for (const look of LOOKS) {
    it(`are asked for, reported on and settled, at ${look.width} px, ${look.colorScheme}`, async () => {
      const title = `Which flares eject, ${look.width} ${look.colorScheme}`;
      const theirs = await opened(asker, `/data/${FLARES}`, look);
      await by(theirs, 'dataset-claim').click();
      await by(theirs, 'claim-go').click();
      expect(await theirs.locator('main').innerText()).toContain('Say in a few words what is claimed.');
      expect(await by(theirs, 'claim-datasetId').inputValue()).toBe(FLARES);
      await by(theirs, 'claim-title').fill(title);
      await by(theirs, 'claim-method').fill('models/flares.onnx on <b>all</b> rows');
      await by(theirs, 'claim-metric').fill(`accuracy-${look.width}-${look.colorScheme}`);
      await by(theirs, 'claim-claimed').fill('0.6122');
      await by(theirs, 'claim-tolerance').fill('0.005');
      expect([await faultsInSight(theirs), await fits(theirs)]).toEqual([[], true]);
      await tested.picture(theirs, 'validation-new', look);
      await by(theirs, 'claim-go').click();
      await by(theirs, 'validation-title').waitFor();
      expect(await by(theirs, 'claim').innerText()).toMatch(/0\.6122[\s\S]*by you/);
      expect(await by(theirs, 'reports-hidden').innerText()).toContain('You see them when it has ended');
      expect(await by(theirs, 'claim-report').count()).toBe(0);
      const validationId = theirs.url().split('/').at(-1) ?? '';

      const page = await opened(checker, '/data/validations', look);
      await by(page, `validation-${validationId}`).waitFor();
      expect([await faultsInSight(page), await fits(page)]).toEqual([[], true]);
      await tested.picture(page, 'validations', look);
      await by(page, `validation-${validationId}`).click();
      await by(page, 'claim').waitFor();
      expect(await page.locator('main').innerText()).not.toContain('0.6122');
      const hash = /[0-9a-f]{64}/.exec(await by(page, 'claim').innerText())?.[0] ?? '';
      await by(page, 'claim-report').click();
      await by(page, 'report-measured').fill('0,61');
      await by(page, 'report-go').click();
      expect(await by(page, 'report').innerText()).toContain('A number in decimals');
      await by(page, 'report-measured').fill('0.612');
      await by(page, 'report-rows').fill('98');
      await by(page, 'report-sha256').fill('a'.repeat(64));
      await by(page, 'report-evidence').fill('job_1');
      await by(page, 'report-go').click();
      await expect.poll(() => by(page, 'report').innerText()).toContain('you read other data');
      expect([await faultsInSight(page), await fits(page)]).toEqual([[], true]);
      await tested.picture(page, 'validation-report', look);
      await by(page, 'report-sha256').fill(hash);
      await by(page, 'report-go').click();
      await expect.poll(() => by(page, 'reports').innerText()).toMatch(/0\.612\s+you/);
      expect(await by(page, 'claim').innerText()).toContain('0.6122');
      expect(await by(page, 'validation-state').innerText()).toBe('open');
      await reported(await newcomer(operator, 'validator'), validationId, '0.6130');
      // Nobody asks for it: the lab tells the page.
      await expect.poll(() => by(page, 'validation-state').innerText()).toBe('confirmed');
      expect(await by(page, 'reports').innerText()).toMatch(/0\.612\s+you\s+agrees[\s\S]*job_1[\s\S]*0\.6130\s+agrees/);
      expect([await faultsInSight(page), await fits(page)]).toEqual([[], true]);
      await tested.picture(page, 'validation', look);
      await expect.poll(() => by(theirs, 'validation-state').innerText()).toBe('confirmed');
      for (const each of [page, theirs]) await each.context().close();
    });
  }

  it('are taken back by who asked, while nobody has reported', async () => {
    await using client = await tested.lab.connect(asker.token);
    const { validation } = await client.call<{ validation: { validationId: string } }>('curator_request_validation', {
      ...{ title: 'Taken back', datasetId: FLARES, version: 1, method: 'by hand' },
      ...{ metric: 'taken-back', claimed: '1', tolerance: '0' },
    });
    const page = await opened(asker, `/data/validations/${validation.validationId}`);
    await by(page, 'claim-cancel').click();
    expect(await faultsInSight(page)).toEqual([]);
    await by(page, 'cancel-claim-go').click();
    await expect.poll(() => by(page, 'validation-state').innerText()).toBe('cancelled');
    expect(await by(page, 'claim-cancel').count()).toBe(0);
    await page.goto(`${tested.lab.url}/#/data/validations?which=asked`);
    await expect.poll(() => by(page, 'validations').innerText()).toMatch(/Taken back\s+cancelled/);
    await page.context().close();
  });

  it('are in lists that may be empty, and say so; what is no id leads to them', async () => {
    const page = await opened(await newcomer(operator, 'researcher'), '/data/validations?which=reported');
    await by(page, 'validations-nothing').waitFor();
    expect(await by(page, 'validations-nothing').innerText()).toBe('You have not reported on a claim yet.');
    await page.goto(`${tested.lab.url}/#/data/validations/val_1`);
    await expect.poll(() => page.locator('main').innerText()).toContain('is not the id of a validation');
    await page.goto(`${tested.lab.url}/#/data/validations/val_00000000-0000-4000-8000-000000000000`);
    await expect.poll(() => page.locator('main').innerText()).toContain('there is none that you may see');
    await page.context().close();
  });

  it('offer a citizen what has ended, and nothing to do', async () => {
    const page = await opened(await newcomer(operator), '/data/validations');
    await by(page, 'validations').waitFor();
    expect(await page.locator('.views a').allInnerTexts()).toEqual(['Ended']);
    expect(await by(page, 'claim-new').count()).toBe(0);
    await page.goto(`${tested.lab.url}/#/data/validations/new`);
    await expect.poll(() => page.locator('main').innerText()).toContain('not for this sign-in');
    await page.context().close();
  });

  it('logs no error and breaks no content policy', () => {
    expect(tested.problems).toEqual([]);
  });
});
