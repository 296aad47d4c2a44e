// The Chancellor's tools for rewards: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import type { chancellorParts, Handlers } from '@labmesh/contracts';
import { RewardRules } from './reward-rules.js';
import { Rewards } from './rewards.js';

export const rewardTools = handlersOf(
  [Rewards, RewardRules],
  (rewards, rules): Handlers<typeof chancellorParts.rewards> => ({
    distribute_rewards: () => rewards.distribute(),
    fund_rewards: (input, { principal }) => rewards.fund(input, principal),
    preview_rewards: (input, { principal }) => rules.preview(input, principal),
    list_reward_rules: () => rules.list(),
  }),
);
