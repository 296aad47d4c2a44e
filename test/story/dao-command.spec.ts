// `labmesh dao` against a real lab of its own, as the lab's rules are changed: what people type, what scripts read, what is refused.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, labmesh as run } from '../harness/command.js';
import { newcomer, type Person } from '../harness/follower.js';
import { type LabUnderTest, oneProcessLab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';

let lab: LabUnderTest;
let folder: string;
let ada: Person;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-money-'));
  lab = await oneProcessLab();
  const operator = await lab.connect(lab.operatorToken());
  ada = await newcomer(operator, 'researcher');
  await operator[Symbol.asyncDispose]();
});
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const operator = (...args: readonly string[]): Promise<Ended> => run(lab, args);
const member = (...args: readonly string[]): Promise<Ended> => run(lab, args, { LABMESH_TOKEN: ada.token });

async function json<T>(as: typeof operator, ...args: readonly string[]): Promise<T> {
  const { code, out, err } = await as(...args, '--json');
  expect([code, err]).toEqual([0, expect.not.stringContaining('"code"')]);
  return JSON.parse(out) as T;
}

const file = async (name: string, content: string): Promise<string> => {
  await writeFile(join(folder, name), content);
  return join(folder, name);
};

interface Parameters {
  readonly version: number;
  readonly parameters: ReadonlyArray<{ parameter: string; value: string }>;
}

const settingOf = ({ parameters }: Parameters, name: string): string | undefined =>
  parameters.find(({ parameter }) => parameter === name)?.value;

