// What one policy says otherwise than another, for people: a line for each change, and the tools that each role gains and loses. Pure.
import {
  AGENTS,
  gatewayName,
  type Policy,
  type PolicyRule,
  publicTools,
  ROLE_PERMISSIONS,
  ROLES,
  type RuleSelector,
  type sentinel,
  type ToolOutput,
} from '@labmesh/contracts';
import { type CompiledPolicy, decide } from '@labmesh/identity';
import { canonicalJson } from '@labmesh/transparency';

type Tools = ToolOutput<(typeof sentinel.tools)['set_policy']>['tools'];

export const samePolicy = (one: Policy, other: Policy): boolean => canonicalJson(one) === canonicalJson(other);

/** Lines in the order roles, rules, anomalies; none when both say the same. */
export const policyDifference = (before: Policy, after: Policy): string[] => [
  ...ROLES.flatMap((role) => {
    const [old, now] = [before, after].map(({ roles }) => roles[role] ?? ROLE_PERMISSIONS[role]) as [
      string[],
      string[],
    ];
    return [
      ...listed(
        `${role} gains`,
        now.filter((permission) => !old.includes(permission)),
      ),
      ...listed(
        `${role} loses`,
        old.filter((permission) => !now.includes(permission)),
      ),
    ];
  }),
  ...rulesDifference(before.rules, after.rules),
  ...anomaliesDifference(before.anomalies, after.anomalies),
];

const listed = (what: string, names: readonly string[]): string[] =>
  names.length === 0 ? [] : [`${what} ${names.join(', ')}`];

function rulesDifference(before: readonly PolicyRule[], after: readonly PolicyRule[]): string[] {
  const old = new Map(before.map((rule) => [rule.id, rule]));
  const now = new Map(after.map((rule) => [rule.id, rule]));
  return [
    ...before.filter(({ id }) => !now.has(id)).map((rule) => `rule ${rule.id} removed: ${saying(rule)}`),
    ...after.flatMap((rule) => {
      const known = old.get(rule.id);
      if (known === undefined) return [`rule ${rule.id} added: ${saying(rule)}`];
      return canonicalJson(known) === canonicalJson(rule) ? [] : [`rule ${rule.id} changed: ${saying(rule)}`];
    }),
  ];
}

/** Long lists are cut: the rule itself is in the policy. */
const NAMES_MAX = 5;

const saying = ({ deny, except, until }: PolicyRule): string =>
  [
    `denies ${selected(deny)}`,
    ...(except === undefined ? [] : [`except ${selected(except)}`]),
    ...(until === undefined ? [] : [`until ${until}`]),
  ].join(', ');

const selected = (selector: RuleSelector): string =>
  Object.entries(selector)
    .filter(([, names]) => names !== undefined)
    .map(([member, names]) => {
      const more = names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : '';
      return `${member} ${names.slice(0, NAMES_MAX).join(', ')}${more}`;
    })
    .join('; ');

function anomaliesDifference(before: Policy['anomalies'], after: Policy['anomalies']): string[] {
  const members = Object.keys(after) as Array<keyof Policy['anomalies']>;
  return members
    .filter((member) => before[member] !== after[member])
    .map((member) => `anomalies: ${member} is ${after[member]}, was ${before[member]}`);
}

/** For wallets that no rule names, with a token that carries all that their role has. Roles without a difference are left out. */
export function toolDifference(before: CompiledPolicy, after: CompiledPolicy): Tools {
  return ROLES.map((role) => {
    const [old, now] = [before, after].map((policy) => toolsOf(policy, role)) as [Set<string>, Set<string>];
    return {
      role,
      gained: [...now].filter((name) => !old.has(name)),
      lost: [...old].filter((name) => !now.has(name)),
    };
  }).filter(({ gained, lost }) => gained.length + lost.length > 0);
}

const PUBLIC = publicTools(AGENTS);

function toolsOf(policy: CompiledPolicy, role: (typeof ROLES)[number]): Set<string> {
  const rights = policy.rightsOf(role);
  const allowed = PUBLIC.filter((tool) => decide(rights, tool, { policy }).decision);
  return new Set(allowed.map(({ agent, tool }) => gatewayName(agent, tool)));
}
