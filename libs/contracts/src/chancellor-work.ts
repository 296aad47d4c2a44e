// What other agents ask of the Chancellor for work that they do for a wallet: its price is set aside before, and settled by the event
// that tells of its end. Part of the contract in chancellor.ts.
import { z } from 'zod';
import { HOLD_SECONDS } from './chancellor-holds.js';
import { JOB_LIMITS, JobId } from './mechanic-job-states.js';
import { defineTool } from './tool.js';
import { Amount, Timestamp } from './values.js';

export const workTools = {
  hold_for_work: defineTool({
    title: 'Set the price of work aside',
    description:
      'Sets $webxos of the caller aside for the lab’s treasury, once for each job; for all of them or none. The event that tells of a job’s end takes its cost of it and gives the rest back.',
    effect: 'write',
    idempotent: true,
    visibility: 'internal',
    permission: 'job:write',
    input: z.object({
      jobIds: z.array(JobId).min(1).max(JOB_LIMITS.array),
      amount: Amount.describe('Of each'),
      expiresInSeconds: z.int().min(1).max(HOLD_SECONDS.most),
    }),
    output: z.object({ holdIds: z.array(z.string()).describe('In the order of the jobs'), expiresAt: Timestamp }),
    errors: ['insufficient_funds', 'conflict', 'not_found'],
    timeoutMs: 30_000,
  }),
};
