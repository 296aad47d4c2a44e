// Anomalies on the page, in a real browser against a real lab: a wallet that guesses is found, shown with why, and let in again.
import type { LabClient } from '@labmesh/testing';
import { describe, expect, it } from 'vitest';
import { newcomer, type Person } from '../harness/follower.js';
import { by, DESK, fits, LOOKS, onPage, type PageUnderTest } from '../harness/page.js';
import { setPolicy } from '../harness/policy.js';
import { rawCall } from '../harness/raw-calls.js';

const BLOCKING = { anomalies: { shadow: false, content: 'block', behaviour: 'block', forMinutes: 60 } };
const PATHS = ['../../../../etc/shadow', '..%2f..%2fetc%2fpasswd', '/proc/self/environ%00.md'];
const GUESSES_MAX = 80;

let tested: PageUnderTest;
let operator: LabClient;
onPage(async (page) => {
  tested = page;
  operator = page.operator;
  await setPolicy(operator, BLOCKING);
});

const open = async (): Promise<number> =>
  (await operator.call<{ summary: { open: number } }>('sentinel_anomaly_report')).summary.open;

/** The code of an ordinary call that is refused; undefined when it is answered. */
const outcomeFor = async ({ token }: Person): Promise<unknown> =>
  (await rawCall({ url: tested.lab.url, token }, 'architect_list_available_templates')).body.code;

/** A wallet that tries paths, and one that guesses ids, until both are found. */
async function attacks(): Promise<Person> {
  const [writer, prober] = [await newcomer(operator), await newcomer(operator)];
  const before = await open();
  const { url } = tested.lab;
  for (const file of PATHS) await rawCall({ url, token: writer.token }, 'librarian_get_document', { file });
  for (let guess = 0; guess < GUESSES_MAX; guess++) {
    const asked = { datasetId: `ds_${crypto.randomUUID()}`, limit: 5 };
    const answer = await rawCall({ url, token: prober.token }, 'curator_fetch_dataset', asked);
    if (answer.body.code === 'forbidden') break;
  }
  await expect.poll(open).toBeGreaterThanOrEqual(before + 2);
  await expect.poll(() => outcomeFor(prober)).toBe('forbidden');
  return prober;
}

describe('Anomalies', () => {
  for (const look of LOOKS) {
    it(`shows what was unusual and resolves it at ${look.width} px, ${look.colorScheme}`, async () => {
      const prober = await attacks();
      const page = await tested.open(look);
      await tested.signIn(page);
      await page.goto(`${tested.lab.url}/#/security/anomalies`);
      await by(page, 'anomalies').waitFor();
      const theirs = by(page, 'anomalies').locator('section', { has: page.getByTitle(prober.walletId) });
      expect(await theirs.innerText()).toMatch(/ids that are not there[\s\S]*\d+ %/);
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'anomalies', look);

      await theirs.getByRole('button', { name: 'Resolve…' }).click();
      await by(page, 'verdict-handled').check();
      await by(page, 'resolve-note').fill('the owner was asked');
      await tested.picture(page, 'anomaly-resolve', look);
      await by(page, 'resolve-dialog-go').click();
      await theirs.waitFor({ state: 'detached' });
      const asked = { url: tested.lab.url, token: prober.token };
      await expect.poll(async () => (await rawCall(asked, 'architect_list_available_templates')).isError).toBe(false);

      await by(page, 'anomalies-resolved').click();
      await theirs.waitFor();
      expect(await theirs.innerText()).toMatch(/handled[\s\S]*the owner was asked/);
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'anomalies-resolved', look);
      await page.context().close();
    });
  }

  it('looks back with the model of today', async () => {
    const page = await tested.open(DESK);
    await tested.signIn(page);
    await page.goto(`${tested.lab.url}/#/security/anomalies`);
    await by(page, 'look-back').click();
    await by(page, 'look-back-dialog-go').click();
    await by(page, 'look-back-result').waitFor();
    expect(await by(page, 'look-back-result').innerText()).toMatch(/unusual calls? of \d+/);
    await tested.picture(page, 'look-back', DESK);
    await page.context().close();
  });

  it('logs no error and breaks no content policy', () => {
    expect(tested.problems).toEqual([]);
  });
});
