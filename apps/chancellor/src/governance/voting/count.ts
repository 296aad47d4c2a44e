// Counts the ballots of a proposal in each voting system, exactly. No result depends on the order of the choices or of the ballots.
import type { VotingSystem } from '@labmesh/contracts';
import { copelandCount } from './copeland.js';
import { compared, type Fraction, fraction, plus, whole, ZERO } from './fraction.js';
import { type Ballots, type Count, indices, ranked } from './ranking.js';
import { comparedRoots, type Root, squareOfSum } from './roots.js';
import { runoffCount } from './runoff.js';

/** Counts. Ballots are whole: `readBallot` made them for so many choices. */
export function countBallots(system: VotingSystem, choiceCount: number, ballots: readonly Ballots[]): Count {
  switch (system) {
    case 'basic':
    case 'single':
    case 'approval':
      return byScore(sums(choiceCount, ballots, (chosen, choice) => (chosen.includes(choice) ? whole(1n) : ZERO)));
    case 'weighted':
      return byScore(sums(choiceCount, ballots, shareOf));
    case 'quadratic':
      return quadraticCount(choiceCount, ballots);
    case 'ranked':
      return runoffCount(choiceCount, ballots);
    case 'copeland':
      return copelandCount(choiceCount, ballots);
  }
}

/** What wins: the best, if it is alone and somebody wants it. Of equals nothing wins. */
export function winnerOf({ scores, ranking }: Count): number | undefined {
  const [best, ...others] = ranking[0] ?? [];
  if (best === undefined || others.length > 0) return undefined;
  return (scores[best]?.value.above ?? 0n) > 0n ? best : undefined;
}

function byScore(scores: readonly Fraction[]): Count {
  const of = (choice: number): Fraction => scores[choice] ?? ZERO;
  return {
    scores: scores.map((value) => ({ value })),
    ranking: ranked(indices(scores.length), (a, b) => compared(of(a), of(b))),
  };
}

function shareOf(weights: readonly number[], choice: number): Fraction {
  const sum = weights.reduce((total, weight) => total + BigInt(weight), 0n);
  return fraction(BigInt(weights[choice] ?? 0), sum);
}

function sums(
  choiceCount: number,
  ballots: readonly Ballots[],
  part: (ballot: readonly number[], choice: number) => Fraction,
): Fraction[] {
  return indices(choiceCount).map((choice) =>
    ballots.reduce((sum, { ballot, powerMicro, voters }) => {
      const { above, below } = part(ballot, choice);
      return above === 0n ? sum : plus(sum, fraction(above * powerMicro * voters, below));
    }, ZERO),
  );
}

/**
 * Each voter's power is shared out by weight; a choice has the square of the sum of the roots of its shares, so that many with little
 * weigh more than one with much (Buterin, Hitzig, Weyl: A Flexible Design for Funding Public Goods, 2019; Snapshot counts so too).
 */
function quadraticCount(choiceCount: number, ballots: readonly Ballots[]): Count {
  const roots = indices(choiceCount).map((choice) =>
    ballots.flatMap(({ ballot, powerMicro, voters }): Root[] => {
      const { above, below } = shareOf(ballot, choice);
      // The root of a/b is the root of ab, divided by b.
      return above === 0n ? [] : [{ factor: fraction(voters, below), of: powerMicro * above * below }];
    }),
  );
  const of = (choice: number): readonly Root[] => roots[choice] ?? [];
  return {
    scores: roots.map((sum) => ({ value: whole(squareOfSum(sum)), rounded: true })),
    ranking: ranked(indices(choiceCount), (a, b) => comparedRoots(of(a), of(b))),
  };
}
