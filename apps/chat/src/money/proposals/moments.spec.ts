// A proposal's life: which moment is now, and what is still to come.
import { expect, it } from 'vitest';
import { momentsOf } from './moments.js';
import type { Proposal, State } from './proposal.js';

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 28, 12, minute)).toISOString();

function proposal(state: State, more: Partial<Proposal['timeline']> = {}, changes = 1): Proposal {
  return {
    proposalId: 'prop_1',
    title: '',
    text: '',
    state,
    voting: 'basic',
    proposer: 'wal_1',
    createdAt: at(0),
    votesUntil: at(20),
    choices: [],
    winner: null,
    changes: Array.from({ length: changes }, () => ({
      choice: 1,
      parameter: 'a.b',
      value: '1',
      now: '2',
      meaning: '',
    })),
    quorum: { needed: null, counted: '0', reached: false },
    voters: 0,
    power: null,
    voted: false,
    timeline: {
      votesAfter: at(10),
      extended: false,
      queuedAt: null,
      executableFrom: null,
      expiresAt: null,
      executedAt: null,
      canceledAt: null,
      ...more,
    },
  };
}

const told = (of: Proposal, minute: number): string[] =>
  momentsOf(of, Date.parse(at(minute))).map(({ name, when }) => `${when === 'now' ? '*' : ''}${name}`);

it('goes from the proposal to the execution', () => {
  const way = ['Queued', 'May be executed', 'Expires'];
  const begun = ['Proposed', 'Snapshot, voting begins'];
  expect(told(proposal('pending'), 5)).toEqual(['Proposed', '*Snapshot, voting begins', 'Voting ends', ...way]);
  expect(told(proposal('active'), 15)).toEqual([...begun, '*Voting ends', ...way]);
  expect(told(proposal('succeeded'), 25)).toEqual([...begun, 'Voting ends', '*Queued', 'May be executed', 'Expires']);
  const queued = { queuedAt: at(26), executableFrom: at(30), expiresAt: at(50) };
  expect(told(proposal('queued', queued), 27)).toEqual([
    ...begun,
    'Voting ends',
    'Queued',
    '*May be executed',
    'Expires',
  ]);
  expect(told(proposal('executed', { ...queued, executedAt: at(31) }), 40)).toEqual([
    ...begun,
    'Voting ends',
    'Queued',
    'May be executed',
    '*Executed',
  ]);
  expect(told(proposal('expired', queued), 55).at(-1)).toBe('*Expired');
});

it('ends where it was defeated or canceled, and knows no queue for a text', () => {
  expect(told(proposal('defeated'), 25).at(-1)).toBe('*Defeated');
  expect(told(proposal('canceled', { canceledAt: at(5) }), 25)).toEqual(['Proposed', '*Canceled']);
  expect(told(proposal('canceled', { canceledAt: at(15) }), 25)).toEqual([
    'Proposed',
    'Snapshot, voting began',
    '*Canceled',
  ]);
  expect(told(proposal('succeeded', {}, 0), 25).slice(2)).toEqual(['Voting ends', '*Succeeded']);
});
