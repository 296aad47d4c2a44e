// A solution as it is typed: what is wrong with it, and what the lab is asked to log. What is looked at of an error stays in this tab's
// memory on its way here, and is never part of an address.
import { tagsIn } from './narrowed.js';

export interface Draft {
  readonly title: string;
  readonly problem: string;
  readonly solution: string;
  /** With commas between them. */
  readonly tags: string;
  /** One a line. */
  readonly evidence: string;
  readonly errorText: string;
  readonly project: string;
}

export type Field = keyof Draft;

export const EMPTY: Draft = {
  title: '',
  problem: '',
  solution: '',
  tags: '',
  evidence: '',
  errorText: '',
  project: '',
};

const LENGTHS = [
  { field: 'title', most: 140 },
  { field: 'problem', most: 8_000 },
  { field: 'solution', most: 16_000 },
] as const;
const LEAST = 3;
const TAGS_MAX = 12;
const TAG_MAX = 40;
const EVIDENCE_MAX = 20;
const ERROR_MAX = 64 * 1_024;
const EVIDENCE =
  /^(?:job_[0-9a-f-]{36}|ds_[A-Za-z0-9-]{1,60}|(?:https?|kb|dataset|job):\/\/[^\s<>"`\\\p{Cc}]{1,490})$/u;

export const evidenceIn = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  ),
];

export type Drafted =
  | { readonly ok: true; readonly input: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly problems: Readonly<Partial<Record<Field, string>>> };

/** The call's input, or what is wrong by field. */
export function drafted(draft: Draft): Drafted {
  const problems: Partial<Record<Field, string>> = {};
  for (const { field, most } of LENGTHS) {
    const { length } = draft[field].trim();
    if (length < LEAST) problems[field] = length === 0 ? 'This field is required.' : `At least ${LEAST} characters.`;
    else if (length > most) problems[field] = `At most ${most.toLocaleString('en')} characters.`;
  }
  const tags = tagsIn(draft.tags);
  if (tags.length > TAGS_MAX) problems.tags = `At most ${TAGS_MAX} tags.`;
  const long = tags.find(({ length }) => length > TAG_MAX);
  if (long !== undefined) problems.tags = `At most ${TAG_MAX} characters: ${long}`;
  const evidence = evidenceIn(draft.evidence);
  if (evidence.length > EVIDENCE_MAX) problems.evidence = `At most ${EVIDENCE_MAX} of them.`;
  const wrong = evidence.find((one) => !EVIDENCE.test(one));
  if (wrong !== undefined) problems.evidence = `No id of a job or dataset, and no address: ${wrong}`;
  if (Object.keys(problems).length > 0) return { ok: false, problems };
  return { ok: true, input: inputOf(draft, tags, evidence) };
}

function inputOf(draft: Draft, tags: readonly string[], evidence: readonly string[]) {
  // Of a long log the end tells what went wrong.
  const errorText = draft.errorText.trim().slice(-ERROR_MAX);
  return {
    title: draft.title.trim(),
    problem: draft.problem.trim(),
    solution: draft.solution.trim(),
    ...(tags.length === 0 ? {} : { tags }),
    ...(evidence.length === 0 ? {} : { evidence }),
    ...(errorText === '' ? {} : { errorText }),
    ...(draft.project === '' ? {} : { project: draft.project }),
  };
}

/** Of a refusal for another that looks like it: which one. */
export const similarIn = (message: string): string | undefined =>
  /solutions\/sol_[0-9a-z-]{1,60}\.md/.exec(message)?.[0];

/** By the connection of a sign-in: the next one in the same tab begins with nothing. */
const carried = new WeakMap<object, Partial<Draft>>();

/** What the form for a new solution begins with when it is opened next. */
export function carry(connection: object, draft: Partial<Draft>): void {
  carried.set(connection, draft);
}

export const carriedDraft = (connection: object): Draft => ({ ...EMPTY, ...carried.get(connection) });

/** It was logged. */
export function forgetCarried(connection: object): void {
  carried.delete(connection);
}
