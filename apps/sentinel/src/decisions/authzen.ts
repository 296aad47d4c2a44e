// evaluate_access: decisions in the words of the AuthZEN Authorization API 1.0, for other systems of the lab. Subjects are
// wallets, resources are tools. Whatever is not known is denied, never an error.
import {
  type Call,
  type Decided,
  type Role,
  type sentinel,
  type ToolInput,
  type ToolOutput,
  toAppError,
  WalletId,
} from '@labmesh/contracts';
import { type CompiledPolicy, decide, Policies } from '@labmesh/identity';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Principals } from '../principals/principals.js';
import { TOOLS } from './decisions.js';

type Evaluate = (typeof sentinel.tools)['evaluate_access'];

const Properties = z.record(z.string(), z.unknown()).optional();
const Named = z.object({ type: z.string().min(1), id: z.string().min(1), properties: Properties });
const Evaluation = z.object({
  subject: Named,
  action: z.object({ name: z.string().min(1), properties: Properties }),
  resource: Named,
  context: Properties,
});
type Evaluation = z.infer<typeof Evaluation>;

const denied = (rule: string, reason: string): Decided => ({ decision: false, context: { reason, rule } });

@Injectable()
export class AccessEvaluation {
  constructor(
    @Inject(Principals) private readonly principals: Pick<Principals, 'roleOf'>,
    @Inject(Policies) private readonly policies: Pick<Policies, 'current'>,
  ) {}

  /** In the order they came, under the policy that is in force when they come. */
  async evaluate({ evaluations, semantic }: ToolInput<Evaluate>, call: Call): Promise<ToolOutput<Evaluate>> {
    const policy = this.policies.current;
    const roles = new Map<string, Promise<Role | undefined>>();
    const roleOf = (walletId: string): Promise<Role | undefined> => {
      const role = roles.get(walletId) ?? this.#roleOf(walletId, call);
      roles.set(walletId, role);
      return role;
    };
    const decided: Decided[] = [];
    for (const each of evaluations) {
      const whole = Evaluation.safeParse(JSON.parse(each));
      const answer = whole.success ? await decidedOn(whole.data, { policy, roleOf }) : notWhole(whole.error);
      decided.push(answer);
      if (semantic === 'deny_on_first_deny' && !answer.decision) break;
      if (semantic === 'permit_on_first_permit' && answer.decision) break;
    }
    return { evaluations: decided };
  }

  /** Undefined for a wallet that is not there, or that whoever asks cannot be told of. */
  async #roleOf(walletId: string, call: Call): Promise<Role | undefined> {
    try {
      return await this.principals.roleOf(walletId, call);
    } catch (error) {
      const { code } = toAppError(error);
      if (code === 'not_found' || code === 'forbidden') return undefined;
      throw error;
    }
  }
}

interface Deciding {
  readonly policy: CompiledPolicy;
  readonly roleOf: (walletId: string) => Promise<Role | undefined>;
}

async function decidedOn({ subject, action, resource }: Evaluation, { policy, roleOf }: Deciding): Promise<Decided> {
  if (subject.type !== 'wallet')
    return denied('unknown_subject', `Only wallets have rights here, and the subject is a ${subject.type}.`);
  if (resource.type !== 'tool')
    return denied('unknown_resource', `Only tools are decided on here, and the resource is a ${resource.type}.`);
  if (action.name !== 'call' && action.name !== resource.id)
    return denied(
      'unknown_action',
      `A tool can be called, and the action is ${action.name}: name it "call", or as the tool.`,
    );
  // The database is asked for no id that it could not store.
  if (!WalletId.safeParse(subject.id).success)
    return denied('unknown_subject', 'There is no such wallet: an id looks like wal_ and a UUID.');
  const role = await roleOf(subject.id);
  if (role === undefined) return denied('unknown_subject', `There is no wallet ${subject.id}.`);
  const rights = { ...policy.rightsOf(role), walletId: subject.id };
  const { decision, rule, reason } = decide(rights, TOOLS.get(resource.id), { policy });
  return { decision, context: { reason, rule, policyVersion: policy.version } };
}

const notWhole = (error: z.ZodError): Decided => ({
  decision: false,
  context: { error: { status: 400, message: `Cannot decide on this request: ${z.prettifyError(error)}` } },
});
