// The home view in a real browser, against a real lab: what it shows comes by itself, and each person sees what is theirs to see.
import type { LabClient } from '@labmesh/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { newcomer, type Person } from '../harness/follower.js';
import { by, DESK, fits, LOOKS, onPage, type PageUnderTest } from '../harness/page.js';

let tested: PageUnderTest;
let operator: LabClient;
onPage((page) => {
  tested = page;
  operator = page.operator;
});

const pay = (to: string, amount: string, memo?: string): Promise<unknown> =>
  operator.call('chancellor_execute_transaction', {
    to,
    amount,
    idempotencyKey: crypto.randomUUID(),
    ...(memo === undefined ? {} : { memo }),
  });

async function atHome(person: Person, look = DESK): Promise<Page> {
  const page = await tested.open(look);
  await tested.signIn(page, person.token);
  await by(page, 'home-live').waitFor();
  await expect.poll(() => by(page, 'home-live').getAttribute('data-live')).toBe('true');
  await expect.poll(() => page.locator('main .waiting').count()).toBe(0);
  return page;
}

const cards = (page: Page): Promise<string[]> =>
  page.locator('.home-card').evaluateAll((found) => found.map((card) => card.getAttribute('data-testid') ?? ''));

describe('home', () => {
  for (const look of LOOKS) {
    it(`shows money, projects, data and jobs as they change, at ${look.width} px, ${look.colorScheme}`, async () => {
      const ada = await newcomer(operator, 'researcher');
      await using client = await tested.lab.connect(ada.token);
      const page = await atHome(ada, look);
      expect(await by(page, 'home-available').innerText()).toMatch(/^0\.00/);
      expect(await by(page, 'home-projects').innerText()).toContain('No project yet');
      await pay(ada.walletId, '40.00', 'for the telescope');
      await expect.poll(() => by(page, 'home-available').innerText()).toMatch(/^40\.00/);
      expect(await by(page, 'home-wallet').innerText()).toContain('for the telescope');
      await client.call('chancellor_stake', { amount: '15', idempotencyKey: crypto.randomUUID() });
      await expect.poll(() => by(page, 'home-staked').innerText()).toMatch(/^15\.00/);

      await client.call('architect_instantiate_template', { template: 'gateway-vial', name: 'night-sky' });
      await expect.poll(() => by(page, 'home-projects').innerText()).toContain('night-sky');
      await client.call('curator_submit_dataset', { name: 'Seeing <b>log</b>', format: 'csv', content: 'x\n1\n' });
      await expect.poll(() => by(page, 'home-datasets').innerText()).toContain('Seeing <b>log</b>');
      await client.call('mechanic_orchestrate_training_job', { name: 'Fit a curve', script: 'exit 3' });
      await expect.poll(() => by(page, 'home-jobs').innerText()).toMatch(/Fit a curve\s+failed/);
      await expect.poll(() => by(page, 'home-news').innerText()).toContain('Fit a curve failed');
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'home', look);
      await page.context().close();
    });
  }

  it('asks for each thing once', async () => {
    const eve = await newcomer(operator, 'developer');
    const page = await tested.open(DESK);
    const asked: string[] = [];
    page.on('request', (request) => {
      if (new URL(request.url()).pathname !== '/mcp') return;
      const { method, params } = request.postDataJSON() as {
        method: string;
        params?: { name: string; arguments: object };
      };
      if (method === 'tools/call') asked.push(`${params?.name} ${JSON.stringify(params?.arguments)}`);
    });
    await tested.signIn(page, eve.token);
    await by(page, 'home-health-status').waitFor();
    await expect.poll(() => page.locator('main .waiting').count()).toBe(0);
    // What a stream that opens, or an answer, would have asked for again shows within a second.
    await page.waitForTimeout(1_000);
    expect(asked.length).toBeGreaterThan(6);
    expect(asked.filter((each, at) => asked.indexOf(each) !== at)).toEqual([]);
    await page.context().close();
  });

  it('leaves out what the person may not see, and takes them where they want to go', async () => {
    const citizen = await newcomer(operator);
    const page = await atHome(citizen);
    expect(await cards(page)).not.toContain('home-health');
    expect(await page.locator('.home .notice-bad').count()).toBe(0);
    await page.context().close();
    const developer = await newcomer(operator, 'developer');
    const theirs = await atHome(developer);
    await by(theirs, 'home-health-status').waitFor();
    expect(await by(theirs, 'home-agents').innerText()).toMatch(/6 of 6|7 of 7/);
    await by(theirs, 'home-do-submitJob').click();
    await by(theirs, 'submit').waitFor();
    await theirs.keyboard.press('Escape');
    await expect.poll(() => theirs.url()).toMatch(/#\/jobs\/list$/);
    await theirs.goBack();
    await theirs.locator('.brand').click();
    await by(theirs, 'home-do-ask').click();
    await by(theirs, 'ask-input').waitFor();
    await theirs.context().close();
  });

  it('a card that fails takes no other with it', async () => {
    const eve = await newcomer(operator, 'researcher');
    const page = await tested.open(DESK);
    await page.route('**/mcp*', async (route) => {
      const body = route.request().postDataJSON() as { id?: unknown; params?: { name?: string } } | null;
      if (body?.params?.name !== 'architect_list_projects') return route.continue();
      await route.fulfill({ status: 503, json: { code: 'unavailable', message: 'The Architect rests.' } });
    });
    await tested.signIn(page, eve.token);
    await expect.poll(() => by(page, 'home-projects').innerText()).toContain('The Architect rests.');
    await by(page, 'home-available').waitFor();
    await page.unroute('**/mcp*');
    await by(page, 'home-projects').getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => by(page, 'home-projects').innerText()).toContain('No project yet');
    await page.context().close();
    tested.problems.splice(0, tested.problems.length, ...tested.problems.filter((text) => !text.includes('503')));
  });

  it('logs no error and breaks no content policy', () => {
    expect(tested.problems).toEqual([]);
  });
});
