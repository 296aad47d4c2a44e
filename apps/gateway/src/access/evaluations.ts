// What somebody asks decisions for, from the body of a request (AuthZEN 1.0, 6 and 7). What one evaluation should be is the
// Sentinel's to say, for each by itself.
import { AppError, EVALUATION_SEMANTICS, EVALUATIONS_MAX, type sentinel } from '@labmesh/contracts';
import { z } from 'zod';

export interface Question {
  readonly asked: z.output<typeof sentinel.tools.evaluate_access.input>;
  /** True when the answer is a list too. */
  readonly isList: boolean;
}

const Body = z.looseObject({
  evaluations: z.array(z.unknown()).max(EVALUATIONS_MAX).optional(),
  options: z.looseObject({ evaluations_semantic: z.enum(EVALUATION_SEMANTICS).optional() }).optional(),
});

/** Of one evaluation. */
export const oneOf = (body: unknown): Question => ({
  asked: { evaluations: [JSON.stringify(body)], semantic: 'execute_all' },
  isList: false,
});

/**
 * Of many: what stands beside the list holds for each of its members that does not say otherwise. Without a list it
 * is one evaluation.
 * @throws AppError invalid_input when no list can be made out
 */
export function manyOf(body: unknown): Question {
  const parsed = Body.safeParse(body);
  if (!parsed.success)
    throw new AppError('invalid_input', `Cannot decide on these requests: ${z.prettifyError(parsed.error)}`);
  const { evaluations = [], options, ...shared } = parsed.data;
  if (evaluations.length === 0) return oneOf(body);
  const asked = {
    evaluations: evaluations.map((each) => JSON.stringify(isObject(each) ? { ...shared, ...each } : each)),
    semantic: options?.evaluations_semantic ?? 'execute_all',
  } as const;
  return { asked, isList: true };
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
