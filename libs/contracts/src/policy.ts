// The lab's policy as data: what each role may do, what is denied in spite of it, and what follows an anomaly.
// Roles give, rules only take away: no rule can allow what the roles do not. Decisions are made elsewhere.
import { z } from 'zod';
import { AnomalyPolicy } from './anomaly-policy.js';
import type { Permission } from './permissions.js';
import { holds } from './text-fields.js';
import { PermissionName, RoleName, Timestamp, WalletId } from './values.js';

export const POLICY_RULES_MAX = 200;
/** Of one rule: as many as ten agents have, and those of the lab’s inside. */
const RULE_TOOLS_MAX = 500;
/** Longest policy as JSON, bytes: it travels to every process. */
export const POLICY_BYTES_MAX = 64 * 1024;
/** Version of the policy that every lab begins with: the built-in table, and no rules. */
export const BUILT_IN_POLICY_VERSION = 0;

/** What nobody can take from the operator's role: with it, every other policy can be set again. */
export const OPERATOR_KEEPS = ['policy:read', 'policy:write'] as const satisfies readonly Permission[];
/** What no other role can be given: who may set the policy may give themselves everything. */
export const OPERATOR_ONLY = ['policy:write'] as const satisfies readonly Permission[];

export const RuleId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a rule’s id has up to 40 small letters, digits and dashes');

const oneOrMore = <T extends z.ZodType>(of: T, most: number) => z.array(of).min(1).max(most).optional();
const Who = { roles: oneOrMore(RoleName, 10), wallets: oneOrMore(WalletId, 500) };

/** All members that are there must fit; one fits when any of its values does. */
export const RuleSelector = z
  .strictObject({
    ...Who,
    agents: oneOrMore(holds('identifier', z.string().min(1).max(40)), 20).describe(
      'Everything of these agents, such as curator',
    ),
    tools: oneOrMore(holds('identifier', z.string().min(1).max(80)), RULE_TOOLS_MAX).describe(
      'Tools by gateway name, such as curator_fetch_dataset; what is done with resources and prompts by the name that the audit log has, such as curator_dataset:read',
    ),
    permissions: oneOrMore(PermissionName, 50).describe('Everything that needs one of these permissions'),
  })
  .refine((selector) => Object.values(selector).some((value) => value !== undefined), 'select something');
export type RuleSelector = z.infer<typeof RuleSelector>;

export const PolicyRule = z.strictObject({
  id: RuleId.describe('Names the rule in refusals and explanations'),
  description: z.string().min(1).max(200).describe('Why; who is refused reads it'),
  deny: RuleSelector,
  except: z
    .strictObject(Who)
    .refine(({ roles, wallets }) => roles !== undefined || wallets !== undefined, 'name roles or wallets')
    .optional()
    .describe('Whom this rule does not concern: any of the roles, any of the wallets. Another rule still may'),
  until: Timestamp.optional().describe('The rule ends by itself; without it, it holds until it is taken out'),
});
export type PolicyRule = z.infer<typeof PolicyRule>;

export const Policy = z.strictObject({
  roles: z
    .partialRecord(RoleName, z.array(PermissionName).max(100))
    .default({})
    .describe('All that a role may do, in place of what is built in; roles left out stay as built in'),
  rules: z.array(PolicyRule).max(POLICY_RULES_MAX).default([]).describe('Denials; each holds whatever the roles say'),
  anomalies: AnomalyPolicy.prefault({}).describe('What follows when a model finds a call unusual'),
});
export type Policy = z.infer<typeof Policy>;

/** A policy and its place among those that were ever set. A newer one always replaces an older one. */
export const VersionedPolicy = z.object({ version: z.number().int().min(0), policy: Policy });
export type VersionedPolicy = z.infer<typeof VersionedPolicy>;

export const BUILT_IN_POLICY: VersionedPolicy = { version: BUILT_IN_POLICY_VERSION, policy: Policy.parse({}) };
