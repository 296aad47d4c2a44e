// Stakes and votes on the page, in a real browser against a real lab: who stakes has power, votes by keyboard in the order that was
// meant, sees how the vote stands, and asks the stake back.
import type { LabClient } from '@labmesh/testing';
import { describe, expect, it } from 'vitest';
import type { Person } from '../harness/follower.js';
import { newcomer } from '../harness/follower.js';
import { by, fits, LOOKS, onPage, type PageUnderTest } from '../harness/page.js';

let tested: PageUnderTest;
let operator: LabClient;
onPage(async (page) => {
  tested = page;
  operator = page.operator;
  const changes = [
    { parameter: 'governance.proposal_threshold', value: '0.00' },
    { parameter: 'governance.voting_delay', value: '0' },
    { parameter: 'governance.open_proposals', value: '20' },
  ];
  await operator.call('chancellor_set_parameters', { changes });
});

async function withMoney(): Promise<Person> {
  const person = await newcomer(operator, 'validator');
  const payment = { to: person.walletId, amount: '500.00', idempotencyKey: crypto.randomUUID() };
  await operator.call('chancellor_execute_transaction', payment);
  return person;
}

/** A proposal that can be voted on. */
async function openProposal(title: string): Promise<string> {
  const { proposalId } = await operator.call<{ proposalId: string }>('chancellor_propose_dao_governance', {
    title,
    text: 'We can pay for one.',
    voting: 'ranked',
    choices: ['Spectrometer', 'Cryostat', 'Nothing yet'],
  });
  await expect
    .poll(() => operator.call<{ state: string }>('chancellor_propose_dao_governance', { proposalId }))
    .toMatchObject({ state: 'active' });
  return proposalId;
}

describe('Staking', () => {
  for (const look of LOOKS) {
    it(`gives power to vote with, and comes back, at ${look.width} px, ${look.colorScheme}`, async () => {
      const ada = await withMoney();
      const page = await tested.open(look);
      await tested.signIn(page, ada.token);
      await page.goto(`${tested.lab.url}/#/money/staking`);
      await by(page, 'stakes-nothing').waitFor();
      await by(page, 'stake-open').click();
      await by(page, 'stake-amount').fill('500.01');
      expect(await by(page, 'stake').innerText()).toContain('More than is available.');
      await by(page, 'stake-amount').fill('300');
      await by(page, 'stake-lock').selectOption('0');
      expect(await by(page, 'stake-earns').innerText()).toMatch(
        /Beside the [\d,.]+ that .* would be up to [\d,.]+ each/,
      );
      await tested.picture(page, 'money-stake', look);
      await by(page, 'stake-go').click();
      await expect.poll(() => by(page, 'stakes').innerText()).toMatch(/300.00[\s\S]*free/);
      await expect.poll(() => by(page, 'staking-figures').innerText()).toMatch(/200\s*\.00/);
      await by(page, 'earn-events').waitFor();
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'money-staking', look);

      const proposalId = await openProposal(`Which instrument next? ${look.width} ${look.colorScheme}`);
      await page.goto(`${tested.lab.url}/#/money/proposals/${proposalId}`);
      await by(page, 'ranking').waitFor();
      await by(page, 'rank-down-1').focus();
      for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp']) await page.keyboard.press(key);
      expect(await by(page, 'ranking').innerText()).toMatch(/Cryostat[\s\S]*Spectrometer[\s\S]*Nothing yet/);
      expect(await fits(page)).toBe(true);
      await by(page, 'vote-form').scrollIntoViewIfNeeded();
      await tested.picture(page, 'money-vote', look);
      await by(page, 'vote-go').click();
      await by(page, 'vote-confirm-go').click();
      await by(page, 'voted').waitFor();
      await expect
        .poll(() => by(page, 'standing').innerText())
        .toMatch(/Cryostat\s+leads[\s\S]*300.00[\s\S]*1 wallet voted/);
      await by(page, 'quorum').scrollIntoViewIfNeeded();
      await tested.picture(page, 'money-standing', look);

      await page.goto(`${tested.lab.url}/#/money/staking`);
      await by(page, 'unstake-open').click();
      await by(page, 'unstake-amount').fill('100');
      await by(page, 'unstake-go').click();
      await expect.poll(() => by(page, 'stakes').innerText()).toMatch(/200.00[\s\S]*100.00 comes back in 3 days/);
      await page.context().close();
    });
  }

  it('logs no error and breaks no content policy', () => {
    expect(tested.problems).toEqual([]);
  });
});
