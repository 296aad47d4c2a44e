// What the Mechanic tells of jobs: the Chancellor settles by it. Part of the contract in mechanic.ts.
import { z } from 'zod';
import { END_REASONS, type EndReason, JobId, TERMINAL_STATES } from './mechanic-job-states.js';
import { WalletId } from './values.js';

export const jobEvents = {
  /** Once for each job, in the transaction that ends it. What was held for it, under its id, is settled by it. */
  job_ended: z.object({
    jobId: JobId,
    walletId: WalletId,
    state: z.enum(TERMINAL_STATES),
    reason: z.enum(Object.keys(END_REASONS) as [EndReason, ...EndReason[]]).nullable(),
    holdId: z.string().nullable().describe('Null: nothing was held'),
    costMicro: z
      .string()
      .regex(/^\d{1,19}$/)
      .describe('In 10^-6 $webxos; never more than was held'),
    attempts: z.int().nonnegative(),
  }),
  /** A submission that never became a job: what may be held under its id goes back. */
  job_dropped: z.object({ jobId: JobId, walletId: WalletId }),
} as const;
