// What somebody proposes, checked for itself: title, text, choices that fit the voting system, changes that a choice carries.
import { AppError, type chancellor, type ToolInput } from '@labmesh/contracts';
import { v7 as uuidv7 } from 'uuid';
import { refuseUnstorable } from '../../text.js';
import { FOR, SUPPORT } from '../voting/ballot.js';
import type { NewProposal } from './proposals.repository.js';

type Input = ToolInput<(typeof chancellor.tools)['propose_dao_governance']>;
type Draft = Omit<NewProposal, 'thresholdMicro' | 'snapshotAt' | 'deadlineAt'>;

/** @throws AppError invalid_input */
export function readDraft({ title, text, voting = 'basic', choices, changes = [] }: Input): Draft {
  if (title === undefined || text === undefined) {
    throw refused('a proposal has a title and a text; to see one, give its proposalId alone');
  }
  for (const [field, value] of [
    ['title', title],
    ['text', text],
  ] as const)
    refuseUnstorable(field, value);
  const named = choicesOf(voting, choices);
  return {
    id: `prop_${uuidv7()}`,
    title,
    body: text,
    voting,
    choices: named,
    changes: changes.map((change) => ({ ...change, choice: choiceOf(change, voting, named.length) })),
  };
}

function choicesOf(voting: Draft['voting'], choices: readonly string[] | undefined): readonly string[] {
  if (voting === 'basic') {
    if (choices !== undefined)
      throw refused('a basic vote is for, against or abstain; leave choices out, or name another voting');
    return SUPPORT;
  }
  if (choices === undefined) throw refused(`voting as ${voting} needs choices, two at least`);
  for (const choice of choices) refuseUnstorable('a choice', choice);
  const twice = choices.find((choice, index) => choices.indexOf(choice) !== index);
  if (twice !== undefined) throw refused(`the choice "${twice}" is there twice`);
  return choices;
}

function choiceOf(
  { parameter, choice }: { parameter: string; choice?: number | undefined },
  voting: string,
  count: number,
): number {
  if (voting === 'basic') {
    if (choice !== undefined)
      throw refused(`in a basic vote a change is carried by "for"; leave choice of ${parameter} out`);
    return FOR;
  }
  if (choice === undefined) throw refused(`say by choice which one carries the change of ${parameter}`);
  if (choice > count) throw refused(`the change of ${parameter} names choice ${choice}, and there are ${count}`);
  return choice - 1;
}

const refused = (why: string): AppError => new AppError('invalid_input', `Cannot propose: ${why}.`);
