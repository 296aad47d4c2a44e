// What no policy may do: lock the operator out, give others the right to set it, speak of what does not exist, grow without end.
import {
  AGENTS,
  AppError,
  gatewayName,
  OPERATOR_KEEPS,
  OPERATOR_ONLY,
  POLICY_BYTES_MAX,
  type Policy,
  ROLES,
  sentinel,
} from '@labmesh/contracts';
import { type CompiledPolicy, decide } from '@labmesh/identity';
import { TOOLS } from '../decisions/decisions.js';

/** With these every other policy can be set again. */
const RESCUE = (['set_policy', 'list_policies'] as const).map((tool) => gatewayName(sentinel.name, tool));

/** @throws AppError invalid_input or too_large, naming what stands in the way */
export function refuseUnsafe(policy: Policy): void {
  const bytes = Buffer.byteLength(JSON.stringify(policy));
  if (bytes > POLICY_BYTES_MAX)
    throw new AppError(
      'too_large',
      `Cannot set this policy: it has ${bytes} bytes, and ${POLICY_BYTES_MAX} are the most.`,
    );
  const ids = policy.rules.map(({ id }) => id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  if (twice.length > 0) throw invalid(`two rules are called ${twice.join(', ')}. Give each its own id`);
  const { operator } = policy.roles;
  const taken = OPERATOR_KEEPS.filter((permission) => operator?.includes(permission) === false);
  if (taken.length > 0)
    throw invalid(`it takes ${taken.join(', ')} from the operator, who could never set another. Leave it to the role`);
  for (const role of ROLES) {
    const given = OPERATOR_ONLY.filter((permission) => role !== 'operator' && policy.roles[role]?.includes(permission));
    if (given.length > 0)
      throw invalid(`it gives ${given.join(', ')} to ${role}: who may set the policy may do everything. Leave it out`);
  }
}

/** @throws AppError invalid_input naming the rule that would lock the operator out */
export function refuseLockout(policy: CompiledPolicy, operatorWalletId: string | undefined): void {
  const operator = {
    ...policy.rightsOf('operator'),
    ...(operatorWalletId === undefined ? {} : { walletId: operatorWalletId }),
  };
  for (const name of RESCUE) {
    const { decision, rule } = decide(operator, TOOLS.get(name), { policy });
    if (!decision)
      throw invalid(
        `${rule} denies ${name} to the operator, who could never set another. Except the role operator from the rule`,
      );
  }
}

/** A mistyped name would deny nothing, and nobody would notice. @throws AppError invalid_input */
export function refuseUnknownNames({ rules }: Policy): void {
  const agents = new Set(AGENTS.map(({ name }) => name));
  for (const { id, deny } of rules) {
    const tools = deny.tools?.filter((name) => !TOOLS.has(name)) ?? [];
    const unknown = [...(deny.agents?.filter((name) => !agents.has(name)) ?? []), ...tools];
    if (unknown.length > 0)
      throw invalid(`the rule ${id} speaks of ${unknown.join(', ')}, which the lab does not have. Check the names`);
  }
}

const invalid = (why: string): AppError => new AppError('invalid_input', `Cannot set this policy: ${why}.`);
