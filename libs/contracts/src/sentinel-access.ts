// What the Sentinel decides for other systems, in the words of the AuthZEN Authorization API 1.0.
import { z } from 'zod';
import { defineTool } from './tool.js';

/** Most evaluations of one request. */
export const EVALUATIONS_MAX = 500;
export const EVALUATION_SEMANTICS = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const;

const Decided = z.object({
  decision: z.boolean(),
  context: z
    .union([
      z.object({ reason: z.string(), rule: z.string(), policyVersion: z.number().int().optional() }),
      z.object({ error: z.object({ status: z.number().int(), message: z.string() }) }),
    ])
    .optional(),
});
export type Decided = z.infer<typeof Decided>;

export const accessInternals = {
  evaluate_access: defineTool({
    title: 'Decide on requests of other systems',
    description:
      'Says for each evaluation (subject, action, resource) whether it is allowed, by the role’s rights and the policy. One that is not whole is denied by itself.',
    effect: 'read',
    visibility: 'internal',
    permission: 'access:evaluate',
    input: z.object({
      evaluations: z
        .array(z.string())
        .min(1)
        .max(EVALUATIONS_MAX)
        .describe('Each as JSON: what is odd in one keeps no other from being decided on'),
      semantic: z.enum(EVALUATION_SEMANTICS).default('execute_all'),
    }),
    output: z.object({ evaluations: z.array(Decided).describe('In the order of the questions') }),
    errors: [],
    timeoutMs: 10_000,
  }),
};
