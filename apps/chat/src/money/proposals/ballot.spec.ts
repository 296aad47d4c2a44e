// Ballots say to the lab what was filled in, and lack nothing that the voting system needs.
import { expect, it } from 'vitest';
import { type Ballot, emptyBallot, moved, saidBy } from './ballot.js';
import type { Voting } from './proposal.js';

const ballot = (filled: Partial<Ballot>): Ballot => ({ ...emptyBallot([1, 2, 3]), ...filled });

it.each<[Voting, Partial<Ballot>, object]>([
  ['basic', { support: 'abstain' }, { support: 'abstain' }],
  ['single', { chosen: [2] }, { choice: 2 }],
  ['approval', { chosen: [3, 1] }, { choices: [3, 1] }],
  ['weighted', { weights: ['0', '100', ' 7'] }, { weights: [0, 100, 7] }],
  ['quadratic', { weights: ['1', '1', '1'] }, { weights: [1, 1, 1] }],
  ['ranked', { order: [2, 3, 1] }, { choices: [2, 3, 1] }],
  ['copeland', {}, { choices: [1, 2, 3] }],
])('%s says %j as %j', (voting, filled, input) => {
  expect(saidBy(voting, ballot(filled))).toEqual({ input });
});

it.each<[Voting, Partial<Ballot>]>([
  ['basic', {}],
  ['single', {}],
  ['approval', {}],
  ['weighted', {}],
  ['weighted', { weights: ['1', '101', '0'] }],
  ['quadratic', { weights: ['1.5', '0', '0'] }],
  ['quadratic', { weights: ['', '1', '0'] }],
])('%s lacks something with %j', (voting, filled) => {
  expect(saidBy(voting, ballot(filled))).toEqual({ problem: expect.stringMatching(/\w/) });
});

it('moves a choice by one place, and not past the ends', () => {
  expect(moved([1, 2, 3], 3, -1)).toEqual([1, 3, 2]);
  expect(moved([1, 2, 3], 1, 1)).toEqual([2, 1, 3]);
  expect(moved([1, 2, 3], 1, -1)).toEqual([1, 2, 3]);
  expect(moved([1, 2, 3], 3, 1)).toEqual([1, 2, 3]);
});
