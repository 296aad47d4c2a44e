// Job arrays: many runs of one program, each a job of its own, that differ by an index and by values of the environment.
import { z } from 'zod';
import { ArrayId, FORBIDDEN_ENVIRONMENT, JOB_LIMITS, JOB_STATES } from './mechanic-job-states.js';
import { holds } from './text-fields.js';
import { Amount, WalletId } from './values.js';

const forbiddenIn = (variables: object): string[] =>
  Object.keys(variables).filter((name) => FORBIDDEN_ENVIRONMENT.test(name));

/** Variables of a job's environment, by their names. */
export const Variables = holds(
  'code',
  z
    .record(
      z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'a variable’s name has letters, digits and _, and no digit first'),
      // NUL ends a text for the system: what follows would silently be left out.
      z
        .string()
        .refine((text) => !text.includes('\0'), 'must not contain NUL')
        .max(32 * 1024),
    )
    .refine((set) => Object.keys(set).length <= 200, 'at most 200 variables')
    .refine((set) => forbiddenIn(set).length === 0, {
      error: ({ input }) =>
        `must not set ${forbiddenIn(input as object).join(', ')}: PATH, HOME, CUDA_VISIBLE_DEVICES, IFS, ENV, BASH_ENV, and names that begin with LABMESH_, LD_ or SLURM_ are the lab’s`,
    }),
);

/** As somebody submits it: each run finds its number in LABMESH_ARRAY_INDEX, from 0. */
export const NewArray = z.object({
  count: z
    .int()
    .min(1)
    .max(JOB_LIMITS.array)
    .optional()
    .describe('How many, LABMESH_ARRAY_INDEX from 0; as many as parameters when left out'),
  parallel: z.int().min(1).max(JOB_LIMITS.array).optional().describe('At most so many at once'),
  parameters: z.array(Variables).min(1).max(JOB_LIMITS.array).optional().describe('Of each run: variables'),
});
export type NewArray = z.output<typeof NewArray>;

/** In a list. */
export const InArray = z.object({ arrayId: ArrayId, index: z.int().nonnegative() });

const whole = {
  count: z.int().positive().describe('Runs that were asked for'),
  parallel: z.int().positive().nullable().describe('At most so many at once'),
  states: z
    .partialRecord(z.enum(JOB_STATES), z.int().nonnegative())
    .describe('Its jobs by state; a run that was tried again has several'),
};

export const ArrayOfJob = z.object({ ...InArray.shape, ...whole });

export const ArraySummary = z.object({
  arrayId: ArrayId,
  name: z.string(),
  owner: WalletId,
  ...whole,
  held: Amount.describe('Set aside for those that have not ended'),
  cost: Amount.describe('Of those that have ended'),
});
