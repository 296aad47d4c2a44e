// How the Slurm executor reaches its cluster, and what it asks for beside what a job asked for.
import { z } from 'zod';

export const SlurmSettings = z.object({
  /** slurm.conf; where Slurm itself looks for it when left out. */
  configuration: z.string().optional(),
  /** Where sbatch and the others are. */
  path: z.string().default('/usr/local/bin:/usr/bin:/bin'),
  partition: z.string().optional(),
  account: z.string().optional(),
  /** More options of sbatch, such as --constraint=a100. */
  options: z.array(z.string().startsWith('--')).default([]),
  /** Between two looks at the queue, while jobs are in it; one look is for all of them. */
  pollMs: z.int().min(50).default(2_000),
  /** How long an attempt of an array waits for others of it, to be handed over with them. */
  gatherMs: z.int().min(0).default(80),
  /** `namespace`: a job that asks for no network runs without, where nodes permit user namespaces. `node`: it would have the node's. */
  network: z.enum(['node', 'namespace']).default('node'),
});
export type SlurmSettings = z.output<typeof SlurmSettings>;
