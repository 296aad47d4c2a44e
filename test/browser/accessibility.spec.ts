// Every page of the lab, looked through by axe for what WCAG 2.2 AA forbids, in both widths and both themes. What only a person can judge is
// not in it.
import type { LabClient } from '@labmesh/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { faults } from '../harness/axe.js';
import { by, fits, LOOKS, type Look, onPage, type PageUnderTest } from '../harness/page.js';

const FLARES = 'ds_donki-solar-flares-2016-2018';

/** Its address behind the #, and what is there once it is. */
const PAGES: ReadonlyArray<readonly [address: string, shown: string]> = [
  ['/home', 'home-available'],
  ['/ask', 'ask-input'],
  ...[
    ['search', 'search-beginning'],
    ['search?q=How%20do%20I%20submit%20a%20dataset', 'citation-1'],
    ['document/README.md', 'document'],
    ['document/README.md?start=2&end=9', 'document-highlight'],
    ['solutions', 'solutions'],
    ['solutions/new', 'log-form'],
    ['errors', 'errors-form'],
    ['collections', 'collections'],
    ['collections/new', 'add-form'],
    ['models', 'models-nothing'],
  ].map(([view = '', shown = '']): readonly [string, string] => [`/knowledge/${view}`, shown]),
  ['/agents', 'health-status'],
  ['/data', 'datasets'],
  ...['about', 'rows', 'profile', 'sql', 'check', 'versions'].map((view): readonly [string, string] => [
    `/data/${FLARES}/${view}`,
    `view-${view}`,
  ]),
  ['/data/new', 'submit-file'],
  ['/data/routes', 'nav-data'],
  ['/data/validations', 'nav-data'],
  ['/data/validations/new', 'claim-go'],
  ['/jobs/list', 'nav-jobs'],
  ['/jobs/machines', 'nav-jobs'],
  ['/projects/list', 'projects-nothing'],
  ['/projects/templates', 'templates'],
  ['/projects/templates/gateway-vial', 'readme'],
  ...['wallet', 'staking', 'proposals', 'books'].map((view): readonly [string, string] => [
    `/money/${view}`,
    'nav-money',
  ]),
  ['/tools', 'nav-tools'],
  ['/tools/curator_fetch_dataset', 'nav-tools'],
  ...['audit', 'anomalies', 'policies', 'tokens'].map((view): readonly [string, string] => [
    `/security/${view}`,
    `view-${view}`,
  ]),
];

let tested: PageUnderTest;
let operator: LabClient;
onPage(async (page) => {
  tested = page;
  operator = page.operator;
  // Something to show: money that moved, a proposal’s worth of it, a refused call, something learnt.
  await operator.call('librarian_log_new_solution', {
    title: 'The dome sticks in frost',
    problem: 'Below zero the dome turns by jerks.',
    solution: 'Warm the *rail* first.',
    tags: ['dome', 'frost'],
    evidence: ['https://example.org/dome'],
  });
  const { walletId } = await operator.call<{ walletId: string }>('chancellor_create_boilerplate_wallet', {
    role: 'researcher',
  });
  await operator.call('chancellor_execute_transaction', {
    to: walletId,
    amount: '2.50',
    idempotencyKey: crypto.randomUUID(),
  });
});

/** Nothing is waited for any more. */
const settled = (page: Page): Promise<void> => expect.poll(() => page.locator('main .waiting').count()).toBe(0);

/** A large screen on a desk: nothing of it is stretched out of sight. */
const WIDE: Look = { width: 2560, height: 1440, colorScheme: 'dark' };

it('every page fits a screen of 2560 px', async () => {
  const page = await tested.open(WIDE);
  await tested.signIn(page);
  const wrong: string[] = [];
  for (const [address, shown] of PAGES) {
    await page.goto(`${tested.lab.url}/#${address}`);
    await by(page, shown).first().waitFor({ state: 'attached' });
    await settled(page);
    const main = await page.locator('main').boundingBox();
    const middle = (main?.x ?? 0) + (main?.width ?? 0) / 2;
    if (!(await fits(page)) || Math.abs(middle - WIDE.width / 2) > 20) wrong.push(address);
  }
  expect(wrong).toEqual([]);
  await tested.picture(page, 'wide', WIDE);
  await page.context().close();
});

describe('WCAG 2.2 AA', () => {
  for (const look of LOOKS) {
    it(`no page breaks it, at ${look.width} px, ${look.colorScheme}`, async () => {
      const found: Record<string, string[]> = {};
      const page = await tested.open(look);
      const looked = async (name: string): Promise<void> => {
        const wrong = await faults(page);
        if (wrong.length > 0) found[name] = wrong;
      };
      await page.goto(`${tested.lab.url}/`);
      await by(page, 'sign-in-token').waitFor();
      await looked('sign-in');
      await tested.signIn(page);
      for (const [address, shown] of PAGES) {
        await page.goto(`${tested.lab.url}/#${address}`);
        await by(page, shown).first().waitFor({ state: 'attached' });
        await settled(page);
        await looked(address);
        if (!(await fits(page))) found[address] = [...(found[address] ?? []), 'wider than its window'];
      }
      expect(found).toEqual({});
      await page.context().close();
    });
  }
});
