// Dialogs and forms as they are opened and filled in, looked through by axe for what WCAG 2.2 AA forbids, in both widths and themes.
import type { LabClient } from '@labmesh/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { faultsInSight } from '../harness/axe.js';
import { newcomer } from '../harness/follower.js';
import { by, LOOKS, onPage, type PageUnderTest } from '../harness/page.js';

const FLARES = 'ds_donki-solar-flares-2016-2018';
const SOMEBODY = 'wal_00000000-0000-4000-8000-000000000001';

let tested: PageUnderTest;
let operator: LabClient;
let own: string;
let walletId: string;
/** Of somebody else, so that it can be voted for and accepted. */
let solution: string;
onPage(async (page) => {
  tested = page;
  operator = page.operator;
  const file = { name: 'Seeing log', format: 'csv', content: 'x\n1\n' };
  const made = await operator.call<{ dataset: { datasetId: string } }>('curator_submit_dataset', file);
  own = made.dataset.datasetId;
  const ada = await newcomer(operator, 'researcher');
  const client = await page.lab.connect(ada.token);
  const logged = await client.call<{ file: string }>('librarian_log_new_solution', {
    title: 'The dome sticks in frost',
    problem: 'Below zero the dome turns by jerks.',
    solution: 'Warm the rail first.',
    tags: ['dome'],
  });
  await client[Symbol.asyncDispose]();
  solution = logged.file.replace(/^solutions\/|\.md$/g, '');
  ({ walletId } = await operator.call<{ walletId: string }>('chancellor_get_balance', {}));
});

interface Form {
  readonly address: string | (() => string);
  /** Opens it and fills it in; looks at each step. */
  readonly fill: (page: Page, look: () => Promise<void>) => Promise<void>;
}

const click = (page: Page, id: string): Promise<void> => by(page, id).first().click();

/** One that is looked at as it opens. */
const opened = (address: Form['address'], by: string): Form => ({
  address,
  fill: async (page, look) => {
    await click(page, by);
    await look();
  },
});

/** By what each is for. */
const FORMS: Readonly<Record<string, Form>> = {
  'send money': {
    address: '/money/wallet',
    fill: async (page, look) => {
      await click(page, 'pay-open');
      await by(page, 'pay-amount').fill('1e3');
      await click(page, 'pay-go');
      await look();
      await by(page, 'pay-to').fill(SOMEBODY);
      await by(page, 'pay-amount').fill('1');
      await click(page, 'pay-go');
      await by(page, 'pay-confirm').waitFor();
      await look();
    },
  },
  'take a statement': opened('/money/wallet', 'statement-open'),
  'fill the reward pool': opened('/money/books', 'pool-fill'),
  stake: {
    address: '/money/staking',
    fill: async (page, look) => {
      await click(page, 'stake-open');
      await by(page, 'stake-amount').fill('9999999999');
      await look();
    },
  },
  'propose a change': {
    address: '/money/proposals/new',
    fill: async (page, look) => {
      await click(page, 'propose-change-add');
      await click(page, 'propose-go');
      await by(page, 'propose-voting').selectOption('ranked');
      await look();
    },
  },
  'add data': {
    address: '/data/new',
    fill: async (page, look) => {
      const file = { name: 'night.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') };
      await by(page, 'submit-file').setInputFiles(file);
      await by(page, 'submit-preview').waitFor();
      await by(page, 'submit-topics').fill('No Topic!');
      await look();
    },
  },
  'withdraw data': opened(() => `/data/${own}`, 'dataset-withdraw'),
  'make a route': opened('/data/routes', 'route-new'),
  'ask for a validation': opened(`/data/validations/new?dataset=${FLARES}`, 'claim-go'),
  'submit a job': {
    address: '/jobs/list',
    fill: async (page, look) => {
      await click(page, 'job-new');
      await by(page, 'job-gpus').fill('1.5');
      await look();
      await by(page, 'job-gpus').fill('0');
      await by(page, 'job-name').last().fill('Forty-two');
      await click(page, 'submit-go');
      await by(page, 'job-plan').waitFor();
      await look();
    },
  },
  'start a project': {
    address: '/projects/templates/gateway-vial',
    fill: async (page, look) => {
      await click(page, 'start-open');
      await click(page, 'start-go');
      await look();
    },
  },
  'log a solution': {
    address: '/knowledge/solutions/new',
    fill: async (page, look) => {
      await click(page, 'log-go');
      await look();
      await by(page, 'log-solution').fill('A *table*:\n\n| a | b |\n| --- | --- |\n| 1 | 2 |');
      await page.getByText('Preview', { exact: true }).click();
      await look();
    },
  },
  'accept a solution': {
    address: () => `/knowledge/solutions/${solution}`,
    fill: async (page, look) => {
      await by(page, 'solution-vote').waitFor();
      await look();
      await click(page, 'solution-accept');
      await look();
    },
  },
  'add documents': {
    address: '/knowledge/collections/new',
    fill: async (page, look) => {
      await click(page, 'add-go');
      await look();
      const file = { name: 'night.md', mimeType: 'text/markdown', buffer: Buffer.from('# Night\n') };
      await by(page, 'add-files').setInputFiles(file);
      await by(page, 'add-collection').fill('nights');
      await click(page, 'add-go');
      await by(page, 'outcome').waitFor();
      await look();
      await page.goto(`${tested.lab.url}/#/knowledge/collections`);
      await click(page, 'collection-remove-nights');
      await look();
    },
  },
  'analyze an error': {
    address: '/knowledge/errors',
    fill: async (page, look) => {
      const trace =
        'Traceback (most recent call last):\n  File "/home/a/fit.py", line 3, in <module>\n    x\nKeyError: 7';
      await by(page, 'errors-text').fill(`${trace}\nERROR disk 3 is full\n`);
      await click(page, 'errors-go');
      await by(page, 'events').waitFor();
      await look();
    },
  },
  'add a search model': opened('/knowledge/models', 'model-go'),
  'connect a model': opened('/ask', 'model-connect'),
  'what is done with a conversation': {
    address: '/ask',
    fill: async (page, look) => {
      await by(page, 'ask-input').fill('Which formats can a dataset have?');
      await page.keyboard.press('Enter');
      await by(page, 'citation-1').waitFor();
      for (const dialog of ['rename', 'export', 'delete']) {
        await click(page, `conversation-${dialog}`);
        await by(page, `${dialog}-go`).waitFor();
        await look();
        await page.keyboard.press('Escape');
      }
    },
  },
  'make a token': opened(() => `/security/tokens/${walletId}`, 'token-new'),
};

describe('WCAG 2.2 AA', () => {
  for (const look of LOOKS) {
    it(`no form breaks it, at ${look.width} px, ${look.colorScheme}`, async () => {
      const found: Record<string, string[]> = {};
      const page = await tested.open(look);
      await tested.signIn(page);
      for (const [name, { address, fill }] of Object.entries(FORMS)) {
        await page.goto(`${tested.lab.url}/#${typeof address === 'string' ? address : address()}`);
        await fill(page, async () => {
          const wrong = await faultsInSight(page);
          if (wrong.length > 0) found[name] = [...(found[name] ?? []), ...wrong];
          await tested.picture(page, `form-${name.replaceAll(' ', '-')}`, look);
        });
        // Dialogs go with the page.
        await page.reload();
      }
      expect(found).toEqual({});
      await page.context().close();
    });
  }
});
