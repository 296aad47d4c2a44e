// What the lab says of a proposal, and the words for it.
export interface ProposalLine {
  readonly proposalId: string;
  readonly title: string;
  readonly state: State;
  readonly voting: Voting;
  readonly proposer: string;
  readonly createdAt: string;
  readonly votesUntil: string;
}

export interface Choice {
  readonly number: number;
  readonly text: string;
  readonly score: string;
  readonly support?: string;
  readonly rounded?: boolean;
}

export interface Change {
  readonly choice: number;
  readonly parameter: string;
  readonly value: string;
  readonly now: string;
  readonly meaning: string;
}

export interface Timeline {
  readonly votesAfter: string;
  readonly extended: boolean;
  readonly queuedAt: string | null;
  readonly executableFrom: string | null;
  readonly expiresAt: string | null;
  readonly executedAt: string | null;
  readonly canceledAt: string | null;
}

export interface Proposal extends ProposalLine {
  readonly text: string;
  readonly choices: readonly Choice[];
  readonly winner: number | null;
  readonly changes: readonly Change[];
  readonly quorum: { readonly needed: string | null; readonly counted: string; readonly reached: boolean };
  readonly voters: number;
  readonly power: string | null;
  readonly voted: boolean;
  readonly timeline: Timeline;
}

export const STATES = {
  pending: { label: 'pending', look: 'pill badge-read' },
  active: { label: 'voting', look: 'pill badge-here' },
  succeeded: { label: 'succeeded', look: 'pill pill-good' },
  queued: { label: 'queued', look: 'pill badge-write' },
  executed: { label: 'executed', look: 'pill pill-good' },
  defeated: { label: 'defeated', look: 'pill pill-bad' },
  expired: { label: 'expired', look: 'pill pill-bad' },
  canceled: { label: 'canceled', look: 'pill badge-read' },
} as const;
export type State = keyof typeof STATES;
export const isState = (text: string): text is State => Object.hasOwn(STATES, text);

export const VOTINGS = {
  basic: { label: 'For or against', how: 'For, against or abstain.' },
  single: { label: 'One choice', how: 'Choose one.' },
  approval: { label: 'Approval', how: 'Choose all that you approve of; each has all of your power.' },
  weighted: { label: 'Weighted', how: 'Share your power out: 0 to 100 for each choice.' },
  quadratic: {
    label: 'Quadratic',
    how: 'Share your power out; the square roots are summed, so many small votes weigh more.',
  },
  ranked: { label: 'Ranked choice', how: 'Put all choices in order, the best first. Instant run-off.' },
  copeland: { label: 'Copeland', how: 'Put all choices in order, the best first. Most duels won.' },
} as const;
export type Voting = keyof typeof VOTINGS;

export const isProposalId = (text: string): boolean => /^prop_[0-9a-f-]{36}$/.test(text);
