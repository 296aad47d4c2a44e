// What the Mechanic tells of jobs, as money. A listener resolves only when what it moves is written down, and may run twice.
import { type Listeners, mechanic } from '@labmesh/contracts';
import type { Rewards } from '../rewards/rewards.js';
import type { Work } from './work.js';

export const workListens = {
  job_ended: mechanic.events.job_ended,
  job_dropped: mechanic.events.job_dropped,
};

export const workEvents = (
  work: Pick<Work, 'settle'>,
  rewards: Pick<Rewards, 'completed'>,
): Listeners<typeof workListens> => ({
  job_ended: async (job, { at }) => {
    await work.settle(job);
    if (job.state === 'succeeded') await rewards.completed(job, new Date(at));
  },
  job_dropped: (job) => work.settle({ ...job, costMicro: '0' }),
});
