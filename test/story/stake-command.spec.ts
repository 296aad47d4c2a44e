// `labmesh stake` and `labmesh reward` against a real lab: what is staked, what it would earn, what is refused.
import { beforeAll, describe, expect, it } from 'vitest';
import { type Ended, labmesh as run } from '../harness/command.js';
import { newcomer } from '../harness/follower.js';
import { sharedLab } from '../harness/shared-lab.js';

const lab = sharedLab();
let token: string;
const operator = (...args: readonly string[]): Promise<Ended> => run(lab, args);
const member = (...args: readonly string[]): Promise<Ended> => run(lab, args, { LABMESH_TOKEN: token });

beforeAll(async () => {
  const connected = await lab.connect(lab.operatorToken());
  const ada = await newcomer(connected, 'researcher');
  token = ada.token;
  await connected[Symbol.asyncDispose]();
  expect(await operator('wallet', 'transfer', ada.walletId, '50')).toMatchObject({ code: 0 });
});

describe('stakes from the command line', () => {
  it('are put in once a key, listed, and asked back when their lock is over', async () => {
    const made = await member('stake', 'add', '30', '--lock', '0', '--json');
    const { stakeId, idempotencyKey } = JSON.parse(made.out) as { stakeId: string; idempotencyKey: string };
    expect(await member('stake', 'add', '30', '--lock', '0', '--key', idempotencyKey)).toMatchObject({
      code: 0,
      out: `${stakeId}\n`,
      err: expect.stringContaining('Had already staked'),
    });
    expect(await member('stake', 'list')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^30\.00 \$webxos staked/),
    });
    expect(await member('stake', 'unstake', stakeId, '10')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/10\.00 \$webxos asked back[\s\S]*Still staked there: 20\.00/),
    });
    const locked = JSON.parse((await member('stake', 'add', '5', '--json')).out) as { stakeId: string };
    expect(await member('stake', 'unstake', locked.stakeId)).toMatchObject({ code: 6 });
  });

  it('and rewards are told: the rules, what is to come, what the operator pays', async () => {
    expect(await member('reward', 'rules')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/dataset_contributed[\s\S]*The pool holds/),
    });
    expect(await member('reward', 'preview')).toMatchObject({ code: 0, out: expect.stringContaining('WOULD PAY') });
    expect(JSON.parse((await member('reward', 'preview', '--json')).out)).toMatchObject({ rewards: [] });
    expect(await operator('reward', 'distribute')).toMatchObject({ code: 0, out: expect.stringMatching(/^Paid \d+/) });
    expect(await member('reward', 'distribute')).toMatchObject({ code: 4 });
    expect(await member('reward', 'fund', '1')).toMatchObject({ code: 4 });
  });

  it('and the operator fills the pool, once for a key', async () => {
    const key = `fund-${crypto.randomUUID()}`;
    const fund = async (...more: readonly string[]) => {
      const { code, out, err } = await operator('reward', 'fund', '25', '--key', key, ...more);
      expect([code, err]).toEqual([0, expect.not.stringContaining('"code"')]);
      return out;
    };
    const first = JSON.parse(await fund('--json')) as { transactionId: string };
    expect(first).toMatchObject({ amount: '25.00', replayed: false, idempotencyKey: key });
    expect(JSON.parse(await fund('--json'))).toMatchObject({ transactionId: first.transactionId, replayed: true });
    expect(await fund()).toMatch(/^Had already moved 25\.00 \$webxos\. The pool holds \d+\.\d+, you \d+\.\d+\.\n$/);
    const { out } = await operator('wallet', 'history', '--with', 'rewards', '--limit', '50', '--format', 'json');
    const entries = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { transactionId: string; change: string });
    expect(entries.filter(({ transactionId }) => transactionId === first.transactionId)).toMatchObject([
      { change: '-25.00' },
    ]);
    expect(await operator('reward', 'fund', '99999999')).toMatchObject({
      code: 6,
      err: expect.stringContaining('holds'),
    });
  });

  const wrong: ReadonlyArray<readonly [string, readonly string[], number, RegExp]> = [
    ['a stake of nothing', ['stake', 'add', '0'], 2, /more than 0/],
    ['more than there is', ['stake', 'add', '5000'], 6, /./],
    ['a lock that is no number', ['stake', 'add', '1', '--lock', 'long'], 2, /whole number/],
    ['a stake that is not there', ['stake', 'unstake', 'txn_01990000-0000-7000-8000-000000000009'], 5, /./],
    ['a stake by another name', ['stake', 'unstake', 'mine'], 2, /txn_/],
  ];
  it.each(wrong)('%s ends with its exit code and says why', async (_what, args, code, says) => {
    const ended = await member(...args);
    expect([ended.code, ended.err]).toEqual([code, expect.stringMatching(says)]);
  });
});
