// Parameters of rewards: what an event pays and how often a day, and what stakes earn. Bounds only: who pays, and when, is elsewhere.
import { MICRO, type ParameterSpec } from './parameter-kind.js';

const DAY = 86_400n;

const reward = (initialMicro: bigint, what: string): ParameterSpec => ({
  kind: 'amount',
  initial: initialMicro,
  least: 0n,
  most: 10_000n * MICRO,
  meaning: `What ${what} pays, before the earning rate of the wallet’s template.`,
});
const perDay = (what: string): ParameterSpec => ({
  kind: 'count',
  initial: 10n,
  least: 0n,
  most: 1_000n,
  meaning: `How many times a day a wallet is paid for ${what}.`,
});
const rate = (initialMicro: bigint, template: string): ParameterSpec => ({
  kind: 'rate',
  initial: initialMicro,
  least: 0n,
  most: 1_000n * MICRO,
  meaning: `What rewards of a wallet of the template ${template} are multiplied by.`,
});

export const REWARD_PARAMETERS = {
  'rewards.dataset_contributed': reward(5n * MICRO, 'a contributed dataset'),
  'rewards.dataset_contributed.per_day': perDay('contributed datasets'),
  'rewards.job_completed': reward(2n * MICRO, 'a completed job'),
  'rewards.job_completed.per_day': perDay('completed jobs'),
  'rewards.result_validated': reward(MICRO, 'a validated result'),
  'rewards.result_validated.per_day': perDay('validated results'),
  'rewards.solution_accepted': reward(3n * MICRO, 'an accepted solution'),
  'rewards.solution_accepted.per_day': perDay('accepted solutions'),
  'rewards.rate.researcher': rate(MICRO, 'researcher'),
  'rewards.rate.validator': rate((12n * MICRO) / 10n, 'validator'),
  'rewards.rate.developer': rate(MICRO, 'developer'),
  'rewards.rate.citizen': rate(MICRO / 2n, 'citizen'),
  'rewards.epoch_length': {
    kind: 'seconds',
    initial: DAY,
    least: 1n,
    most: 90n * DAY,
    leastOfDao: 3_600n,
    meaning: 'How long an epoch of staking is.',
  },
  'rewards.epoch_yield': {
    kind: 'amount',
    initial: 100n * MICRO,
    least: 0n,
    most: 1_000_000n * MICRO,
    meaning: 'What the reward pool pays per epoch to all stakes together.',
  },
} as const satisfies Readonly<Record<string, ParameterSpec>>;
