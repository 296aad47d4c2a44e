// A proposal as it is filled in, what is wrong with it, and the call that it means.
import { type Parameter, problemWith } from './parameter.js';
import type { Voting } from './proposal.js';

export interface DraftChange {
  readonly parameter: string;
  readonly value: string;
  /** Number of the choice that carries it; not for a basic vote. */
  readonly choice: string;
}

export interface Draft {
  readonly title: string;
  readonly text: string;
  readonly voting: Voting;
  /** One a line. */
  readonly choices: string;
  readonly changes: readonly DraftChange[];
}

export const EMPTY: Draft = { title: '', text: '', voting: 'basic', choices: '', changes: [] };

export const choicesOf = ({ choices }: Draft): readonly string[] =>
  choices
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

export interface Problems {
  readonly title?: string;
  readonly text?: string;
  readonly choices?: string;
  /** One a change; undefined where it is well. */
  readonly changes: readonly (string | undefined)[];
}

const CHOICES = { least: 2, most: 20 };

export function problemsOf(draft: Draft, parameters: readonly Parameter[]): Problems {
  const { title, text, voting, changes } = draft;
  const choices = choicesOf(draft);
  const wrongChoices =
    voting !== 'basic' && (choices.length < CHOICES.least || choices.length > CHOICES.most)
      ? `${CHOICES.least} to ${CHOICES.most} choices, one a line.`
      : undefined;
  return {
    ...(title.trim() === '' ? { title: 'Say in a few words what is proposed.' } : {}),
    ...(text.trim() === '' ? { text: 'Say what is proposed, and why.' } : {}),
    ...(wrongChoices === undefined ? {} : { choices: wrongChoices }),
    changes: changes.map((change, at) => problemOfChange(change, { at, draft, parameters })),
  };
}

function problemOfChange(
  { parameter, value, choice }: DraftChange,
  { at, draft, parameters }: { at: number; draft: Draft; parameters: readonly Parameter[] },
): string | undefined {
  const known = parameters.find((each) => each.parameter === parameter);
  if (known === undefined) return 'Choose a parameter.';
  const earlier = draft.changes.slice(0, at).some((other) => other.parameter === parameter && other.choice === choice);
  if (earlier) return 'This parameter is there already.';
  const problem = problemWith(known, value);
  if (problem !== undefined) return problem;
  return draft.voting !== 'basic' && !choicesOf(draft)[Number(choice) - 1] ? 'Say with which choice.' : undefined;
}

export const isWhole = ({ title, text, choices, changes }: Problems): boolean =>
  title === undefined &&
  text === undefined &&
  choices === undefined &&
  changes.every((problem) => problem === undefined);

/** What the lab is asked, of a draft without problems. */
export function proposedBy(draft: Draft): Readonly<Record<string, unknown>> {
  const basic = draft.voting === 'basic';
  const changes = draft.changes.map(({ parameter, value, choice }) => ({
    parameter,
    value: value.trim(),
    ...(basic ? {} : { choice: Number(choice) }),
  }));
  return {
    title: draft.title.trim(),
    text: draft.text.trim(),
    voting: draft.voting,
    ...(basic ? {} : { choices: choicesOf(draft) }),
    ...(changes.length === 0 ? {} : { changes }),
  };
}
