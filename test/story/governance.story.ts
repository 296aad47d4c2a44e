// Governance from the outside: what is refused, and why; who sees a proposal, and who may end it.
import type { LabClient } from '@labmesh/testing';
import { afterAll, describe, expect } from 'vitest';
import { newcomer } from '../harness/belongings.js';
import type { Lab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';

interface Parameters {
  readonly parameters: ReadonlyArray<{ parameter: string; value: string }>;
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
const RULE = 'rewards.solution_accepted';

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
    await set(Object.fromEntries([...Object.keys(SHORT), RULE].map((name) => [name, kept[name] ?? '0'])));
  });

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
  });
}
