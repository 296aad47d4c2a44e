// What the lab says of stakes, of what they earn, and of what else it pays for.
import { microOf } from '../amount.js';

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
  readonly epoch: { readonly seconds: number; readonly amount: string; readonly staked: string };
  readonly pool: string;
  readonly paid: string;
  readonly owed: string;
  readonly unrewarded: ReadonlyArray<{ readonly reason: string; readonly meaning: string }>;
}

/**
 * What a stake of so much (micro-$webxos) would earn in a whole epoch beside what is staked now: its part of the epoch's yield, rounded
 * down as the lab does it. Micro-$webxos.
 */
export function wouldEarn({ epoch }: Pick<RewardRules, 'epoch'>, micro: bigint): bigint {
  const together = microOf(epoch.staked) + micro;
  return together === 0n ? 0n : (microOf(epoch.amount) * micro) / together;
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
