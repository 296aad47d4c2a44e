// Decisions in the words of the AuthZEN Authorization API 1.0, for other systems of the lab: what they send, what they get.
// Subjects are wallets, resources are tools. Whatever is not known is denied, never an error.
import { type CompiledPolicy, decide } from '@labmesh/agent';
import type { Role } from '@labmesh/contracts';
import { z } from 'zod';
import { TOOLS } from './decisions.js';

const Properties = z.record(z.string(), z.unknown()).optional();
const Subject = z.object({ type: z.string().min(1), id: z.string().min(1), properties: Properties });
const Resource = z.object({ type: z.string().min(1), id: z.string().min(1), properties: Properties });
const Action = z.object({ name: z.string().min(1), properties: Properties });
const Context = z.record(z.string(), z.unknown()).optional();

export const Evaluation = z.object({ subject: Subject, action: Action, resource: Resource, context: Context });
export type Evaluation = z.infer<typeof Evaluation>;

const SEMANTICS = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const;
/** Most evaluations of one request. */
const EVALUATIONS_MAX = 500;

/** What stands beside the list holds for each of its members that does not say otherwise. */
export const Evaluations = z.object({
  ...Evaluation.partial().shape,
  evaluations: z.array(Evaluation.partial()).max(EVALUATIONS_MAX).optional(),
  options: z.looseObject({ evaluations_semantic: z.enum(SEMANTICS).default('execute_all') }).optional(),
});
export type Evaluations = z.infer<typeof Evaluations>;

export interface Decided {
  readonly decision: boolean;
  readonly context?:
    | { readonly reason: string; readonly rule: string; readonly policyVersion?: number }
    | { readonly error: { status: number; message: string } };
}

export interface Deciding {
  readonly roleOf: (walletId: string) => Promise<Role | undefined>;
  /** In force when the request came. */
  readonly policy: CompiledPolicy;
}

const denied = (rule: string, reason: string): Decided => ({ decision: false, context: { reason, rule } });

export async function evaluate(
  { subject, action, resource }: Evaluation,
  { roleOf, policy }: Deciding,
): Promise<Decided> {
  if (subject.type !== 'wallet')
    return denied('unknown_subject', `Only wallets have rights here, and the subject is a ${subject.type}.`);
  if (resource.type !== 'tool')
    return denied('unknown_resource', `Only tools are decided on here, and the resource is a ${resource.type}.`);
  if (action.name !== 'call' && action.name !== resource.id)
    return denied(
      'unknown_action',
      `A tool can be called, and the action is ${action.name}: name it "call", or as the tool.`,
    );
  const role = await roleOf(subject.id);
  if (role === undefined) return denied('unknown_subject', `There is no wallet ${subject.id}.`);
  const { decision, rule, reason } = decide(
    { ...policy.rightsOf(role), walletId: subject.id },
    TOOLS.get(resource.id),
    { policy },
  );
  return { decision, context: { reason, rule, policyVersion: policy.version } };
}

/** In the order they came. One that is not whole is denied by itself. */
export async function evaluateAll(
  { evaluations = [], options, ...shared }: Evaluations,
  deciding: Deciding,
): Promise<Decided[]> {
  const semantic = options?.evaluations_semantic ?? 'execute_all';
  const decided: Decided[] = [];
  for (const each of evaluations) {
    const whole = Evaluation.safeParse({ ...shared, ...each });
    const answer = whole.success
      ? await evaluate(whole.data, deciding)
      : { decision: false, context: { error: { status: 400, message: z.prettifyError(whole.error) } } };
    decided.push(answer);
    if (semantic === 'deny_on_first_deny' && !answer.decision) break;
    if (semantic === 'permit_on_first_permit' && answer.decision) break;
  }
  return decided;
}
