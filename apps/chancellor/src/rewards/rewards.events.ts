// What pays rewards, as other agents tell of it. A listener resolves only when what it pays is written down, and may run twice.
import { curator, type Listeners, librarian } from '@labmesh/contracts';
import type { Rewards } from './rewards.js';

export const rewardListens = {
  dataset_contributed: curator.events.dataset_contributed,
  result_validated: curator.events.result_validated,
  solution_accepted: librarian.events.solution_accepted,
};

export const rewardEvents = (
  rewards: Pick<Rewards, 'contributed' | 'validated' | 'accepted'>,
): Listeners<typeof rewardListens> => ({
  dataset_contributed: (contribution, { at }) => rewards.contributed(contribution, new Date(at)),
  result_validated: (report, { at }) => rewards.validated(report, new Date(at)),
  solution_accepted: (acceptance, { at }) => rewards.accepted(acceptance, new Date(at)),
});
