// Which ballots count, and why others do not.
import { VOTING_SYSTEMS } from '@labmesh/contracts';
import { describe, expect, it } from 'vitest';
import { readBallot } from './ballot.js';

describe('readBallot', () => {
  it.each([
    ['basic', { support: 'against' }, [1]],
    ['single', { choice: 3 }, [2]],
    ['approval', { choices: [3, 1] }, [0, 2]],
    ['weighted', { weights: [20, 0, 60] }, [1, 0, 3]],
    ['quadratic', { weights: [0, 0, 7] }, [0, 0, 1]],
    ['ranked', { choices: [2, 3, 1] }, [1, 2, 0]],
    ['copeland', { choices: [3, 2, 1] }, [2, 1, 0]],
  ] as const)('keeps a ballot of %s', (system, said, kept) => {
    expect(readBallot(system, 3, said)).toEqual(kept);
  });

  it.each([
    ['single', { choice: 4 }, /no choice 4; choices have the numbers 1 to 3/],
    ['approval', { choices: [] }, /names no choice/],
    ['approval', { choices: [1, 9] }, /no choice 9/],
    ['approval', { choices: [1, 1] }, /names choice 1 twice/],
    ['weighted', { weights: [1, 2] }, /2 weights, and there are 3 choices/],
    ['quadratic', { weights: [0, 0, 0] }, /all its weights are 0/],
    ['ranked', { choices: [1, 2] }, /ranks 2 of 3 choices/],
    ['ranked', { choices: [1, 2, 2] }, /names choice 2 twice/],
    ['copeland', { choices: [2] }, /ranks 1 of 3 choices/],
    ['copeland', { choices: [0, 1, 2] }, /no choice 0/],
  ] as const)('refuses a ballot of %s that is not whole: %j', (system, said, why) => {
    expect(() => readBallot(system, 3, said)).toThrow(
      expect.objectContaining({ code: 'invalid_input', message: expect.stringMatching(why) as string }),
    );
  });

  it.each(VOTING_SYSTEMS)('refuses a ballot of another system than %s, two at once and none', (system) => {
    const wrong = system === 'basic' ? { choice: 1 } : { support: 'for' as const };
    for (const said of [wrong, {}, { support: 'for' as const, choice: 1 }]) {
      expect(() => readBallot(system, 3, said)).toThrow(
        expect.objectContaining({
          code: 'invalid_input',
          message: expect.stringMatching(`as ${system}: say`) as string,
        }),
      );
    }
  });
});
