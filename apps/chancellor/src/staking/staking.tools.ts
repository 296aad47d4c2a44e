// The Chancellor's tools for stakes: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import type { chancellorParts, Handlers } from '@labmesh/contracts';
import { Stakes } from './stakes.js';

export const stakingTools = handlersOf(
  [Stakes],
  (stakes): Handlers<typeof chancellorParts.staking> => ({
    stake: (input, { principal }) => stakes.stake(input, principal),
    unstake: (input, { principal }) => stakes.unstake(input, principal),
    get_stakes: (input, { principal }) => stakes.list(input, principal),
  }),
);
