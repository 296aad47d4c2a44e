// The Chancellor's tools for wallets: who there is, with which role. Part of the contract in chancellor.ts.
import { z } from 'zod';
import { GRANTABLE_ROLES } from './permissions.js';
import { defineTool } from './tool.js';
import { Amount, PermissionName, RoleName, Timestamp, WalletId } from './values.js';

export const walletTools = {
  create_boilerplate_wallet: defineTool({
    title: 'Open a wallet with a role',
    description:
      'Opens an empty wallet for a person or program, with one of the ready-made roles. Make its first token with sentinel_generate_wallet_token.',
    keywords: ['add a new user', 'onboard or invite a colleague', 'register an account'],
    effect: 'write',
    everyday: true,
    permission: 'wallet:create',
    input: z.object({
      role: z
        .enum(GRANTABLE_ROLES)
        .describe(
          'citizen reads; researcher also submits and transforms data; validator also logs solutions; developer also sees the lab’s health',
        ),
      label: z.string().min(1).max(80).optional().describe('Whose it is, for people'),
    }),
    output: z.object({
      walletId: WalletId,
      role: RoleName,
      label: z.string().nullable(),
      permissions: z.array(PermissionName),
      balance: Amount,
      createdAt: Timestamp,
    }),
    errors: [],
    timeoutMs: 5_000,
  }),
  get_wallet: defineTool({
    title: 'Role of a wallet',
    description: 'For other agents: does this wallet exist, and with which role.',
    effect: 'read',
    visibility: 'internal',
    permission: 'wallet:read',
    input: z.object({ walletId: WalletId }),
    output: z.object({ walletId: WalletId, role: RoleName }),
    errors: ['not_found'],
    timeoutMs: 2_000,
  }),
} as const;
