// What a contribution earns and a stake holds, as their owner sees it: paid once, for content once; staked, and asked back.

import { hash } from 'node:crypto';
import type { LabClient } from '@labmesh/testing';
import { expect } from 'vitest';
import { newcomer } from '../harness/belongings.js';
import { newcomer as person } from '../harness/follower.js';
import type { Lab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';

interface Stored {
  readonly dataset: { readonly datasetId: string };
}
interface Preview {
  readonly events: ReadonlyArray<{ event: string; amount: string; leftToday: number }>;
  readonly rewards: ReadonlyArray<{ for: string; source: string; amount: string; status: string }>;
}
interface Staked {
  readonly stakeId: string;
  readonly staked: string;
}

export function rewardStory(place: () => { readonly lab: Lab; readonly operator: LabClient }): void {
  const balance = async (client: LabClient): Promise<string> =>
    (await client.call<{ balance: string }>('chancellor_get_balance')).balance;

  verifies('money:rewards', async () => {
    const { client } = await newcomer(place().lab, place().operator, 'contributes');
    const preview = () => client.call<Preview>('chancellor_preview_rewards');
    const { rules } = await client.call<{ rules: Array<{ event: string; toldBy: string | null }> }>(
      'chancellor_list_reward_rules',
    );
    expect(rules.find(({ event }) => event === 'dataset_contributed')).toMatchObject({ toldBy: 'curator' });
    const rule = (await preview()).events.find(({ event }) => event === 'dataset_contributed');
    expect(rule).toMatchObject({ amount: '5.00', leftToday: 10 });

    const submit = (name: string, content: string) =>
      client.call<Stored>('curator_submit_dataset', { name, format: 'csv', content });
    const { dataset } = await submit('Tides', 'hour,metres\n0,1.2\n6,3.4\n');
    await expect.poll(() => balance(client), { timeout: 30_000 }).toBe('5.00');

    await submit('Tides again', 'hour,metres\n0,1.2\n6,3.4\n');
    await client.call('curator_withdraw_dataset', { datasetId: dataset.datasetId });
    await submit('Tides once more', 'hour,metres\n0,1.2\n6,3.4\n');
    await submit('Other tides', 'hour,metres\n0,2.2\n');
    // Events come in order: once the last one is paid, nothing of those before it is still to come.
    await expect.poll(() => balance(client), { timeout: 30_000 }).toBe('10.00');
    expect((await preview()).rewards).toMatchObject([
      { for: 'dataset_contributed', amount: '5.00', status: 'paid' },
      { for: 'dataset_contributed', amount: '5.00', status: 'paid', source: `${dataset.datasetId} 1` },
    ]);

    const staked = await client.call<Staked>('chancellor_stake', {
      amount: '4',
      lockDays: 0,
      idempotencyKey: 'my first stake',
    });
    expect(staked.staked).toBe('4.00');
    expect(await balance(client)).toBe('6.00');
    const { stakeId } = staked;
    const asked = { stakeId, amount: '1', idempotencyKey: 'some of it back' };
    expect(await client.call('chancellor_unstake', asked)).toMatchObject({ left: '3.00', returned: false });
    expect(await client.call('chancellor_unstake', asked)).toMatchObject({ left: '3.00', replayed: true });
    expect(await client.call('chancellor_get_stakes')).toMatchObject({ staked: '4.00', stakes: [{ stakeId }] });
    expect((await client.refused('chancellor_distribute_rewards')).code).toBe('forbidden');
    expect(await place().operator.call('chancellor_distribute_rewards')).toMatchObject({ pending: 0 });
    await client[Symbol.asyncDispose]();
  });

  verifies('money:statement', async () => {
    const { lab, operator } = place();
    const [ada, ben] = [await person(operator), await person(operator)];
    const pay = { to: ada.walletId, amount: '2.5', memo: 'Liquid helium', idempotencyKey: crypto.randomUUID() };
    await operator.call('chancellor_execute_transaction', pay);
    await using client = await lab.connect(ada.token);
    const { link, sha256, entries } = await client.call<{ link: { url: string }; sha256: string; entries: number }>(
      'chancellor_export_statement',
      { as: 'link', format: 'json' },
    );
    const down = (token: string) => fetch(link.url, { headers: { authorization: `Bearer ${token}` } });
    const reply = await down(ada.token);
    const text = await reply.text();
    expect([reply.status, hash('sha256', text), entries]).toEqual([200, sha256, 1]);
    expect(JSON.parse(text)).toMatchObject([{ change: '2.50', memo: 'Liquid helium' }]);
    expect((await down(lab.operatorToken())).status).toBe(200);
    expect((await down(ben.token)).status).toBe(404);
    expect((await fetch(link.url)).status).toBe(401);
  });
}