describe('governance from the command line', () => {
  verifies('command:dao', async () => {
    expect(await member('dao', 'propose', 'Lunch', '--text', 'At noon.')).toMatchObject({
      code: 4,
      err: expect.stringContaining('voting power'),
    });
    const set = await json<{ version: number }>(
      operator,
      ...[
        'dao',
        'set',
        'governance.proposal_threshold=0',
        'governance.voting_delay=0',
        'governance.voting_period=3600',
      ],
    );
    const now = await json<Parameters>(member, 'dao', 'parameters');
    expect([now.version, settingOf(now, 'governance.voting_period')]).toEqual([set.version, '3600']);
    const first = await json<Parameters>(member, 'dao', 'parameters', '--number', '0');
    expect(settingOf(first, 'governance.voting_period')).toBe('604800');
    expect(await member('dao', 'parameters')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/governance\.voting_period +3600/),
    });

    const why = await file('why.md', 'So that few cannot decide for many.');
    const made = await json<{ proposalId: string; state: string; changes: unknown[] }>(
      member,
      ...['dao', 'propose', 'A higher quorum', '-f', why, '--set', 'governance.quorum=500'],
    );
    expect(made.changes).toMatchObject([{ parameter: 'governance.quorum', now: '400', value: '500' }]);
    const ranked = await member(
      ...['dao', 'propose', 'Which sensor?', '--text', 'One of these.', '--voting', 'ranked'],
      ...['--choice', 'A4', '--choice', 'B7'],
    );
    expect(ranked).toMatchObject({ code: 0, out: expect.stringMatching(/^prop_[0-9a-f-]{36}\n$/) });
    const listed = await json<{ proposals: Array<{ title: string }> }>(member, 'dao', 'list', '--limit', '1');
    expect(listed.proposals.map(({ title }) => title)).toEqual(['Which sensor?']);
    expect(await member('dao', 'list', '--state', 'executed')).toMatchObject({ code: 0, out: '' });

    const shown = await member('dao', 'show', made.proposalId);
    expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('So that few cannot decide for many.') });
    expect(shown.out).toMatch(/governance\.quorum +400 +500/);

    // Nothing is staked: there is no power to vote with, and nothing has passed.
    expect(await member('dao', 'vote', made.proposalId, 'for')).toMatchObject({ code: 4 });
    expect(await member('dao', 'queue', made.proposalId)).toMatchObject({ code: 6 });
    expect(await member('dao', 'execute', made.proposalId)).toMatchObject({ code: 6 });

    expect(await operator('dao', 'cancel', made.proposalId)).toMatchObject({
      code: 2,
      err: expect.stringContaining('--yes'),
    });
    expect(await operator('dao', 'cancel', made.proposalId, '--yes')).toMatchObject({ code: 0 });
    expect(await member('dao', 'show', made.proposalId)).toMatchObject({ out: expect.stringContaining('canceled') });
  });

  const wrong: ReadonlyArray<readonly [string, readonly string[], number, RegExp]> = [
    ['a proposal that is not there', ['dao', 'show', 'prop_none'], 2, /prop_/],
    ['a proposal without a text', ['dao', 'propose', 'Nothing'], 2, /--text/],
    ['a change that is none', ['dao', 'propose', 'x', '--text', 'y', '--set', 'quorum'], 2, /parameter=value/],
    ['a parameter that is not there', ['dao', 'propose', 'x', '--text', 'y', '--set', 'a.quorum=1'], 2, /a\.quorum/],
    ['a value out of bounds', ['dao', 'propose', 'x', '--text', 'y', '--set', 'governance.quorum=0'], 2, /bounds/],
    ['a voting that is not there', ['dao', 'propose', 'x', '--text', 'y', '--voting', 'loud'], 2, /ranked/],
    ['nobody to delegate to', ['dao', 'delegate'], 2, /--back/],
    ['parameters set by a member', ['dao', 'set', 'governance.quorum=500'], 4, /./],
    ['the DAO switched on by the way', ['dao', 'enable'], 2, /--yes/],
  ];
  it.each(wrong)('%s ends with its exit code and says why', async (_what, args, code, says) => {
    const ended = await member(...args);
    expect([ended.code, ended.err]).toEqual([code, expect.stringMatching(says)]);
  });

  it('says how one votes where a vote is of another kind', async () => {
    const { out } = await member(
      ...[
        'dao',
        'propose',
        'Colour?',
        '--text',
        'Of the door.',
        '--voting',
        'single',
        '--choice',
        'red',
        '--choice',
        'blue',
      ],
    );
    expect(await member('dao', 'vote', out.trim(), 'for')).toMatchObject({
      code: 2,
      err: expect.stringContaining('the number of one choice'),
    });
  });

  it('gives votes away and takes them back', async () => {
    const other = await json<{ walletId: string }>(operator, 'wallet', 'create', '--role', 'citizen');
    expect(await member('dao', 'delegate', other.walletId)).toMatchObject({
      code: 0,
      out: expect.stringContaining(other.walletId),
    });
    expect(await member('dao', 'delegate', '--back')).toMatchObject({
      code: 0,
      out: expect.stringContaining('yourself'),
    });
  });

  it('carries a proposal from the first word to the last', async () => {
    const short = ['voting_delay=0', 'voting_period=20', 'late_quorum_extension=0', 'timelock=1'];
    await json(operator, 'dao', 'set', ...short.map((change) => `governance.${change}`));
    await json(operator, 'wallet', 'send', ada.walletId, '10');
    await json(member, 'stake', 'add', '10', '--lock', '0');
    const { proposalId } = await json<{ proposalId: string }>(
      member,
      ...['dao', 'propose', 'Longer epochs', '--text', 'Fewer, larger.', '--set', 'rewards.epoch_length=172800'],
    );
    const becomes = (state: string) =>
      expect.poll(async () => (await json<{ state: string }>(member, 'dao', 'show', proposalId)).state).toBe(state);
    expect(await member('dao', 'vote', proposalId, 'for')).toMatchObject({ code: 0 });
    await becomes('succeeded');
    expect(await member('dao', 'queue', proposalId)).toMatchObject({ code: 0 });
    await expect.poll(async () => (await member('dao', 'execute', proposalId)).code).toBe(0);
    await becomes('executed');
    expect(settingOf(await json<Parameters>(member, 'dao', 'parameters'), 'rewards.epoch_length')).toBe('172800');
  });
});
