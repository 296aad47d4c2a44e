// Votes and changes as people type them: what they mean, and what is refused before the lab is asked.
import { VOTING_SYSTEMS } from '@labmesh/contracts';
import { describe, expect, it } from 'vitest';
import { ballotOf } from './ballot.js';
import { changeOf } from './changes.js';

describe('a ballot', () => {
  it.each([
    ['basic', 'abstain', { support: 'abstain' }],
    ['single', '2', { choice: 2 }],
    ['approval', '3,1', { choices: [3, 1] }],
    ['approval', '2', { choices: [2] }],
    ['ranked', '2, 1,3', { choices: [2, 1, 3] }],
    ['copeland', '1,2', { choices: [1, 2] }],
    ['weighted', '60,0,40', { weights: [60, 0, 40] }],
    ['quadratic', '1', { weights: [1] }],
  ] as const)('%s: %s', (voting, said, means) => {
    expect(ballotOf(voting, said)).toEqual(means);
  });

  it.each([
    ['basic', '1'],
    ['basic', 'yes'],
    ['basic', 'FOR'],
    ['single', 'for'],
    ['single', '1,2'],
    ['single', '-1'],
    ['approval', ''],
    ['ranked', '1,,2'],
    ['ranked', '1;2'],
    ['weighted', '0.5,0.5'],
    ['quadratic', '1e3'],
    ['quadratic', '9999999999'],
  ] as const)('%s: “%s” is refused with how one votes', (voting, said) => {
    expect(() => ballotOf(voting, said)).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        message: expect.stringMatching(/Cannot vote with .*on this proposal a vote is/),
      }),
    );
  });

  it('of no system takes an empty word', () => {
    for (const voting of VOTING_SYSTEMS) expect(() => ballotOf(voting, ' ')).toThrow(/Cannot vote/);
  });
});

describe('a change', () => {
  it('is a parameter and its value, with the choice that carries it where there is one', () => {
    expect(changeOf('governance.quorum=500')).toEqual([{ parameter: 'governance.quorum', value: '500' }]);
    expect(changeOf('2:rewards.rate=0.5', changeOf('a.b=1'))).toEqual([
      { parameter: 'a.b', value: '1' },
      { parameter: 'rewards.rate', value: '0.5', choice: 2 },
    ]);
  });

  it.each(['', 'quorum', '=5', 'governance.quorum=', 'x:governance.quorum=5', 'governance quorum=5', 'a.b=1 2'])(
    '“%s” is refused',
    (text) => {
      expect(() => changeOf(text)).toThrow(/parameter=value/);
    },
  );
});
