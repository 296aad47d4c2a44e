// The Sentinel's tools for the policy: setting it, trying it on what was recorded, looking back, and giving wallets other roles.
import { z } from 'zod';
import { GRANTABLE_ROLES } from './permissions.js';
import { Policy, VersionedPolicy } from './policy.js';
import { defineTool } from './tool.js';
import { PermissionName, RoleName, Timestamp, WalletId, words } from './values.js';

/** Longest stretch of recorded traffic that a dry run looks at, hours (30 days). */
export const DRY_RUN_HOURS_MAX = 720;
/** Most groups of recorded calls that a dry run tells of one by one. */
export const DRY_RUN_CHANGED_MAX = 100;

const Version = z.number().int().min(0).max(1_000_000_000);
const Note = words(280).trim();
const Decision = z.enum(['allow', 'deny']);

/** Tools, by gateway name, that a wallet of this role gains and loses; wallets that a rule names may fare otherwise. */
const RoleTools = z.object({ role: RoleName, gained: z.array(z.string()), lost: z.array(z.string()) });

/** How recorded calls would fare: each is decided by the policy in force and by the new one, for the wallet’s role of today. */
const Traffic = z.object({
  from: Timestamp,
  calls: z.number().int().describe('Calls that were looked at'),
  undecided: z
    .number()
    .int()
    .describe('Of these, those that cannot be decided again: nobody was identified, or the tool is no more'),
  wouldDeny: z.number().int().describe('Calls allowed by the policy in force and denied by the new one'),
  wouldAllow: z.number().int().describe('Calls denied by the policy in force and allowed by the new one'),
  changed: z
    .array(
      z.object({
        walletId: WalletId,
        role: RoleName,
        credentialId: z.string().nullable(),
        agent: z.string(),
        tool: z.string().describe('Gateway name'),
        recorded: Decision.describe('What the log says of these calls'),
        before: Decision,
        after: Decision,
        rule: z.string().describe('Rule of the new policy that decides'),
        reason: z.string(),
        calls: z.number().int(),
      }),
    )
    .max(DRY_RUN_CHANGED_MAX)
    .describe('What would be decided otherwise, most calls first'),
  more: z.number().int().describe('Groups of calls that would be decided otherwise and are not listed'),
});

const Change = z.string().describe('One line, such as "researcher loses dataset:write" or "rule quiet-night added: …"');

export const policyTools = {
  set_policy: defineTool({
    title: 'Set the policy of the lab',
    description:
      'Replaces the whole policy: what roles may do and which rules deny in spite of it. It takes effect in every process within a second. With dryRun nothing is set: the answer says what recorded calls would have been decided otherwise. restore sets an earlier version again. Read the one in force with list_policies first, and give its number as baseVersion, so that nobody’s change is lost. The operator cannot lock themselves out.',
    keywords: [
      'forbid or allow a tool to everybody',
      'change permissions of a role',
      'ban, block',
      'nobody should be able to use a tool any more',
      'new access rule',
      'close a tool',
      'allow researchers to do something',
      'restrict access',
      'block downloads for guests',
      'stop everybody from using something',
      'lock down',
      'who may do what: change it',
    ],
    effect: 'write',
    brief: ['policy'],
    permission: 'policy:write',
    input: z
      .object({
        policy: Policy.optional().describe('The new policy, whole, in the shape that list_policies shows'),
        restore: Version.optional().describe('Instead of policy: the version to set again; 0 is the built-in one'),
        note: Note.describe('Why, for those who look back'),
        baseVersion: Version.optional().describe(
          'The version this one was made from: refused when another is in force',
        ),
        dryRun: z.boolean().default(false),
        sinceHours: z
          .number()
          .int()
          .min(1)
          .max(DRY_RUN_HOURS_MAX)
          .default(24)
          .describe('With dryRun: how far back to look at recorded calls'),
      })
      .refine(({ policy, restore }) => (policy === undefined) !== (restore === undefined), 'either policy or restore'),
    output: z.object({
      version: Version.describe('In force now'),
      set: z.boolean().describe('False for a dry run, and when the policy in force says the same already'),
      changes: z.array(Change),
      tools: z.array(RoleTools).describe('Roles whose tools differ; the others are left out'),
      traffic: Traffic.optional().describe('With dryRun'),
    }),
    errors: ['conflict', 'not_found', 'too_large'],
    timeoutMs: 60_000,
  }),
  list_policies: defineTool({
    title: 'Show the policy and its history',
    description:
      'The policy in force, or an earlier version, whole; what each role may do under it; and the versions before, newest first: who set them, when, why, and what differs from the one before.',
    keywords: [
      'rules in force',
      'what a role is allowed',
      'who is allowed to do what',
      'who may delete, write or read',
      'what can a researcher do',
      'what are the access rules',
      'rights of each role',
      'permission table',
      'which tools may a citizen use',
      'what is everybody allowed to do',
      'roles and their rights',
      'show the rules',
    ],
    effect: 'read',
    permission: 'policy:read',
    input: z.object({
      version: Version.optional().describe('The version to show whole; the one in force when left out'),
      limit: z.number().int().min(1).max(100).default(20).describe('How many versions of the history'),
      before: Version.optional().describe('nextBefore of the page before: goes on with older versions'),
    }),
    output: z.object({
      inForce: Version,
      shown: VersionedPolicy,
      permissions: z
        .array(z.object({ role: RoleName, permissions: z.array(PermissionName) }))
        .describe('What each role may do under the policy shown, before its rules'),
      versions: z.array(
        z.object({
          version: Version,
          at: Timestamp.optional().describe('Absent for the built-in one'),
          by: WalletId.optional(),
          note: z.string(),
          restored: Version.optional().describe('The version whose document it has'),
          changes: z.array(Change).describe('Against the version before'),
        }),
      ),
      nextBefore: Version.optional().describe('Present when there are older versions'),
    }),
    errors: ['not_found'],
    timeoutMs: 10_000,
  }),
  set_role: defineTool({
    title: 'Change a role',
    description:
      'Changes which of the ready-made roles a wallet has. It takes effect everywhere within a second: credentials given out before go on working, with no more than they carried and no more than the role now allows; rights beyond that come with the next credential. The operator’s own role stays.',
    keywords: [
      'promote or demote a user',
      'make somebody a researcher, validator or developer',
      'give more rights',
      'make somebody an administrator or admin',
      'she needs more rights',
      'change the role of a person',
      'give somebody permission',
      'appoint',
      'turn somebody into a validator',
      'make her a researcher',
      'take rights away from a person',
      'upgrade a user',
    ],
    effect: 'write',
    about: ['walletId'],
    idempotent: true,
    permission: 'policy:write',
    input: z.object({ walletId: WalletId, role: z.enum(GRANTABLE_ROLES) }),
    output: z.object({
      walletId: WalletId,
      role: RoleName,
      before: RoleName,
      gained: z.array(PermissionName).describe('Permissions of the new role that the old one has not'),
      lost: z.array(PermissionName),
    }),
    errors: ['not_found'],
    timeoutMs: 10_000,
  }),
};

/** For the lab's own processes, at their start and when they missed a change. */
export const policyInternals = {
  get_policy: defineTool({
    title: 'The policy in force',
    description: 'The policy that every process decides by, with its version.',
    effect: 'read',
    visibility: 'internal',
    permission: null,
    input: z.object({}),
    output: VersionedPolicy,
    errors: [],
    timeoutMs: 2_000,
  }),
};
