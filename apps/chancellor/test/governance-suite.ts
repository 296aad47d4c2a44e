// What governance promises, from the proposal to its execution. The clock is the suite's.
import type { Principal } from '@labmesh/contracts';
import { describe, expect, it } from 'vitest';
import { lockProposal, lockToVote } from '../src/governance/proposals/proposal-rows.repository.js';
import { newWalletId, principal } from './bed.js';
import type { GovernanceBed } from './governance-bed.js';
import { refusal } from './parameters-suite.js';

const UNIT = 1_000_000n;
const operator = principal(newWalletId(), 'operator');
const CHANGE = { parameter: 'rewards.job_completed', value: '3.5' };

const PERIODS = {
  'governance.proposal_threshold': '100',
  'governance.open_proposals': '3',
  'governance.voting_delay': '10',
  'governance.voting_period': '100',
  'governance.late_quorum_extension': '20',
  'governance.quorum': '400',
  'governance.approval': '5000',
  'governance.timelock': '50',
  'governance.execution_grace': '1000',
};

/** What the tests of a proposal's life begin with: known periods, and a proposer and a voter with power. */
export async function lifeOf(bed: GovernanceBed) {
  const { parameters, governor, council, clock, staker } = bed;
  await clock.pass(1);
  await bed.unstakeAll();
  const changes = Object.entries(PERIODS).map(([parameter, value]) => ({ parameter, value }));
  await parameters.set(changes, operator);
  const [proposer, voter] = [await staker(100_000n * UNIT), await staker(50_000n * UNIT)];
  const propose = (more: object = {}, by: Principal = proposer): Promise<string> =>
    governor.propose({ title: 'More for jobs', text: 'They are work.', changes: [CHANGE], ...more }, by);
  const stateOf = async (id: string): Promise<string> => (await council.show(id, proposer)).state;
  const vote = (proposalId: string, by: Principal, said: object = { support: 'for' }) =>
    governor.castVote({ proposalId, ...said }, by);
  return { ...bed, proposer, voter, propose, stateOf, vote };
}

