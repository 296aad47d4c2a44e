// A ballot as people type it: one word or numbers with commas between, read as the proposal's voting system has it.
import { AppError, type VotingSystem } from '@labmesh/contracts';

type Support = 'for' | 'against' | 'abstain';

/** What the tool takes: one of these. */
export type Ballot =
  | { readonly support: Support }
  | { readonly choice: number }
  | { readonly choices: number[] }
  | { readonly weights: number[] };

const SUPPORT: readonly string[] = ['for', 'against', 'abstain'] satisfies Support[];

/** @throws AppError invalid_input that says how one votes here */
export function ballotOf(voting: VotingSystem, said: string): Ballot {
  switch (voting) {
    case 'basic':
      if (SUPPORT.includes(said)) return { support: said as Support };
      throw refused(said, 'for, against or abstain');
    case 'single': {
      const [choice, ...more] = numbersOf(said);
      if (choice !== undefined && more.length === 0) return { choice };
      throw refused(said, 'the number of one choice, such as 2');
    }
    case 'approval':
      return { choices: listOf(said, 'the numbers of all choices that you approve of, such as 1,3') };
    case 'ranked':
    case 'copeland':
      return { choices: listOf(said, 'the numbers of all choices, the best first, such as 2,1,3') };
    case 'weighted':
    case 'quadratic':
      return { weights: listOf(said, 'a weight for each choice in their order, such as 60,0,40') };
    default:
      return voting satisfies never;
  }
}

function listOf(said: string, how: string): number[] {
  const numbers = numbersOf(said);
  if (numbers.length === 0) throw refused(said, how);
  return numbers;
}

/** None where one of them is no whole number. */
function numbersOf(said: string): number[] {
  const parts = said.split(',').map((part) => part.trim());
  return parts.every((part) => /^\d{1,9}$/.test(part)) ? parts.map(Number) : [];
}

const refused = (said: string, how: string): AppError =>
  new AppError('invalid_input', `Cannot vote with “${said}”: on this proposal a vote is ${how}.`);
