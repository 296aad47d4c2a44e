// Ranked choice by instant run-off: the weakest choice goes, its ballots move on, until one has more than half. Ballots rank all choices.
import { preferences, supports } from './copeland.js';
import { signOf, whole } from './fraction.js';
import { type Ballots, type Count, indices, ranked } from './ranking.js';

/** First preferences among those that are still in, by choice, micro-$webxos. */
type Round = ReadonlyMap<number, bigint>;

/**
 * Who goes is who has the fewest first preferences. Of equals, who had fewer in the round before, and so on back to the first; then
 * who has less support (the power that prefers it, summed over its duels). Whom nothing tells apart go together; when they are all
 * that is left, they are equal at the top and nothing wins. A choice's score is what it had in its last round.
 */
export function runoffCount(choiceCount: number, ballots: readonly Ballots[]): Count {
  const support = supports(preferences(choiceCount, ballots));
  const rounds: Round[] = [];
  const worstFirst: number[][] = [];
  const last = new Map<number, bigint>();
  let left = indices(choiceCount);
  while (left.length > 0) {
    const round = firstPreferences(left, ballots);
    rounds.unshift(round);
    for (const [choice, power] of round) last.set(choice, power);
    const groups = ranked(left, (a, b) => againstBack(rounds, a, b) || signOf((support[a] ?? 0n) - (support[b] ?? 0n)));
    const [best] = groups[0] ?? [];
    const all = left.reduce((sum, choice) => sum + (round.get(choice) ?? 0n), 0n);
    if (best !== undefined && 2n * (round.get(best) ?? 0n) > all) {
      worstFirst.push(...groups.toReversed());
      break;
    }
    const weakest = groups.at(-1) ?? left;
    worstFirst.push(weakest);
    left = left.filter((choice) => !weakest.includes(choice));
  }
  return {
    scores: indices(choiceCount).map((choice) => ({ value: whole(last.get(choice) ?? 0n) })),
    ranking: worstFirst.toReversed(),
  };
}

function firstPreferences(left: readonly number[], ballots: readonly Ballots[]): Round {
  const round = new Map(left.map((choice) => [choice, 0n]));
  for (const { ballot, powerMicro, voters } of ballots) {
    const first = ballot.find((choice) => round.has(choice));
    if (first !== undefined) round.set(first, (round.get(first) ?? 0n) + powerMicro * voters);
  }
  return round;
}

/** By the newest of the rounds that tells them apart. */
function againstBack(rounds: readonly Round[], a: number, b: number): number {
  for (const round of rounds) {
    const difference = (round.get(a) ?? 0n) - (round.get(b) ?? 0n);
    if (difference !== 0n) return signOf(difference);
  }
  return 0;
}
