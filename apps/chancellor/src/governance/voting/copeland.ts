// Copeland's method: every choice against every other; who wins most duels wins. Ballots rank all choices.
import { compared, fraction, signOf, ZERO } from './fraction.js';
import { type Ballots, type Count, indices, ranked, type Score } from './ranking.js';

/** For each pair: the power of the ballots that put the first before the second, micro-$webxos. */
export function preferences(choiceCount: number, ballots: readonly Ballots[]): readonly (readonly bigint[])[] {
  const table = indices(choiceCount).map(() => indices(choiceCount).map(() => 0n));
  for (const { ballot, powerMicro, voters } of ballots) {
    for (const [place, better] of ballot.entries()) {
      const row = table[better];
      if (row === undefined) continue;
      for (const worse of ballot.slice(place + 1)) row[worse] = (row[worse] ?? 0n) + powerMicro * voters;
    }
  }
  return table;
}

/** By choice: the power that prefers it, summed over its duels. With whole rankings that is the count of Borda (0 points for the last). */
export const supports = (table: readonly (readonly bigint[])[]): bigint[] =>
  table.map((row) => row.reduce((sum, power) => sum + power, 0n));

/** A duel won is one, a draw a half (Copeland 1951). Where these are equal, support decides; where that is equal too, nothing does. */
export function copelandCount(choiceCount: number, ballots: readonly Ballots[]): Count {
  const table = preferences(choiceCount, ballots);
  const support = supports(table);
  const halves = (choice: number): bigint =>
    indices(choiceCount).reduce((sum, other) => {
      if (other === choice || ballots.length === 0) return sum;
      const [forIt, against] = [table[choice]?.[other] ?? 0n, table[other]?.[choice] ?? 0n];
      return sum + (forIt > against ? 2n : forIt === against ? 1n : 0n);
    }, 0n);
  const scores = indices(choiceCount).map((choice) => ({
    value: fraction(halves(choice), 2n),
    supportMicro: support[choice] ?? 0n,
  }));
  const compare = (a: Score, b: Score): number =>
    compared(a.value, b.value) || signOf((a.supportMicro ?? 0n) - (b.supportMicro ?? 0n));
  const of = (choice: number): Score => scores[choice] ?? { value: ZERO };
  return { scores, ranking: ranked(indices(choiceCount), (a, b) => compare(of(a), of(b))) };
}
