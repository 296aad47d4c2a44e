// The Mechanic's tool that mends what has gone wrong, and the event that tells of it. Part of the contract in mechanic.ts.
import { z } from 'zod';
import { defineTool } from './tool.js';
import { Timestamp } from './values.js';

export const RECOVERY_KINDS = {
  requeue_lost: 'A job whose worker is gone goes back into the queue',
  redeliver: 'An attempt that no worker took is put into its queue again',
  restart_failed: 'A job that failed by the lab’s doing is submitted again for its owner, at no cost',
  free_gpu: 'Processes that ended attempts left on a GPU are ended',
  reset_circuit: 'An agent that answers again is asked again at once',
  reroute: 'A node on which attempts keep failing takes no more',
} as const;
export type RecoveryKind = keyof typeof RECOVERY_KINDS;
const Kind = z.enum(Object.keys(RECOVERY_KINDS) as [RecoveryKind, ...RecoveryKind[]]);
const Mode = z.enum(['off', 'advise', 'act']);

const Action = z.object({
  kind: Kind,
  target: z.string().describe('A job’s attempt, a job, a node or an agent'),
  why: z.string(),
});

export const recoveryTools = {
  automated_recovery: defineTool({
    title: 'Mend what has gone wrong',
    description:
      'Says what it would do, and with dryRun false does it: requeue lost jobs, deliver again, restart what the lab failed, free GPU memory of ended attempts, reset circuits, take failing nodes out. policy sets what it does by itself.',
    keywords: [
      'fix stuck jobs',
      'self healing',
      'restart failed work',
      'gpu memory leak',
      'recovery policy',
      'restart hung jobs by itself',
      'repair the lab',
      'clean up what hangs',
      'recover after a crash',
    ],
    effect: 'destroy',
    idempotent: true,
    permission: 'job:operate',
    brief: ['policy'],
    input: z.object({
      dryRun: z.boolean().default(true),
      kinds: z.array(Kind).max(6).optional(),
      targets: z.array(z.string().min(1).max(200)).max(200).optional().describe('Of an earlier answer: these alone'),
      policy: z
        .array(z.object({ kind: Kind, mode: Mode, perHour: z.int().min(1).max(1_000).optional() }))
        .max(6)
        .default([])
        .describe('[{kind, mode: off|advise|act, perHour: for one target}]'),
    }),
    output: z.object({
      actions: z.array(
        Action.extend({
          outcome: z
            .enum(['would', 'done', 'failed', 'limited'])
            .describe('limited: it was done as often as it may be within the hour'),
          message: z.string().nullable(),
        }),
      ),
      policy: z.array(z.object({ kind: Kind, mode: Mode, perHour: z.int() })),
      recent: z
        .array(
          Action.extend({
            at: Timestamp,
            by: z.string().describe('A wallet, or policy'),
            outcome: z.enum(['begun', 'done', 'failed']),
            message: z.string().nullable(),
          }),
        )
        .describe('The newest 20, of whoever'),
    }),
    errors: [],
    timeoutMs: 60_000,
  }),
};

export const recoveryEvents = {
  /** Something was mended, or could not be. */
  recovery_done: Action.extend({ by: z.string(), outcome: z.enum(['done', 'failed']), message: z.string().nullable() }),
} as const;
