// The Chancellor's tools for wallets: who there is, from which template, open or not. Part of the contract in chancellor.ts.
import { z } from 'zod';
import { GRANTABLE_ROLES } from './permissions.js';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { Amount, PermissionName, RoleName, Timestamp, WalletId, words } from './values.js';

export const WALLET_STATUSES = ['open', 'frozen', 'closed'] as const;

const Limits = {
  perTransaction: Amount.nullable().describe('The most in one payment or hold; null without a limit'),
  perDay: Amount.nullable().describe('The most in a day (UTC)'),
};
const Template = {
  earningRate: Amount.describe('What rewards are multiplied by'),
  limits: z.object(Limits),
  toolset: z.array(z.string()).describe('Toolsets it is meant to work with, as in /mcp?toolsets='),
};
const Owner = holds('identifier', words(200)).describe(
  'A verified id outside the lab, such as an ORCID: one wallet each, and the same wallet when asked again',
);
const WalletRow = z.object({
  walletId: WalletId,
  role: RoleName,
  label: z.string().nullable(),
  template: z.string().nullable(),
  owner: z.string().nullable(),
  status: z.enum(WALLET_STATUSES),
  createdAt: Timestamp,
});
const Changed = z.object({ walletId: WalletId, status: z.enum(WALLET_STATUSES), at: Timestamp });
const Reason = words(140).describe('Why, for those who look at the wallet later');

export const walletTools = {
  create_boilerplate_wallet: defineTool({
    title: 'Open a wallet with a role',
    description:
      'Opens an empty wallet for a person or program from one of the four templates: a role, spending limits, an earning rate and a toolset. Make its first token with sentinel_generate_wallet_token.',
    keywords: [
      'add a new user',
      'onboard or invite a colleague',
      'register an account',
      'sign up a new student or postdoc',
      'somebody new has joined',
      'give a person access to the lab',
      'enrol, new member',
      'make an account',
      'invite a guest scientist',
      'register a new intern or employee',
      'make an account for somebody',
      'let a person in',
      'new team member starts',
    ],
    effect: 'write',
    everyday: true,
    permission: 'wallet:create',
    input: z.object({
      role: z
        .enum(GRANTABLE_ROLES)
        .describe(
          'The template. citizen reads; researcher also submits and transforms data; validator also logs solutions; developer also sees the lab’s health',
        ),
      label: words(80).optional().describe('Whose it is, for people'),
      owner: Owner.optional(),
    }),
    output: z.object({
      walletId: WalletId,
      role: RoleName,
      label: z.string().nullable(),
      permissions: z.array(PermissionName),
      ...Template,
      balance: Amount,
      createdAt: Timestamp,
    }),
    errors: ['conflict'],
    timeoutMs: 5_000,
  }),
  list_wallet_templates: defineTool({
    title: 'What wallets can be opened from',
    description: 'The templates of wallets: role, permissions, earning rate, spending limits and toolset of each.',
    keywords: [
      'roles to choose from',
      'spending limits',
      'earning rates',
      'kinds of accounts',
      'which roles can I give',
      'how much may each spend',
    ],
    effect: 'read',
    permission: 'wallet:read',
    input: z.object({}),
    output: z.object({
      templates: z.array(
        z.object({
          name: z.string(),
          title: z.string(),
          role: RoleName,
          permissions: z.array(PermissionName),
          ...Template,
        }),
      ),
    }),
    errors: [],
    timeoutMs: 5_000,
  }),
  get_wallet: defineTool({
    title: 'Role and status of a wallet',
    description:
      'A wallet’s role, label, template, status and limits. Your own when walletId is left out; the operator may read any.',
    keywords: [
      'what is my wallet id',
      'is my wallet frozen',
      'who am I',
      'which role do I have',
      'am I an operator or a researcher',
      'my account details',
    ],
    effect: 'read',
    about: ['walletId'],
    permission: 'wallet:read',
    input: z.object({ walletId: WalletId.optional() }),
    output: WalletRow.extend({ statusReason: z.string().nullable(), limits: z.object(Limits) }),
    errors: ['not_found'],
    timeoutMs: 2_000,
  }),
  list_wallets: defineTool({
    title: 'Every wallet of the lab',
    description: 'Wallets in the order in which they were opened, with role, label and status.',
    keywords: [
      'all users',
      'accounts of the lab',
      'members',
      'who is a member here',
      'everybody in the lab',
      'people and their roles',
      'find a user',
    ],
    effect: 'read',
    permission: 'wallet:read:any',
    input: z.object({
      role: RoleName.optional(),
      status: z.enum(WALLET_STATUSES).optional(),
      limit: z.number().int().min(1).max(200).default(50),
      cursor: holds('identifier', z.string().max(60)).optional().describe('Cursor of an earlier answer'),
    }),
    output: z.object({ wallets: z.array(WalletRow), nextCursor: z.string().optional() }),
    errors: [],
    timeoutMs: 5_000,
  }),
  freeze_wallet: defineTool({
    title: 'Stop a wallet from paying',
    description:
      'A frozen wallet is paid, and pays, holds, stakes, proposes, votes and delegates nothing until chancellor_unfreeze_wallet.',
    keywords: [
      'block an account',
      'suspend a user’s money',
      'stop somebody from spending',
      'account was hacked, stop payments',
      'lock an account',
      'block a thief',
      'no more payments from a wallet',
      'suspicious wallet',
      'lock the wallet of a thief',
    ],
    effect: 'write',
    idempotent: true,
    about: ['walletId'],
    permission: 'ledger:operate',
    input: z.object({ walletId: WalletId, reason: Reason }),
    output: Changed,
    errors: ['not_found', 'conflict'],
    timeoutMs: 5_000,
  }),
  unfreeze_wallet: defineTool({
    title: 'Let a frozen wallet pay again',
    description: 'Undoes chancellor_freeze_wallet: the wallet pays as before.',
    keywords: ['unblock an account', 'may spend again', 'release a blocked account', 'undo a block', 'thaw'],
    effect: 'write',
    idempotent: true,
    about: ['walletId'],
    permission: 'ledger:operate',
    input: z.object({ walletId: WalletId, reason: Reason }),
    output: Changed,
    errors: ['not_found', 'conflict'],
    timeoutMs: 5_000,
  }),
  close_wallet: defineTool({
    title: 'Close an empty wallet for good',
    description:
      'A closed wallet neither pays nor is paid any more; its history stays. It must be empty: nothing available, staked, held or promised. Your own, or any for the operator. It cannot be undone.',
    keywords: [
      'delete an account',
      'remove a user',
      'person has left the lab',
      'leave the lab',
      'deactivate an account',
      'fire somebody',
      'remove a person who has left',
      'offboarding',
    ],
    effect: 'destroy',
    idempotent: true,
    about: ['walletId'],
    permission: 'wallet:transfer',
    input: z.object({ walletId: WalletId.optional(), reason: Reason }),
    output: Changed,
    errors: ['not_found', 'conflict'],
    timeoutMs: 5_000,
  }),
} as const;
