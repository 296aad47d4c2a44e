// What a ballot may say in each voting system. A ballot is kept as whole numbers; what is not a whole ballot is refused with the reason.
import { AppError, type VotingSystem } from '@labmesh/contracts';
import { greatestDivisor } from './fraction.js';

/** How a voter says it; each system reads one of these. Choices count from 1. */
export interface Said {
  readonly support?: (typeof SUPPORT)[number] | undefined;
  readonly choice?: number | undefined;
  readonly choices?: readonly number[] | undefined;
  readonly weights?: readonly number[] | undefined;
}

/** The choices of the basic system, in their order. */
export const SUPPORT = ['for', 'against', 'abstain'] as const;
export const [FOR, AGAINST, ABSTAIN] = [0, 1, 2] as const;

const ASKED: Readonly<Record<VotingSystem, keyof Said>> = {
  basic: 'support',
  single: 'choice',
  approval: 'choices',
  weighted: 'weights',
  quadratic: 'weights',
  ranked: 'choices',
  copeland: 'choices',
};

const HOW: Readonly<Record<VotingSystem, string>> = {
  basic: 'say support: for, against or abstain',
  single: 'say choice: the number of one choice',
  approval: 'say choices: the numbers of all that you approve of',
  weighted: 'say weights: one whole number for each choice, in their order',
  quadratic: 'say weights: one whole number for each choice, in their order',
  ranked: 'say choices: the numbers of all choices, the best first',
  copeland: 'say choices: the numbers of all choices, the best first',
};

/**
 * What is kept of a ballot: indices from 0 of what was chosen (in order where the order counts), or a weight for each choice. Ballots
 * that mean the same are kept the same.
 * @throws AppError invalid_input for a ballot of another system, an unknown choice, one named twice, or a ballot that is not whole
 */
export function readBallot(system: VotingSystem, choiceCount: number, said: Said): readonly number[] {
  const asked = ASKED[system];
  const given = (Object.keys(said) as Array<keyof Said>).filter((name) => said[name] !== undefined);
  if (given.length !== 1 || given[0] !== asked) {
    throw refused(`this proposal is voted on as ${system}: ${HOW[system]}, and nothing else`);
  }
  if (said.support !== undefined) return [SUPPORT.indexOf(said.support)];
  if (said.weights !== undefined) return readWeights(said.weights, choiceCount);
  const chosen = said.choice === undefined ? (said.choices ?? []) : [said.choice];
  refuseUnknown(chosen, choiceCount);
  const indices = chosen.map((number) => number - 1);
  if (system !== 'ranked' && system !== 'copeland') {
    if (indices.length === 0) throw refused(`it names no choice; ${HOW[system]}`);
    return indices.toSorted((a, b) => a - b);
  }
  if (indices.length < choiceCount) {
    throw refused(
      `it ranks ${indices.length} of ${choiceCount} choices, and a ranking has all of them; ${HOW[system]}`,
    );
  }
  return indices;
}

function readWeights(weights: readonly number[], choiceCount: number): readonly number[] {
  if (weights.length !== choiceCount) {
    throw refused(`it has ${weights.length} weights, and there are ${choiceCount} choices; 0 is a weight too`);
  }
  const common = weights.reduce((divisor, weight) => greatestDivisor(divisor, BigInt(weight)), 0n);
  if (common === 0n) throw refused('all its weights are 0; give at least one choice more');
  return weights.map((weight) => weight / Number(common));
}

function refuseUnknown(chosen: readonly number[], choiceCount: number): void {
  const unknown = chosen.find((number) => number < 1 || number > choiceCount);
  if (unknown !== undefined)
    throw refused(`there is no choice ${unknown}; choices have the numbers 1 to ${choiceCount}`);
  const twice = chosen.find((number, index) => chosen.indexOf(number) !== index);
  if (twice !== undefined) throw refused(`it names choice ${twice} twice`);
}

const refused = (why: string): AppError => new AppError('invalid_input', `Cannot count this ballot: ${why}.`);
