// The one rule of who may use a tool. Sentinel, the gateway and every agent's guard ask this very function.
// Pure: never a database, a clock or a network here. What the policy does not allow is denied, and a rule's denial is final.
import { gatewayName, type NamedTool, type PolicyRule, type Principal } from '@labmesh/contracts';
import type { CompiledPolicy } from './compiled-policy.js';

export type Rule =
  | 'unknown_tool'
  | 'internal_tool'
  | 'open_tool'
  | 'unknown_role'
  | 'permission_missing'
  | 'toolset_excludes'
  | 'permission_held'
  /** A rule of the policy, by its id. */
  | `policy:${string}`;

export interface Decision {
  readonly decision: boolean;
  /** For people: what is missing and who has it. */
  readonly reason: string;
  /** Name of the rule that decided. */
  readonly rule: Rule;
}

/** Whose rights; without a wallet those of the role, for any wallet that no rule names. */
export type Rights = Pick<Principal, 'role' | 'permissions' | 'toolset'> & { readonly walletId?: string };

export interface Asking {
  /** The one in force, but for trying another. */
  readonly policy: CompiledPolicy;
  /** True at an agent's guard: internal tools can be reached. Left out at the edge, where only public ones can. */
  readonly internal?: boolean;
  /**
   * True when an agent acts for the wallet (the chain is not empty). A toolset names what a program may ask for,
   * not what the answer takes, so it has done its work at the first agent. The permission is needed all the way.
   */
  readonly acting?: boolean;
}

const deny = (rule: Rule, reason: string): Decision => ({ decision: false, reason, rule });
const allow = (rule: Rule, reason: string): Decision => ({ decision: true, reason, rule });

/** Decides whether these rights allow this tool; `undefined` stands for a tool that does not exist. */
export function decide(rights: Rights, tool: NamedTool | undefined, asking: Asking): Decision {
  if (!tool) return deny('unknown_tool', 'No such tool. List the tools to see those you may use.');
  const name = gatewayName(tool.agent, tool.tool);
  const { permission, visibility } = tool.spec;
  const internal = visibility === 'internal';
  if (internal && asking.internal !== true) {
    return deny('internal_tool', `${name} is for the lab’s own agents; no program reaches it from outside.`);
  }
  if (permission === null) {
    // A public tool without a permission would be open to all: a mistake in a contract, so denied.
    if (!internal) return deny('permission_missing', `${name} names no permission, so nobody has it.`);
    return allow('open_tool', `${name} needs no permission: its input is itself the proof, or its answer is public.`);
  }
  const { policy } = asking;
  const ofRole = policy.permissionsOf(rights.role);
  if (ofRole === undefined)
    return deny('unknown_role', `The role "${String(rights.role)}" does not exist in this lab.`);
  const rule = policy.denial(rights, { agent: tool.agent, name, permission });
  if (rule) return deny(`policy:${rule.id}`, denial(name, rule));
  if (!ofRole.has(permission)) {
    const holders = policy.rolesWith(permission).join(', ') || 'nobody';
    return deny(
      'permission_missing',
      `${name} needs the permission ${permission}, which the role ${rights.role} does not have (it belongs to: ${holders}). Ask the operator for a wallet with such a role.`,
    );
  }
  if (!rights.permissions.includes(permission)) {
    return deny(
      'permission_missing',
      `${name} needs the permission ${permission}, which this token leaves out; the role ${rights.role} has it. Use a token that carries it.`,
    );
  }
  const bound = !internal && asking.acting !== true;
  const names = [name, ...(tool.spec.through ?? [])];
  if (bound && rights.toolset && !names.some((one) => rights.toolset?.includes(one))) {
    return deny(
      'toolset_excludes',
      `${name} is not in this token’s toolset. Use a token whose toolset has it, or one without a toolset.`,
    );
  }
  return allow('permission_held', `The role ${rights.role} and this token hold ${permission}.`);
}

const denial = (name: string, { id, description, until }: PolicyRule): string =>
  `${name} is denied by the rule "${id}" of the lab’s policy: ${description}${/[.!?]$/.test(description) ? '' : '.'} ${until === undefined ? 'Ask the operator.' : `It holds until ${until}.`}`;
