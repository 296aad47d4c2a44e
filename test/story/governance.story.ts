// Governance from the outside: what is refused, and why; and how members stake, propose, vote, wait, and carry a change out.
import type { LabClient } from '@labmesh/testing';
import { afterAll, describe, expect } from 'vitest';
import { newcomer } from '../harness/belongings.js';
import type { Lab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';

interface Parameters {
  readonly version: number;
  readonly setBy: string | null;
  readonly parameters: ReadonlyArray<{ parameter: string; value: string }>;
}
interface Rewarded {
  readonly rewards: ReadonlyArray<{ for: string; amount: string; status: string }>;
}
interface Proposal {
  readonly proposalId: string;
}

const SHORT = {
  'governance.proposal_threshold': '10',
  'governance.voting_delay': '1',
  'governance.voting_period': '5',
  'governance.late_quorum_extension': '0',
  'governance.timelock': '1',
};
const RULE = 'rewards.dataset_contributed';
const PRICE = 'prices.gpu_second';
/** The periods are seconds; a slow machine is given more. */
const WAIT = { timeout: 60_000, interval: 100 };

export function governanceStory(place: () => { readonly lab: Lab; readonly operator: LabClient }): void {
  const operator = (): LabClient => place().operator;
  const parameters = () => operator().call<Parameters>('chancellor_get_parameters');
  const set = (changes: Readonly<Record<string, string>>) =>
    operator().call('chancellor_set_parameters', {
      changes: Object.entries(changes).map(([parameter, value]) => ({ parameter, value })),
    });
  let before: Readonly<Record<string, string>> | undefined;
  /** Keeps what was, so that other stories find it again. */
  const setForNow = async (changes: Readonly<Record<string, string>>): Promise<void> => {
    before ??= Object.fromEntries((await parameters()).parameters.map(({ parameter, value }) => [parameter, value]));
    await set(changes);
  };
  afterAll(async () => {
    const kept = before;
    if (kept === undefined) return;
    await set(Object.fromEntries([...Object.keys(SHORT), RULE, PRICE].map((name) => [name, kept[name] ?? '0'])));
  });

  /** A wallet that has so much staked. */
  async function member(label: string, amount: string): Promise<LabClient> {
    const { client, walletId } = await newcomer(place().lab, operator(), label);
    const pay = { to: walletId, amount, idempotencyKey: `pay ${walletId}` };
    await operator().call('chancellor_execute_transaction', pay);
    await client.call('chancellor_stake', { amount, lockDays: 0, idempotencyKey: `stake ${walletId}` });
    return client;
  }

  describe('governance', () => {
    verifies('dao:refusals', async () => {
      const { client, walletId } = await newcomer(place().lab, operator(), 'has no stake');
      const proposal = { title: 'More', text: 'For all.', changes: [{ parameter: RULE, value: '9' }] };
      expect(await client.refused('chancellor_propose_dao_governance', proposal)).toMatchObject({ code: 'forbidden' });
      const wrong = [{ parameter: RULE, value: '10000.5' }];
      expect(await client.refused('chancellor_propose_dao_governance', { ...proposal, changes: wrong })).toMatchObject({
        code: 'invalid_input',
        message: expect.stringContaining('outside its bounds') as string,
      });
      const changes = [{ parameter: RULE, value: '9' }];
      expect(await client.refused('chancellor_set_parameters', { changes })).toMatchObject({ code: 'forbidden' });
      expect(await client.refused('chancellor_enable_dao', { forGood: true })).toMatchObject({ code: 'forbidden' });

      await setForNow({ ...SHORT, 'governance.proposal_threshold': '0' });
      const { proposalId } = await client.call<Proposal>('chancellor_propose_dao_governance', proposal);
      expect(await client.refused('chancellor_cast_vote', { proposalId, support: 'for' })).toMatchObject({
        code: 'conflict',
      });
      expect(await client.refused('chancellor_execute_proposal', { proposalId })).toMatchObject({ code: 'conflict' });
      const { proposals } = await client.call<{ proposals: Proposal[] }>('chancellor_list_proposals', {
        proposer: walletId,
      });
      expect(proposals.map((each) => each.proposalId)).toEqual([proposalId]);
      const { contents } = await client.client.readResource({ uri: `proposal://${proposalId}` });
      expect(JSON.parse((contents[0] as { text: string }).text)).toMatchObject({ proposalId, title: 'More' });
      await operator().call('chancellor_cancel_proposal', { proposalId });
      expect(await client.call('chancellor_propose_dao_governance', { proposalId })).toMatchObject({
        state: 'canceled',
      });
      await client[Symbol.asyncDispose]();
    });

    verifies('dao:decided', async () => {
      await setForNow(SHORT);
      const [ada, ben] = await Promise.all([member('ada', '60'), member('ben', '40')]);
      const proposal = {
        title: 'More',
        text: 'Data is worth more, and GPUs cost more.',
        changes: [
          { parameter: RULE, value: '7.5' },
          { parameter: PRICE, value: '0.0025' },
        ],
      };
      const { proposalId } = await ada.call<Proposal>('chancellor_propose_dao_governance', proposal);
      const seen = () => ben.call<{ state: string }>('chancellor_propose_dao_governance', { proposalId });
      const state = async (): Promise<string> => (await seen()).state;

      await expect.poll(state, WAIT).toBe('active');
      expect(await ada.call('chancellor_cast_vote', { proposalId, support: 'for' })).toMatchObject({ power: '60.00' });
      expect(await ben.call('chancellor_cast_vote', { proposalId, support: 'abstain' })).toMatchObject({
        power: '40.00',
      });
      expect(await ben.refused('chancellor_cast_vote', { proposalId, support: 'against' })).toMatchObject({
        code: 'conflict',
      });
      expect(await seen()).toMatchObject({ winner: 1, quorum: { counted: '100.00', reached: true } });

      await expect.poll(state, WAIT).toBe('succeeded');
      await ben.call('chancellor_queue_proposal', { proposalId });
      const execute = () =>
        ben.call<{ parametersVersion: number }>('chancellor_execute_proposal', { proposalId }).then(
          ({ parametersVersion }) => parametersVersion,
          () => 0,
        );
      let version = 0;
      await expect.poll(async () => (version ||= await execute()), WAIT).toBeGreaterThan(0);
      expect(await ben.refused('chancellor_execute_proposal', { proposalId })).toMatchObject({ code: 'conflict' });
      const now = await parameters();
      expect(now).toMatchObject({ version, setBy: proposalId });
      expect(now.parameters.find(({ parameter }) => parameter === RULE)?.value).toBe('7.50');
      expect((await seen()).state).toBe('executed');
      // The Mechanic hears of it.
      const prices = async () => (await ben.call<{ prices: { gpuSecond: string } }>('mechanic_list_nodes')).prices;
      await expect.poll(async () => (await prices()).gpuSecond, WAIT).toBe('0.0025');

      const submit = (name: string) =>
        ben.call('curator_submit_dataset', { name, format: 'csv', content: 'hour,metres\n0,7.5\n' });
      await submit('Tides');
      await submit('The same tides');
      const rewards = async () => (await ben.call<Rewarded>('chancellor_preview_rewards')).rewards;
      await expect.poll(async () => (await rewards())[0]?.status, WAIT).toBe('paid');
      expect(await rewards()).toMatchObject([{ for: 'dataset_contributed', amount: '7.50', status: 'paid' }]);
      await Promise.all([ada, ben].map((client) => client[Symbol.asyncDispose]()));
    });
  });
}
