// `labmesh wallet` and `labmesh ledger` against a real lab: money is sent, set aside, listed, taken back, written down and checked.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, labmesh as run } from '../harness/command.js';
import { newcomer, type Person } from '../harness/follower.js';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';

const lab = sharedLab();
const NOWHERE = 'wal_01990000-0000-7000-8000-000000000009';

let folder: string;
let ada: Person;
let ben: Person;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-wallets-'));
  const connected = await lab.connect(lab.operatorToken());
  ada = await newcomer(connected, 'researcher');
  ben = await newcomer(connected, 'citizen');
  await connected[Symbol.asyncDispose]();
  await json(operator, 'wallet', 'transfer', ada.walletId, '100');
});
afterAll(() => rm(folder, { recursive: true }));

type As = (...args: readonly string[]) => Promise<Ended>;
const operator: As = (...args) => run(lab, args);
const asAda: As = (...args) => run(lab, args, { LABMESH_TOKEN: ada.token });
const asBen: As = (...args) => run(lab, args, { LABMESH_TOKEN: ben.token });

async function json<T>(as: As, ...args: readonly string[]): Promise<T> {
  const { code, out, err } = await as(...args, '--json');
  expect([code, err]).toEqual([0, expect.not.stringContaining('"code"')]);
  return JSON.parse(out) as T;
}

const file = async (name: string, content: string): Promise<string> => {
  await writeFile(join(folder, name), content);
  return join(folder, name);
};

interface Funds {
  readonly balance: string;
  readonly held: string;
}
const fundsOf = (as: As): Promise<Funds> => json<Funds>(as, 'wallet', 'balance');

