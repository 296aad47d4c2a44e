// Proposals on the page, in a real browser against a real lab: one is made with its bounds shown, and what it says, would change and
// waits for is there to be read; ballots, by keyboard too, are only for who has power.
import type { LabClient } from '@labmesh/testing';
import { describe, expect, it } from 'vitest';
import { newcomer } from '../harness/follower.js';
import { by, DESK, fits, LOOKS, onPage, type PageUnderTest } from '../harness/page.js';

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

describe('Proposals', () => {
  for (const look of LOOKS) {
    it(`are made and read at ${look.width} px, ${look.colorScheme}`, async () => {
      const page = await tested.open(look);
      await tested.signIn(page);
      await page.goto(`${tested.lab.url}/#/money/proposals/new`);
      const title = `Pay more for datasets ${look.width} ${look.colorScheme}`;
      await by(page, 'propose-title').fill(title);
      await by(page, 'propose-go').click();
      expect(await page.locator('main').innerText()).toContain('Say what is proposed, and why.');
      await by(page, 'propose-text').fill('Few were contributed this month.\n\nThe pool has enough for a year.');
      await by(page, 'propose-change-add').click();
      await by(page, 'propose-parameter-0').selectOption('governance.quorum');
      expect(await page.locator('main').innerText()).toMatch(/Now 4 %[\s\S]*hundredths of a percent/);
      await by(page, 'propose-value-0').fill('10001');
      expect(await page.locator('main').innerText()).toMatch(/From 1 to 10000/);
      await by(page, 'propose-value-0').fill('450');
      expect(await page.locator('main').innerText()).toContain('That is 4.5 %.');
      expect(await fits(page)).toBe(true);
      await by(page, 'propose-value-0').scrollIntoViewIfNeeded();
      await tested.picture(page, 'money-propose', look);
      await by(page, 'propose-go').click();

      await by(page, 'proposal-title').waitFor();
      expect(await by(page, 'proposal-title').innerText()).toBe(title);
      await expect
        .poll(() => by(page, 'proposal-changes').innerText())
        .toMatch(/4 %[\s\S]*4.5 %[\s\S]*governance.quorum/);
      expect(await by(page, 'timeline').innerText()).toMatch(/Proposed[\s\S]*Snapshot[\s\S]*Voting ends[\s\S]*Queued/);
      expect(await by(page, 'standing').innerText()).toMatch(/Quorum[\s\S]*For[\s\S]*Against[\s\S]*Abstain/i);
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'money-proposal', look);
      await by(page, 'proposal-cancel').click();
      await by(page, 'cancel-confirm-go').click();
      await expect.poll(() => by(page, 'proposal-state-now').innerText()).toBe('canceled');

      await page.goto(`${tested.lab.url}/#/money/proposals?state=canceled`);
      await by(page, 'proposals').waitFor();
      expect(await by(page, 'proposals').innerText()).toContain(title);
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'money-proposals', look);
      await by(page, 'proposal-state').selectOption('executed');
      await by(page, 'proposals-nothing').waitFor();
      await page.context().close();
    });
  }

  it('are queued and executed once they have passed, and hold from then on', async () => {
    const short = { voting_period: '20', late_quorum_extension: '0', timelock: '1' };
    const changes = Object.entries(short).map(([name, value]) => ({ parameter: `governance.${name}`, value }));
    await operator.call('chancellor_set_parameters', { changes });
    await operator.call('chancellor_stake', { amount: '10', lockDays: 0, idempotencyKey: crypto.randomUUID() });
    const { proposalId } = await operator.call<{ proposalId: string }>('chancellor_propose_dao_governance', {
      ...{ title: 'Longer epochs', text: 'Fewer, larger.' },
      changes: [{ parameter: 'rewards.epoch_length', value: '172800' }],
    });
    await operator.call('chancellor_cast_vote', { proposalId, support: 'for' });
    const page = await tested.open(DESK);
    await tested.signIn(page);
    await page.goto(`${tested.lab.url}/#/money/proposals/${proposalId}`);
    const offered = (what: string) =>
      expect
        .poll(async () => {
          await page.reload();
          await by(page, 'proposal-title').waitFor();
          return by(page, `proposal-${what}`).count();
        })
        .toBe(1);
    await offered('queue');
    expect(await by(page, 'proposal-execute').count()).toBe(0);
    await by(page, 'proposal-queue').click();
    await by(page, 'queue-confirm-go').click();
    await expect.poll(() => by(page, 'proposal-state-now').innerText()).toBe('queued');
    await offered('execute');
    await by(page, 'proposal-execute').click();
    await by(page, 'execute-confirm-go').click();
    await expect.poll(() => by(page, 'proposal-state-now').innerText()).toBe('executed');
    expect(await by(page, 'proposal-queue').count()).toBe(0);
    const { parameters } = await operator.call<{ parameters: Array<{ parameter: string; value: string }> }>(
      'chancellor_get_parameters',
      {},
    );
    expect(parameters).toContainEqual(expect.objectContaining({ parameter: 'rewards.epoch_length', value: '172800' }));
    await page.context().close();
  });

  it('lets another wallet vote, and takes that back', async () => {
    const { walletId } = await newcomer(operator);
    const page = await tested.open(DESK);
    await tested.signIn(page);
    await page.goto(`${tested.lab.url}/#/money/proposals`);
    await by(page, 'delegate-to').fill('somebody');
    expect(await by(page, 'delegate-go').isDisabled()).toBe(true);
    await by(page, 'delegate-to').fill(walletId);
    await by(page, 'delegate-go').click();
    await expect.poll(() => by(page, 'delegated').innerText()).toContain(`${walletId.slice(-6)} votes for you`);
    await by(page, 'delegate-back').click();
    await expect.poll(() => by(page, 'delegated').innerText()).toContain('You vote for yourself');
    await page.context().close();
  });

  it('logs no error and breaks no content policy', () => {
    expect(tested.problems).toEqual([]);
  });
});
