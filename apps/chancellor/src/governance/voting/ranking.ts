// What counting starts from and what it answers, whatever the voting system. Nothing here knows one of them.
import type { Fraction } from './fraction.js';

/** Equal ballots of equal power. */
export interface Ballots {
  /** As `readBallot` gives it. */
  readonly ballot: readonly number[];
  /** Of each of these voters, micro-$webxos. */
  readonly powerMicro: bigint;
  readonly voters: bigint;
}

export interface Score {
  /** In micro-$webxos of power; of copeland, duels won, a draw as a half. */
  readonly value: Fraction;
  /** Of copeland: the power that prefers it, summed over its duels. Decides where the duels won are equal. */
  readonly supportMicro?: bigint;
  /** The value is rounded down, since it is no fraction. What wins is decided by the exact one. */
  readonly rounded?: true;
}

export interface Count {
  /** By the index of the choice. */
  readonly scores: readonly Score[];
  /** Indices of choices, the best first; those that nothing tells apart are together. */
  readonly ranking: readonly (readonly number[])[];
}

/** Puts choices in groups, the best first. `compare` is less than zero where `a` is worse. */
export function ranked(choices: readonly number[], compare: (a: number, b: number) => number): number[][] {
  const groups: number[][] = [];
  for (const choice of choices.toSorted((a, b) => compare(b, a))) {
    const last = groups.at(-1);
    if (last?.[0] !== undefined && compare(last[0], choice) === 0) last.push(choice);
    else groups.push([choice]);
  }
  return groups;
}

export const indices = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