export function governanceSuite(bed: () => GovernanceBed): void {
  const life = () => lifeOf(bed());

  describe('a proposal that is sent again under its key', () => {
    it('is the same one, also for many at once; another content is a conflict, and keys are each wallet’s own', async () => {
      const { propose, voter, database } = await life();
      const key = { idempotencyKey: crypto.randomUUID() };
      const ids = await Promise.all(Array.from({ length: 8 }, () => propose(key)));
      expect(new Set(ids).size).toBe(1);
      expect(await propose(key)).toBe(ids[0]);
      expect(await database.prisma.proposal.count({ where: key })).toBe(1);
      await expect(propose({ ...key, title: 'Less for jobs' })).rejects.toThrow(refusal('conflict', /needs a new key/));
      expect(await propose(key, voter)).not.toBe(ids[0]);
      // Without a key each is a new one.
      expect(await propose()).not.toBe(await propose());
    });
  });

  describe('the lock for a vote', () => {
    it('reads no other’s ballot', async () => {
      const { propose, vote, voter, proposer, clock, database } = await life();
      const id = await propose();
      await clock.pass(10.001);
      await vote(id, proposer);
      await database.prisma.$transaction(async (tx) => {
        const { proposal, ...rest } = await lockToVote(tx, id);
        expect(proposal.countedMicro).toBeGreaterThan(0n);
        expect(rest).toMatchObject({ ballots: [] });
        const whole = await lockProposal(tx, id);
        expect(whole.ballots).toHaveLength(1);
        expect({ ...whole, ballots: [] }).toMatchObject({ proposal });
      });
      expect(await vote(id, voter)).toMatchObject({ power: '50000.00' });
    });
  });

  describe('a proposal’s life', () => {
    it('goes from pending to executed, and sets what it changes, once', async () => {
      const { propose, stateOf, vote, clock, governor, parameters, proposer, voter, council, database } = await life();
      const id = await propose();
      await clock.pass(10);
      expect(await stateOf(id)).toBe('pending');
      await expect(vote(id, voter)).rejects.toThrow(refusal('conflict', /voting begins after .*, and it is/));
      await clock.pass(0.001);
      expect(await vote(id, voter)).toMatchObject({ power: '50000.00', extended: false });
      await vote(id, proposer, { support: 'against', reason: 'On second thought' });
      expect(await stateOf(id)).toBe('active');
      await expect(governor.queue(id)).rejects.toThrow(refusal('conflict', /it is active, and voting ends at/));
      await clock.pass(99.999);
      expect(await stateOf(id)).toBe('active');
      await clock.pass(0.001);
      // 50,000 for and 100,000 against.
      expect(await stateOf(id)).toBe('defeated');
      await expect(governor.queue(id)).rejects.toThrow(refusal('conflict', /it did not pass/));

      const second = await propose();
      await clock.pass(10.001);
      await vote(second, proposer);
      await clock.pass(100);
      expect(await stateOf(second)).toBe('succeeded');
      await expect(governor.execute(second)).rejects.toThrow(
        refusal('conflict', /not queued; call queue_proposal first/),
      );
      await governor.queue(second);
      expect(await stateOf(second)).toBe('queued');
      await clock.pass(49.999);
      await expect(governor.execute(second)).rejects.toThrow(refusal('conflict', /waiting time lasts until/));
      await clock.pass(0.001);
      const { parametersVersion } = await governor.execute(second);
      const now = await parameters.current();
      expect(now).toMatchObject({ version: parametersVersion, setBy: second });
      expect(now.values['rewards.job_completed']).toBe(3_500_000n);
      await expect(governor.execute(second)).rejects.toThrow(
        refusal('conflict', /was executed, and that happens once/),
      );
      expect((await parameters.current()).version).toBe(parametersVersion);
      expect(await council.show(second, voter)).toMatchObject({
        state: 'executed',
        winner: 1,
        voted: false,
        power: '50000.00',
        changes: [{ choice: 1, parameter: 'rewards.job_completed', value: '3.5', now: '3.50' }],
        choices: [{ number: 1, text: 'for', score: '100000.00' }, { score: '0.00' }, { score: '0.00' }],
        quorum: { reached: true },
        timeline: { executedAt: clock.now().toISOString() },
      });
      const { rows } = await database.pool.query(
        `SELECT subject FROM chancellor.outbox WHERE payload #>> '{payload,proposalId}' = $1 ORDER BY created_at, id`,
        [second],
      );
      expect(rows.map(({ subject }) => subject.split('.').at(-1))).toEqual([
        'proposal_created',
        'vote_cast',
        'proposal_queued',
        'proposal_executed',
      ]);
    });

    it('expires when nobody executes it in time', async () => {
      const { propose, stateOf, vote, clock, governor, proposer } = await life();
      const id = await propose();
      await clock.pass(11);
      await vote(id, proposer);
      await clock.pass(100);
      await governor.queue(id);
      await clock.pass(50 + 1_000 - 0.001);
      expect(await stateOf(id)).toBe('queued');
      await clock.pass(0.001);
      expect(await stateOf(id)).toBe('expired');
      await expect(governor.execute(id)).rejects.toThrow(refusal('conflict', /its time to be executed is over/));
    });

    it('is decided by the parameters of its snapshot, whatever is set before or after', async () => {
      const { propose, stateOf, vote, clock, parameters, council, voter, proposer } = await life();
      const id = await propose();
      await clock.pass(5);
      await parameters.set(
        [
          { parameter: 'governance.quorum', value: '1' },
          { parameter: 'governance.voting_period', value: '40' },
        ],
        operator,
      );
      await clock.pass(6);
      await parameters.set(
        [
          { parameter: 'governance.quorum', value: '10000' },
          { parameter: 'governance.voting_period', value: '9000' },
        ],
        operator,
      );
      const shown = await council.show(id, proposer);
      expect(shown.votesUntil).toBe(new Date(Date.parse(shown.timeline.votesAfter) + 40_000).toISOString());
      await vote(id, voter);
      expect((await council.show(id, proposer)).votesUntil).toBe(shown.votesUntil);
      await clock.pass(40);
      expect(await stateOf(id)).toBe('succeeded');
    });

    it('is voted on for longer when the quorum is reached late, once', async () => {
      const { propose, vote, clock, staker, stateOf } = await life();
      const [small, large, other] = [await staker(UNIT), await staker(90_000_000n * UNIT), await staker(UNIT)];
      const id = await propose();
      await clock.pass(100);
      expect((await vote(id, small)).extended).toBe(false);
      await clock.pass(5);
      const { votesUntil, extended } = await vote(id, large);
      expect({ votesUntil, extended }).toEqual({
        votesUntil: new Date(clock.now().getTime() + 20_000).toISOString(),
        extended: true,
      });
      await clock.pass(15);
      expect((await vote(id, other)).votesUntil).toBe(votesUntil);
      await clock.pass(5);
      expect(await stateOf(id)).toBe('active');
      await clock.pass(0.001);
      expect(await stateOf(id)).toBe('succeeded');
    });

    it('fails without its quorum', async () => {
      const { propose, vote, clock, staker, council } = await life();
      const [small] = [await staker(UNIT), await staker(90_000_000n * UNIT)];
      const id = await propose();
      await clock.pass(11);
      await vote(id, small);
      await clock.pass(100);
      const { state, quorum } = await council.show(id, small);
      expect(state).toBe('defeated');
      expect(quorum).toMatchObject({ counted: '1.00', reached: false });
    });

    it('may be of text alone: it stands, and nothing is queued', async () => {
      const { propose, vote, clock, governor, voter, stateOf } = await life();
      const id = await propose({ changes: undefined });
      await clock.pass(11);
      await vote(id, voter);
      await clock.pass(100);
      expect(await stateOf(id)).toBe('succeeded');
      await expect(governor.queue(id)).rejects.toThrow(refusal('conflict', /changes no parameter/));
    });

    it('carries what its winning choice carries, by Copeland with a circle', async () => {
      const { propose, clock, governor, parameters, staker, vote, council } = await life();
      const voters = [
        await staker(3_000_000_000n * UNIT),
        await staker(2_000_000_000n * UNIT),
        await staker(2_000_000_000n * UNIT),
      ] as const;
      const id = await propose({
        voting: 'copeland',
        choices: ['A', 'B', 'C'],
        changes: [
          { parameter: 'rewards.job_completed', value: '10', choice: 1 },
          { parameter: 'rewards.job_completed', value: '20', choice: 2 },
        ],
      });
      await clock.pass(11);
      await expect(vote(id, voters[1], { choices: [2] })).rejects.toThrow(
        refusal('invalid_input', /ranks 1 of 3 choices/),
      );
      await vote(id, voters[0], { choices: [1, 2, 3] });
      await vote(id, voters[1], { choices: [2, 3, 1] });
      await vote(id, voters[2], { choices: [3, 1, 2] });
      await clock.pass(100);
      const { choices, winner } = await council.show(id, voters[0]);
      expect(winner).toBe(1);
      expect(choices.map(({ score, support }) => [score, support])).toEqual([
        ['1', '8000000000.00'],
        ['1', '7000000000.00'],
        ['1', '6000000000.00'],
      ]);
      await governor.queue(id);
      await clock.pass(50);
      await governor.execute(id);
      expect((await parameters.current()).values['rewards.job_completed']).toBe(10n * UNIT);
    });
  });

  describe('a proposal is refused', () => {
    it.each([
      ['without a title', { title: undefined }, /has a title and a text/],
      [
        'for a parameter that is not there',
        { changes: [{ parameter: 'rewards.nothing', value: '1' }] },
        /no such parameter/,
      ],
      ['out of bounds', { changes: [{ ...CHANGE, value: '10001' }] }, /outside its bounds/],
      ['with choices in a basic vote', { choices: ['a', 'b'] }, /leave choices out/],
      ['without choices in another', { voting: 'ranked' }, /voting as ranked needs choices/],
      ['with a choice twice', { voting: 'single', choices: ['a', 'a'], changes: [] }, /choice "a" is there twice/],
      ['with a change that no choice carries', { voting: 'single', choices: ['a', 'b'] }, /say by choice/],
      [
        'with a change of a choice that is not there',
        { voting: 'single', choices: ['a', 'b'], changes: [{ ...CHANGE, choice: 3 }] },
        /names choice 3, and there are 2/,
      ],
      ['with a parameter twice in one choice', { changes: [CHANGE, CHANGE] }, /named twice/],
      ['with a character that cannot be kept', { text: 'a\0b' }, /NUL/],
    ])('%s', async (_what, more, why) => {
      const { propose } = await life();
      await expect(propose(more)).rejects.toThrow(refusal('invalid_input', why));
    });

    it('of a wallet with too little power, or with too many open ones', async () => {
      const { propose, staker, clock, parameters } = await life();
      const poor = await staker(100n * UNIT - 1n);
      await expect(propose({}, poor)).rejects.toThrow(
        refusal('forbidden', /power of 99\.999999, and a proposal needs 100\.00/),
      );
      const busy = await staker(100n * UNIT);
      const made = await Promise.allSettled(Array.from({ length: 6 }, () => propose({}, busy)));
      expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
      await expect(propose({}, busy)).rejects.toThrow(refusal('conflict', /you have 3 proposals/));
      await clock.pass(111);
      await propose({}, busy);
      expect((await parameters.current()).values['governance.open_proposals']).toBe(3n);
    });
  });

  describe('a vote is refused', () => {
    it('outside the window, twice, without power, on unknown choices, on what is not there', async () => {
      const { propose, vote, clock, staker, voter, stake, proposer, governor } = await life();
      const late = await staker(0n);
      const id = await propose();
      await clock.pass(10.5);
      await stake(late.walletId, 500n * UNIT);
      await expect(vote(id, late)).rejects.toThrow(refusal('forbidden', /had no voting power/));
      await expect(vote(id, voter, { choice: 1 })).rejects.toThrow(
        refusal('invalid_input', /say support: for, against or abstain/),
      );
      await vote(id, voter);
      await expect(vote(id, voter, { support: 'against' })).rejects.toThrow(
        refusal('conflict', /has voted, and a vote stays/),
      );
      await expect(vote('prop_00000000-0000-7000-8000-000000000000', voter)).rejects.toThrow(
        refusal('not_found', /no such proposal/),
      );
      await clock.pass(100);
      await expect(vote(id, proposer)).rejects.toThrow(refusal('conflict', /voting ended at/));
      const poll = await propose({ voting: 'single', choices: ['a', 'b'], changes: [] });
      await clock.pass(11);
      await expect(vote(poll, voter, { choice: 3 })).rejects.toThrow(refusal('invalid_input', /no choice 3/));
      await governor.cancel(poll, operator);
      await expect(vote(poll, voter, { choice: 1 })).rejects.toThrow(refusal('conflict', /was canceled/));
    });
  });

  describe('cancelling', () => {
    it('is the proposer’s while it is pending, everybody’s once the proposer’s power is gone, the operator’s until the end', async () => {
      const { propose, vote, clock, governor, voter, stake, staker, stateOf } = await life();
      const mine = await staker(100n * UNIT);
      const first = await propose({}, mine);
      await expect(governor.cancel(first, voter)).rejects.toThrow(
        refusal('forbidden', /Its proposer may while it is pending/),
      );
      await governor.cancel(first, mine);
      expect(await stateOf(first)).toBe('canceled');
      await expect(governor.cancel(first, operator)).rejects.toThrow(
        refusal('conflict', /it is canceled, and that is final/),
      );

      const second = await propose({}, mine);
      await clock.pass(11);
      await vote(second, voter);
      await expect(governor.cancel(second, mine)).rejects.toThrow(refusal('forbidden', /it is active/));
      await stake(mine.walletId, -1n);
      await governor.cancel(second, voter);
      expect(await stateOf(second)).toBe('canceled');

      const third = await propose();
      await clock.pass(11);
      await vote(third, voter);
      await clock.pass(100);
      await governor.queue(third);
      await governor.cancel(third, operator);
      await clock.pass(50);
      await expect(governor.execute(third)).rejects.toThrow(refusal('conflict', /it was canceled/));
    });
  });

  it('lists proposals by state and proposer, page by page', async () => {
    const { propose, staker, clock, council, governor } = await life();
    const mine = await staker(100n * UNIT);
    const ids = [await propose({}, mine), await propose({}, mine), await propose({}, mine)];
    await governor.cancel(ids[1] ?? '', mine);
    const of = { proposer: mine.walletId, limit: 2 };
    const first = await council.list(of);
    expect(first.proposals.map(({ proposalId }) => proposalId)).toEqual([ids[2], ids[1]]);
    const second = await council.list({ ...of, cursor: first.nextCursor });
    expect(second.proposals.map(({ proposalId }) => proposalId)).toEqual([ids[0]]);
    expect(second.nextCursor).toBeUndefined();
    await clock.pass(11);
    const active = await council.list({ ...of, states: ['active'] });
    expect(active.proposals.map(({ proposalId }) => proposalId)).toEqual([ids[2], ids[0]]);
  });
}
