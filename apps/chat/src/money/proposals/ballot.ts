// A ballot as it is filled in, and what it says to the lab: each voting system has its own.
import type { Voting } from './proposal.js';

export const SUPPORTS = ['for', 'against', 'abstain'] as const;
export type Support = (typeof SUPPORTS)[number];

export interface Ballot {
  readonly support: Support | undefined;
  /** Numbers of choices: the one, or those that are approved of. */
  readonly chosen: readonly number[];
  /** As typed, one a choice. */
  readonly weights: readonly string[];
  /** Numbers of all choices, the best first. */
  readonly order: readonly number[];
}

export const emptyBallot = (numbers: readonly number[]): Ballot => ({
  support: undefined,
  chosen: [],
  weights: numbers.map(() => '0'),
  order: numbers,
});

export type Said = { readonly input: Readonly<Record<string, unknown>> } | { readonly problem: string };

/** What a ballot says, or what it lacks. The lab looks at it again. */
export function saidBy(voting: Voting, { support, chosen, weights, order }: Ballot): Said {
  switch (voting) {
    case 'basic':
      return support === undefined ? { problem: 'Choose one.' } : { input: { support } };
    case 'single':
      return chosen[0] === undefined ? { problem: 'Choose one.' } : { input: { choice: chosen[0] } };
    case 'approval':
      return chosen.length === 0 ? { problem: 'Choose at least one.' } : { input: { choices: chosen } };
    case 'weighted':
    case 'quadratic':
      return weighed(weights);
    case 'ranked':
    case 'copeland':
      return { input: { choices: order } };
    default:
      return voting satisfies never;
  }
}

function weighed(weights: readonly string[]): Said {
  const wrong = weights.findIndex((text) => !/^\d{1,3}$/.test(text.trim()) || Number(text) > 100);
  if (wrong !== -1) return { problem: `Choice ${wrong + 1}: a whole number from 0 to 100.` };
  const numbers = weights.map(Number);
  return numbers.every((weight) => weight === 0)
    ? { problem: 'Give at least one choice more than 0.' }
    : { input: { weights: numbers } };
}

/** The order with one choice moved up (-1) or down (1); as it was at the ends. */
export function moved(order: readonly number[], number: number, by: -1 | 1): readonly number[] {
  const at = order.indexOf(number);
  const other = order[at + by];
  if (at === -1 || other === undefined) return order;
  return order.map((each, place) => (place === at ? other : place === at + by ? number : each));
}
