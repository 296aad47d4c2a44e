// explain_access: why a wallet may or may not use a tool, and what would change it. It decides nothing itself: it asks the one
// rule again with other rights.

import {
  AppError,
  type Call,
  gatewayName,
  type NamedTool,
  type PolicyRule,
  ROLES,
  type Role,
  sentinel,
  type ToolInput,
  type ToolOutput,
  toolOf,
} from '@labmesh/contracts';
import { type CompiledPolicy, decide, Policies, type Rights } from '@labmesh/identity';
import { Inject, Injectable } from '@nestjs/common';
import { Principals } from '../principals/principals.js';
import { TOOLS } from './decisions.js';

type Explain = (typeof sentinel.tools)['explain_access'];

/** What is asked, under which policy. */
interface Question {
  readonly rights: Rights;
  readonly tool: NamedTool | undefined;
  readonly policy: CompiledPolicy;
}

@Injectable()
export class AccessExplanation {
  constructor(
    @Inject(Principals) private readonly principals: Principals,
    @Inject(Policies) private readonly policies: Pick<Policies, 'current'>,
  ) {}

  /** @throws AppError forbidden for another wallet without access:evaluate; not_found when there is no such wallet */
  async explain({ tool: name, walletId }: ToolInput<Explain>, call: Call): Promise<ToolOutput<Explain>> {
    const { principal } = call;
    const own = walletId === undefined || walletId === principal.walletId;
    if (!own && !principal.permissions.includes('access:evaluate'))
      throw new AppError(
        'forbidden',
        'Cannot explain the rights of another wallet without access:evaluate: ask its holder, or the operator.',
      );
    const role = own ? principal.role : await this.principals.roleOf(walletId, call);
    const policy = this.policies.current;
    const rights: Rights = own ? principal : { ...policy.rightsOf(role), walletId };
    const tool = TOOLS.get(name);
    const { decision, reason, rule } = decide(rights, tool, { policy });
    const roles = ROLES.filter((each) => decide(policy.rightsOf(each), tool, { policy }).decision);
    const question = { rights, tool, policy };
    return {
      tool: name,
      walletId: own ? principal.walletId : walletId,
      role,
      allowed: decision,
      rule,
      reason,
      policyVersion: policy.version,
      roles,
      changes: decision ? endings(rights) : openings(question, roles),
    };
  }
}

/** What would allow it: each line is one thing that stands in the way, and all of them must go. */
function openings({ rights, tool, policy }: Question, roles: readonly Role[]): string[] {
  if (tool === undefined || tool.spec.visibility === 'internal' || tool.spec.permission === null) return [];
  const { permission } = tool.spec;
  const name = gatewayName(tool.agent, tool.tool);
  const rules = policy.denials(rights, { agent: tool.agent, name, permission }).map(withoutRule);
  if (policy.permissionsOf(rights.role)?.has(permission) !== true)
    return [...rules, ...(roles.length === 0 ? [] : [`A wallet with one of the roles ${roles.join(', ')}`])];
  const bound = rights.toolset !== undefined && !rights.toolset.includes(name);
  const missing = !rights.permissions.includes(permission);
  return [
    ...rules,
    ...(bound ? [`A token whose toolset has ${name}, or one without a toolset`] : []),
    ...(missing && rules.length === 0 ? [`A token that carries ${permission}, which the role ${rights.role} has`] : []),
  ];
}

const setPolicy = toolOf(sentinel, 'set_policy');

const withoutRule = ({ id, until }: PolicyRule): string =>
  until === undefined
    ? `A policy without the rule "${id}", or one that excepts this wallet from it (${setPolicy}, by the operator)`
    : `The end of the rule "${id}" at ${until}, or a policy without it (${setPolicy}, by the operator)`;

/** What would end it. */
const endings = ({ role }: Rights): string[] => [
  'Withdrawing the token (sentinel_revoke_token)',
  `A token with fewer permissions or a toolset, instead of one with all that the role ${role} has`,
  `A rule of the policy that denies it (${setPolicy}, by the operator)`,
];
