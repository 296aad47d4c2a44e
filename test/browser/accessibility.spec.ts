// Every page of the lab, looked through by axe for what WCAG 2.2 AA forbids, in both widths and both themes. What only a person can judge is
// not in it.
import type { LabClient } from '@labmesh/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { faults } from '../harness/axe.js';
import { by, LOOKS, onPage, type PageUnderTest } from '../harness/page.js';

const FLARES = 'ds_donki-solar-flares-2016-2018';

/** Its address behind the #, and what is there once it is. */
const PAGES: ReadonlyArray<readonly [address: string, shown: string]> = [
  ['/home', 'home-available'],
  ['/ask', 'ask-input'],
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
  // Something to show: money that moved, a proposal’s worth of it, a refused call.
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
      }
      expect(found).toEqual({});
      await page.context().close();
    });
  }
});
