// The states of a proposal at every boundary of its times, and what passes.
import type { ProposalState } from '@labmesh/contracts';
import { describe, expect, it } from 'vitest';
import { INITIAL_VALUES } from '../parameters/parameter-registry.js';
import { countsForQuorum, type Proposal, quorumOf, stateAt, type Timeline, verdictOf } from './proposal.js';

const at = (second: number): Date => new Date(1_000_000 + second * 1_000);
const made = {
  snapshotAt: at(10),
  deadlineAt: at(20),
  canceledAt: null,
  queuedAt: null,
  executableAt: null,
  expiresAt: null,
  executedAt: null,
};
const queued = { ...made, queuedAt: at(25), executableAt: at(30), expiresAt: at(40) };

describe('stateAt', () => {
  it.each<[string, Timeline, number, boolean, ProposalState]>([
    ['made', made, 0, false, 'pending'],
    ['one second before the snapshot', made, 9, false, 'pending'],
    ['at the snapshot', made, 10, false, 'pending'],
    ['a millisecond after the snapshot', made, 10.001, false, 'active'],
    ['one second after the snapshot', made, 11, false, 'active'],
    ['one second before the deadline', made, 19, true, 'active'],
    ['at the deadline', made, 20, true, 'active'],
    ['a millisecond after the deadline, passed', made, 20.001, true, 'succeeded'],
    ['a millisecond after the deadline, not passed', made, 20.001, false, 'defeated'],
    ['one second after the deadline', made, 21, true, 'succeeded'],
    ['years later, never queued', made, 1e8, true, 'succeeded'],
    ['when queued', queued, 25, true, 'queued'],
    ['one second before it may be executed', queued, 29, true, 'queued'],
    ['when it may be executed', queued, 30, true, 'queued'],
    ['one second before it expires', queued, 39, true, 'queued'],
    ['a millisecond before it expires', queued, 39.999, true, 'queued'],
    ['when it expires', queued, 40, true, 'expired'],
    ['one second after it has expired', queued, 41, true, 'expired'],
    ['executed', { ...queued, executedAt: at(35) }, 36, true, 'executed'],
    ['executed, after it would have expired', { ...queued, executedAt: at(35) }, 50, true, 'executed'],
    ['canceled while pending', { ...made, canceledAt: at(5) }, 6, false, 'canceled'],
    ['canceled while active', { ...made, canceledAt: at(15) }, 30, true, 'canceled'],
    ['canceled while queued', { ...queued, canceledAt: at(26) }, 50, true, 'canceled'],
  ])('%s', (_when, timeline, second, passed, state) => {
    expect(stateAt(at(second), timeline, () => passed)).toBe(state);
  });
});

describe('verdictOf', () => {
  const basic = (
    approval: bigint,
    quorumMicro: bigint,
    [inFavour, against, abstain]: readonly [bigint, bigint, bigint],
  ) => {
    const votes = [inFavour, against, abstain].flatMap((powerMicro, choice) =>
      powerMicro > 0n ? [{ ballot: [choice], powerMicro, voters: 1n }] : [],
    );
    const countedMicro = votes.reduce((sum, v) => sum + countsForQuorum('basic', v.ballot, v.powerMicro), 0n);
    const values = { ...INITIAL_VALUES, 'governance.approval': approval };
    const terms = { version: 1, setAt: null, setBy: null, values };
    const choices = ['for', 'against', 'abstain'];
    const proposal = { ...made, voting: 'basic', choices, terms, quorumMicro, countedMicro } as unknown as Proposal;
    return verdictOf({ proposal, ballots: votes, now: at(21) });
  };

  it.each([
    ['more for than against', 5_000n, 10n, [11n, 10n, 0n], 'succeeded', 0],
    ['as much for as against', 5_000n, 1n, [10n, 10n, 5n], 'defeated', undefined],
    ['less for than against', 5_000n, 1n, [10n, 11n, 0n], 'defeated', 1],
    ['abstentions fill the quorum', 5_000n, 100n, [1n, 0n, 99n], 'succeeded', 0],
    ['votes against do not', 5_000n, 100n, [60n, 40n, 39n], 'defeated', 0],
    ['just the quorum', 5_000n, 100n, [60n, 40n, 40n], 'succeeded', 0],
    ['just two thirds where more than two thirds are needed', 6_667n, 1n, [6_667n, 3_333n, 0n], 'defeated', undefined],
    ['more than that', 6_667n, 1n, [6_668n, 3_332n, 0n], 'succeeded', 0],
    ['nobody voted, and nothing was staked', 5_000n, 0n, [0n, 0n, 0n], 'defeated', undefined],
  ] as const)('%s', (_what, approval, quorum, votes, state, winner) => {
    const verdict = basic(approval, quorum, votes);
    expect(verdict.state).toBe(state);
    expect(verdict.winner).toBe(winner);
  });
});

it('the quorum is rounded up', () => {
  expect([quorumOf(0n, 400n), quorumOf(1n, 400n), quorumOf(100n, 400n), quorumOf(101n, 400n)]).toEqual([
    0n,
    1n,
    4n,
    5n,
  ]);
});