describe('money from the command line', () => {
  verifies('command:money', async () => {
    const paid = await json<{ transactionId: string; idempotencyKey: string; replayed: boolean }>(
      asAda,
      ...['wallet', 'send', ben.walletId, '10', '--memo', 'Sequencing'],
    );
    const again = await asAda(
      ...['wallet', 'send', ben.walletId, '10', '--memo', 'Sequencing', '--key', paid.idempotencyKey],
    );
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('Had already moved') });
    expect(
      await asAda('wallet', 'send', ben.walletId, '11', '--memo', 'Sequencing', '--key', paid.idempotencyKey),
    ).toMatchObject({ code: 6 });
    expect(await json(asBen, 'wallet', 'reverse', paid.transactionId, '4')).toMatchObject({ amount: '4.00' });
    expect(await asBen('wallet', 'reverse', paid.transactionId, '7')).toMatchObject({ code: 6 });
    expect([(await fundsOf(asAda)).balance, (await fundsOf(asBen)).balance]).toEqual(['94.00', '6.00']);

    const { holdId } = await json<{ holdId: string }>(
      asAda,
      ...['wallet', 'hold', ben.walletId, '20', '--for', '1h', '--memo', 'Deposit'],
    );
    expect(await fundsOf(asAda)).toMatchObject({ balance: '74.00', held: '20.00' });
    expect(await asBen('wallet', 'holds')).toMatchObject({ code: 0, out: expect.stringContaining(holdId) });
    expect(await asBen('wallet', 'capture', holdId, '5')).toMatchObject({
      code: 0,
      out: expect.stringContaining('5.00 captured'),
    });
    expect(await asBen('wallet', 'capture', holdId, '16')).toMatchObject({ code: 6 });
    expect(await asBen('wallet', 'release', holdId)).toMatchObject({
      code: 0,
      out: expect.stringContaining('15.00 released'),
    });
    expect(await fundsOf(asAda)).toMatchObject({ balance: '89.00', held: '0.00' });
    expect(await asBen('wallet', 'balance')).toMatchObject({ out: expect.stringMatching(/^11\.00 \$webxos/) });
  });

  it('pays what a file lists: all or none, or each for itself, and twice is once', async () => {
    const before = Number((await fundsOf(asAda)).balance);
    const rows = `to,amount,memo\n${ben.walletId},1.5,one\n${ben.walletId},500,too much\n${ben.walletId},2.5,three\n`;
    const path = await file('prizes.csv', rows);
    const none = await asAda('wallet', 'batch', path, '--linked');
    expect([none.code, none.err]).toEqual([6, expect.stringContaining('Nothing was paid')]);
    expect(Number((await fundsOf(asAda)).balance)).toBe(before);

    const some = await asAda('wallet', 'batch', path, '--json');
    expect([some.code, JSON.parse(some.out)]).toEqual([
      6,
      expect.objectContaining({
        posted: 2,
        outcomes: [
          expect.objectContaining({ row: 1, outcome: 'posted' }),
          expect.objectContaining({ row: 2, outcome: 'insufficient_funds' }),
          expect.objectContaining({ row: 3, outcome: 'posted' }),
        ],
      }),
    ]);
    const { idempotencyKey } = JSON.parse(some.out) as { idempotencyKey: string };
    const again = await asAda('wallet', 'batch', path, '--key', idempotencyKey);
    expect(again.out).toMatch(/posted before[\s\S]*2 of 3 posted/);
    expect(Number((await fundsOf(asAda)).balance)).toBe(before - 4);
  });

  it('lists what happened, page after page, and writes it down whole', async () => {
    const { history } = await json<{ history: Array<{ transactionId: string; kind: string }> }>(
      asAda,
      ...['wallet', 'history', '--all'],
    );
    const lines = (await asAda('wallet', 'history', '--limit', '2', '--format', 'json')).out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(history.slice(0, 2));
    const { history: captures } = await json<{ history: Array<{ kind: string }> }>(
      asBen,
      ...['wallet', 'history', '--kind', 'capture', '--with', `${ada.walletId}.held`],
    );
    expect(captures.map(({ kind }) => kind)).toEqual(['capture']);
    expect(await asAda('wallet', 'history', '--to', '2020-01-01')).toMatchObject({ code: 0, out: '' });

    const csv = join(folder, 'ada.csv');
    expect(await asAda('wallet', 'statement', '-o', csv)).toMatchObject({ code: 0, out: `${csv}\n` });
    const written = (await readFile(csv, 'utf8')).trimEnd().split('\r\n');
    expect(written).toHaveLength(history.length + 1);
    expect((await asAda('wallet', 'statement')).out.trimEnd().split('\r\n')).toEqual(written);
    const told = JSON.parse((await asAda('wallet', 'statement', '--format', 'json')).out) as typeof history;
    expect(told.map(({ transactionId }) => transactionId)).toEqual(
      history.map(({ transactionId }) => transactionId).reverse(),
    );
    const refused = await asBen('wallet', 'statement', ada.walletId, '-o', join(folder, 'theirs.csv'));
    expect(refused.code).toBe(4);
    expect((await readdir(folder)).filter((name) => name.includes('theirs'))).toEqual([]);
  });

  it('opens a wallet once for an owner, freezes it, and closes it for good', async () => {
    expect(await asBen('wallet', 'templates')).toMatchObject({ code: 0, out: expect.stringMatching(/validator/) });
    const open = ['wallet', 'create', '--template', 'validator', '--owner', `orcid:${crypto.randomUUID()}`];
    const { walletId } = await json<{ walletId: string }>(operator, ...open);
    expect(await json(operator, ...open)).toMatchObject({ walletId });
    const listed = await json<{ wallets: Array<{ walletId: string }> }>(
      operator,
      ...['wallet', 'list', '--role', 'validator', '--limit', '500'],
    );
    expect(listed.wallets.map(({ walletId: id }) => id)).toContain(walletId);
    expect(await asBen('wallet', 'list')).toMatchObject({ code: 4 });

    expect(await operator('wallet', 'freeze', walletId, '--reason', 'A look at it')).toMatchObject({ code: 0 });
    expect(await operator('wallet', 'show', walletId)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/frozen[\s\S]*A look at it/),
    });
    expect(await operator('wallet', 'unfreeze', walletId, '--reason', 'It is fine')).toMatchObject({ code: 0 });
    expect(await operator('wallet', 'close', walletId, '--reason', 'Over')).toMatchObject({ code: 2 });
    expect(await operator('wallet', 'close', walletId, '--reason', 'Over', '--yes')).toMatchObject({ code: 0 });
    expect(await json(operator, 'wallet', 'get', walletId)).toMatchObject({ status: 'closed' });
    expect(await asAda('wallet', 'send', walletId, '1')).toMatchObject({ code: 6 });
  });

  it('checks the books, for the operator', async () => {
    expect(await operator('ledger', 'verify')).toMatchObject({ code: 0, out: expect.stringMatching(/^clean/) });
    expect(await json(operator, 'ledger', 'verify')).toMatchObject({ clean: true });
    expect(await asBen('ledger', 'verify')).toMatchObject({ code: 4 });
  });

  const wrong: ReadonlyArray<readonly [string, readonly string[], number, RegExp]> = [
    ['an amount of nothing', ['wallet', 'send', NOWHERE, '0'], 2, /more than 0/],
    ['an amount below nothing', ['wallet', 'send', NOWHERE, '--', '-1'], 2, /number such as/],
    ['an amount too fine', ['wallet', 'transfer', NOWHERE, '1.5000001'], 2, /6 digits/],
    ['an amount as programmers write it', ['wallet', 'hold', NOWHERE, '1e3'], 2, /number such as/],
    ['more than there can be', ['wallet', 'send', NOWHERE, '9223372036854.775808'], 2, /the most is/],
    ['a wallet that is not there', ['wallet', 'send', NOWHERE, '1'], 5, /wal_/],
    ['a word for a wallet', ['wallet', 'send', 'ben', '1'], 2, /wal_/],
    ['a key that is too short', ['wallet', 'send', NOWHERE, '1', '--key', 'x'], 2, /8 to 100/],
    ['somebody else’s wallet', ['wallet', 'balance', NOWHERE], 4, /./],
    ['a hold that is not there', ['wallet', 'capture', `txn_${NOWHERE.slice(4)}`], 5, /txn_/],
    ['a time that is none', ['wallet', 'history', '--from', '2026-02-30'], 2, /Give a day/],
    ['a kind that is none', ['wallet', 'history', '--kind', 'gift'], 2, /payment/],
    ['a file that is not there', ['wallet', 'batch', 'nowhere.csv'], 5, /nowhere\.csv/],
    ['a file of something else', ['wallet', 'batch', 'package.json'], 2, /no column|line/],
    ['a freeze without a reason', ['wallet', 'freeze', NOWHERE], 2, /--reason/],
    ['a freeze by a member', ['wallet', 'freeze', NOWHERE, '--reason', 'x'], 4, /./],
    ['a wallet from nothing', ['wallet', 'create'], 2, /--role/],
  ];
  it.each(wrong)('%s ends with its exit code and says why', async (_what, args, code, says) => {
    const ended = await asAda(...args);
    expect([ended.code, ended.err]).toEqual([code, expect.stringMatching(says)]);
  });
});
