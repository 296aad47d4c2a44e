// From a wallet's entries to its balance over time: a line of steps, exact, and one figure a day for who reads rather than looks.
import { amountOf, microOf } from '../amount.js';
import type { Entry } from './entry.js';

export interface Step {
  /** Unix milliseconds from which this was the balance. */
  readonly atMs: number;
  readonly balance: string;
}

/** @param entries newest first, as the lab answers them */
export function balanceSteps(
  entries: readonly Pick<Entry, 'at' | 'change' | 'balanceAfter'>[],
  { fromMs, toMs, balance }: { fromMs: number | undefined; toMs: number; balance: string },
): readonly Step[] {
  const oldest = entries.at(-1);
  const before = oldest ? amountOf(microOf(oldest.balanceAfter) - microOf(oldest.change)) : balance;
  const steps = entries.map(({ at, balanceAfter }) => ({ atMs: Date.parse(at), balance: balanceAfter })).reverse();
  const start = { atMs: fromMs ?? steps[0]?.atMs ?? toMs, balance: before };
  const last = steps.at(-1) ?? start;
  return [start, ...steps, { atMs: Math.max(toMs, last.atMs), balance: last.balance }];
}

/** The last balance of each day on which it changed, and where it began, oldest first. */
export function balanceByDay(steps: readonly Step[]): readonly Step[] {
  const days = new Map<string, Step>();
  for (const step of steps) days.set(new Date(step.atMs).toDateString(), step);
  return [...days.values()];
}

export function extremes(steps: readonly Step[]): { least: string; most: string } {
  const micros = steps.map(({ balance }) => microOf(balance));
  const pick = (better: (a: bigint, b: bigint) => boolean) =>
    amountOf(micros.reduce((best, micro) => (better(micro, best) ? micro : best), micros[0] ?? 0n));
  return { least: pick((a, b) => a < b), most: pick((a, b) => a > b) };
}
