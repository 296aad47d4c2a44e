// What the lab says of stakes, of what they earn, and of what else it pays for.
export interface Unstaking {
  readonly unstakingId: string;
  readonly amount: string;
  readonly dueAt: string;
  readonly returned: boolean;
}

export interface Stake {
  readonly stakeId: string;
  readonly amount: string;
  /** What was not asked back. */
  readonly left: string;
  readonly stakedAt: string;
  readonly lockedUntil: string;
  readonly locked: boolean;
  readonly unstakings: readonly Unstaking[];
}

export interface Stakes {
  readonly walletId: string;
  readonly staked: string;
  readonly stakes: readonly Stake[];
  readonly nextCursor?: string;
}

export interface Reward {
  readonly for: string;
  readonly source: string;
  readonly amount: string;
  readonly status: 'pending' | 'paid' | 'nothing';
  readonly reason: string | null;
  readonly at: string;
}

export interface Earnings {
  readonly rate: string;
  readonly events: ReadonlyArray<{ readonly event: string; readonly amount: string; readonly leftToday: number }>;
  readonly epoch: {
    readonly number: number;
    readonly endsAt: string;
    readonly amount: string;
    readonly total: string;
  } | null;
  readonly pending: string;
  readonly rewards: readonly Reward[];
  readonly nextCursor?: string;
}

export interface RewardRules {
  readonly epoch: { readonly seconds: number; readonly amount: string };
  readonly pool: string;
  readonly owed: string;
  readonly unrewarded: ReadonlyArray<{ readonly reason: string; readonly meaning: string }>;
}

const EVENTS: Readonly<Record<string, string>> = {
  dataset_contributed: 'A contributed dataset',
  job_completed: 'A completed job',
  result_validated: 'A validated result',
  solution_accepted: 'An accepted solution',
  epoch: 'Yield of stakes',
};

export const eventText = (event: string): string => EVENTS[event] ?? event;

/** Days that are offered; the lab takes any whole number in between. */
export const LOCKS = [
  { days: 0, label: 'No lock' },
  { days: 7, label: '7 days' },
  { days: 30, label: '30 days' },
  { days: 90, label: '90 days' },
  { days: 365, label: '1 year' },
] as const;
