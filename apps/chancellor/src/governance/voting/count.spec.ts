// What wins in each voting system: cases by hand, and laws that hold for all ballots.
import { VOTING_SYSTEMS, type VotingSystem } from '@labmesh/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countBallots, winnerOf } from './count.js';
import type { Ballots, Count } from './ranking.js';

const votes = (...pairs: ReadonlyArray<readonly [bigint, readonly number[]]>): Ballots[] =>
  pairs.map(([powerMicro, ballot]) => ({ powerMicro, ballot, voters: 1n }));
const values = ({ scores }: Count): string[] => scores.map(({ value: { above, below } }) => `${above}/${below}`);

/** Every order of these. */
const orders = <T>(items: readonly T[]): T[][] =>
  items.length < 2
    ? [[...items]]
    : items.flatMap((item, at) => orders(items.filter((_, index) => index !== at)).map((rest) => [item, ...rest]));

const ORDERED: readonly VotingSystem[] = ['ranked', 'copeland'];

function ballotOf(system: VotingSystem, choices: number): fc.Arbitrary<number[]> {
  const all = Array.from({ length: choices }, (_, index) => index);
  if (system === 'basic' || system === 'single') return fc.nat(choices - 1).map((choice) => [choice]);
  if (system === 'approval') return fc.subarray(all, { minLength: 1 });
  if (ORDERED.includes(system)) return fc.shuffledSubarray(all, { minLength: choices, maxLength: choices });
  return fc
    .array(fc.nat(4), { minLength: choices, maxLength: choices })
    .filter((weights) => weights.some((w) => w > 0));
}

const election = fc
  .record({ system: fc.constantFrom(...VOTING_SYSTEMS), choices: fc.integer({ min: 2, max: 5 }) })
  .map(({ system, choices }) => ({ system, choices: system === 'basic' ? 3 : choices }))
  .chain(({ system, choices }) =>
    fc.record({
      system: fc.constant(system),
      choices: fc.constant(choices),
      ballots: fc.array(
        fc.record({
          ballot: ballotOf(system, choices),
          // Few different powers, so that there are many ties.
          powerMicro: fc.bigInt({ min: 1n, max: 4n }),
          voters: fc.bigInt({ min: 1n, max: 3n }),
        }),
        { maxLength: 8 },
      ),
      order: fc.shuffledSubarray(
        Array.from({ length: choices }, (_, index) => index),
        { minLength: choices, maxLength: choices },
      ),
    }),
  );

/** The same ballot where choice n is called order[n]. */
function renamed(system: VotingSystem, ballot: readonly number[], order: readonly number[]): number[] {
  if (system === 'weighted' || system === 'quadratic') return order.map((_, at) => ballot[order.indexOf(at)] ?? 0);
  const called = ballot.map((choice) => order[choice] ?? 0);
  return ORDERED.includes(system) ? called : called.toSorted((a, b) => a - b);
}

const sets = (ranking: Count['ranking']): number[][] => ranking.map((group) => group.toSorted((a, b) => a - b));

describe('countBallots', () => {
  it('adds power up: for, against, abstain', () => {
    const count = countBallots('basic', 3, votes([5n, [0]], [3n, [1]], [9n, [2]], [1n, [0]]));
    expect(values(count)).toEqual(['6/1', '3/1', '9/1']);
  });

  it('gives an approval the whole power for each choice that it names', () => {
    const count = countBallots('approval', 3, votes([2n, [0, 1]], [3n, [1, 2]]));
    expect(values(count)).toEqual(['2/1', '5/1', '3/1']);
    expect(winnerOf(count)).toBe(1);
  });

  it('shares power out by weight, in thirds too', () => {
    const count = countBallots('weighted', 2, votes([1n, [1, 2]], [1n, [1, 2]], [1n, [1, 2]]));
    expect(values(count)).toEqual(['1/1', '2/1']);
    expect(values(countBallots('weighted', 3, votes([10n, [1, 1, 1]])))).toEqual(['10/3', '10/3', '10/3']);
  });

  it('lets many with little weigh more than one with much, in the quadratic system', () => {
    const count = countBallots(
      'quadratic',
      2,
      votes([9n, [1, 0]], [1n, [0, 1]], [1n, [0, 1]], [1n, [0, 1]], [1n, [0, 1]]),
    );
    expect(values(count)).toEqual(['9/1', '16/1']);
    expect(winnerOf(count)).toBe(1);
  });

  it('finds roots equal that are written in different ways: √8 is √2 + √2, and nothing wins', () => {
    const equal = countBallots('quadratic', 2, votes([8n, [1, 0]], [2n, [0, 1]], [2n, [0, 1]]));
    expect(equal.ranking).toEqual([[0, 1]]);
    expect(winnerOf(equal)).toBeUndefined();
    // 10^18 + 1 against 10^18: the tenth digit after the point of the root tells them apart.
    const near = countBallots('quadratic', 2, votes([10n ** 18n, [1, 0]], [10n ** 18n + 1n, [0, 1]]));
    expect(winnerOf(near)).toBe(1);
  });

  it('moves the ballots of the weakest on, in the instant run-off', () => {
    // The weakest, 2, goes; its ballots go to 1, which then beats 0, the first of the first round.
    const count = countBallots('ranked', 3, votes([4n, [0, 1, 2]], [3n, [1, 2, 0]], [2n, [2, 1, 0]]));
    expect(count.ranking).toEqual([[1], [0], [2]]);
    expect(values(count)).toEqual(['4/1', '5/1', '2/1']);
  });

  it('lets the weakest that nothing tells apart go together, and nothing win where all are equal', () => {
    const count = countBallots('ranked', 3, votes([3n, [0, 1, 2]], [2n, [1, 0, 2]], [2n, [2, 0, 1]]));
    expect(winnerOf(count)).toBe(0);
    expect(countBallots('ranked', 2, votes([1n, [0, 1]], [1n, [1, 0]])).ranking).toEqual([[0, 1]]);
  });

  it('decides a circle of duels by support, in every order of the choices', () => {
    const [A, B, C] = ['A', 'B', 'C'] as const;
    for (const order of orders([A, B, C])) {
      const say = (...names: string[]): number[] => names.map((name) => order.indexOf(name as 'A'));
      const count = countBallots('copeland', 3, votes([3n, say(A, B, C)], [2n, say(B, C, A)], [2n, say(C, A, B)]));
      const scoreOf = (name: 'A' | 'B' | 'C') => count.scores[order.indexOf(name)];
      expect([A, B, C].map((name) => scoreOf(name)?.value)).toEqual(Array(3).fill({ above: 1n, below: 1n }));
      expect([A, B, C].map((name) => scoreOf(name)?.supportMicro)).toEqual([8n, 7n, 6n]);
      expect(count.ranking.map((group) => group.map((choice) => order[choice]))).toEqual([[A], [B], [C]]);
    }
  });

  it('has no winner without a ballot', () => {
    for (const system of VOTING_SYSTEMS) {
      const count = countBallots(system, 3, []);
      expect(count.ranking).toEqual([[0, 1, 2]]);
      expect(winnerOf(count)).toBeUndefined();
    }
  });
});

