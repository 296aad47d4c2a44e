// The Chancellor's tools for governance: proposals, votes, parameters. Part of the contract in chancellor.ts.

export const VOTING_SYSTEMS = ['basic', 'single', 'approval', 'weighted', 'quadratic', 'ranked', 'copeland'] as const;
export type VotingSystem = (typeof VOTING_SYSTEMS)[number];

/** Most choices of a proposal, and the largest weight of one in a ballot. */
export const CHOICES_MAX = 20;
export const WEIGHT_MAX = 100;
