// Validations as the lab's tools tell them: a claim about a result, how it stands, and the words for it.
import type { curator, ToolOutput } from '@labmesh/contracts';

type Tools = typeof curator.tools;

export type ValidationPage = ToolOutput<Tools['list_validations']>;
export type Validation = ValidationPage['validations'][number];
export type Looked = ToolOutput<Tools['get_validation']>;
export type Report = NonNullable<Looked['reports']>[number];
export type Asked = ToolOutput<Tools['request_validation']>;

/** In the place of a dataset's view: the form that asks for one. */
export const NEW = 'new';

export const STATES: Readonly<Record<Validation['state'], { label: string; look: string; means: string }>> = {
  open: { label: 'open', look: 'pill badge-here', means: 'It waits for people who measure the same.' },
  confirmed: { label: 'confirmed', look: 'pill pill-good', means: 'Enough people measured the same as is claimed.' },
  refuted: { label: 'refuted', look: 'pill pill-bad', means: 'Enough people agree on another value than is claimed.' },
  undecided: { label: 'undecided', look: 'pill badge-write', means: 'Too few agreed before its time was over.' },
  cancelled: { label: 'cancelled', look: 'pill badge-read', means: 'Whoever asked took it back.' },
};

export type Which = 'open' | 'asked' | 'reported' | 'ended';

export interface List {
  readonly which: Which;
  readonly label: string;
  /** The part that a caller needs for it to have anything. */
  readonly needs: 'report' | 'claim' | undefined;
  readonly nothing: string;
}

const LISTS: readonly List[] = [
  { which: 'open', label: 'To check', needs: 'report', nothing: 'No claim waits for you to check it.' },
  { which: 'asked', label: 'My claims', needs: 'claim', nothing: 'You have not asked for a validation yet.' },
  { which: 'reported', label: 'My reports', needs: 'report', nothing: 'You have not reported on a claim yet.' },
  { which: 'ended', label: 'Ended', needs: undefined, nothing: 'No claim that you may see has ended yet.' },
];

/** Those that can have something for a caller with these parts. */
export const listsFor = (parts: ReadonlySet<string>): readonly List[] =>
  LISTS.filter(({ needs }) => needs === undefined || parts.has(needs));

export const isValidationId = (text: string): boolean => /^val_[0-9a-f-]{36}$/.test(text);

/** The lab tells of changes behind it. */
export const uriOf = (validationId: string): string => `validation://${validationId}`;

/** "1 reported, 2 have to agree". */
export const reportsText = ({ reportsMade, reportsWanted }: Validation): string =>
  `${reportsMade} reported, ${reportsWanted} have to agree`;