describe('every count', () => {
  it('ranks each choice once', () => {
    fc.assert(
      fc.property(election, ({ system, choices, ballots }) => {
        const { ranking, scores } = countBallots(system, choices, ballots);
        expect(ranking.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: choices }, (_, index) => index));
        expect(scores).toHaveLength(choices);
      }),
    );
  });

  it('is the same whatever the order of the choices', () => {
    fc.assert(
      fc.property(election, ({ system, choices, ballots, order }) => {
        const before = countBallots(system, choices, ballots);
        const after = countBallots(
          system,
          choices,
          ballots.map((vote) => ({ ...vote, ballot: renamed(system, vote.ballot, order) })),
        );
        expect(sets(after.ranking)).toEqual(sets(before.ranking.map((group) => group.map((at) => order[at] ?? -1))));
        expect(order.map((at) => after.scores[at])).toEqual(before.scores);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same whatever the order of the ballots, and however they are gathered', () => {
    fc.assert(
      fc.property(election, ({ system, choices, ballots }) => {
        const apart = ballots.flatMap((vote) => Array<Ballots>(Number(vote.voters)).fill({ ...vote, voters: 1n }));
        const before = countBallots(system, choices, ballots);
        const after = countBallots(system, choices, apart.toReversed());
        expect(sets(after.ranking)).toEqual(sets(before.ranking));
        expect(after.scores).toEqual(before.scores);
      }),
      { numRuns: 500 },
    );
  });

  it('has the same winners when all power is larger by the same', () => {
    fc.assert(
      fc.property(election, fc.bigInt({ min: 2n, max: 10n ** 12n }), ({ system, choices, ballots }, times) => {
        const larger = ballots.map((vote) => ({ ...vote, powerMicro: vote.powerMicro * times }));
        expect(sets(countBallots(system, choices, larger).ranking)).toEqual(
          sets(countBallots(system, choices, ballots).ranking),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('lets nobody lose by one more ballot that puts it first alone, where counting is by sums or duels', () => {
    fc.assert(
      fc.property(
        election.filter(({ system }) => system !== 'ranked'),
        fc.bigInt({ min: 1n, max: 5n }),
        ({ system, choices, ballots }, powerMicro) => {
          const best = winnerOf(countBallots(system, choices, ballots));
          if (best === undefined) return;
          const others = Array.from({ length: choices }, (_, index) => index).filter((choice) => choice !== best);
          const weights = Array.from({ length: choices }, (_, index) => (index === best ? 1 : 0));
          const single = system === 'weighted' || system === 'quadratic' ? weights : [best];
          const more = { ballot: system === 'copeland' ? [best, ...others] : single, powerMicro, voters: 1n };
          expect(winnerOf(countBallots(system, choices, [...ballots, more]))).toBe(best);
        },
      ),
    );
  });

  it('gives whom more than half put first the whole election, by run-off and by duels', () => {
    fc.assert(
      fc.property(election, ({ choices, ballots, system }) => {
        if (!ORDERED.includes(system)) return;
        const power = (some: readonly Ballots[]) => some.reduce((sum, b) => sum + b.powerMicro * b.voters, 0n);
        const liked = Array.from({ length: choices }, (_, index) => index).find(
          (choice) => 2n * power(ballots.filter(({ ballot }) => ballot[0] === choice)) > power(ballots),
        );
        if (liked === undefined) return;
        expect(winnerOf(countBallots('ranked', choices, ballots))).toBe(liked);
        expect(winnerOf(countBallots('copeland', choices, ballots))).toBe(liked);
      }),
      { numRuns: 500 },
    );
  });
});
