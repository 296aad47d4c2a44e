// The Chancellor: wallets and the $webxos ledger.
import { z } from 'zod';
import { GRANTABLE_ROLES } from './permissions.js';
import { definePrompt } from './prompt.js';
import { defineResource } from './resource.js';
import { holds } from './text-fields.js';
import { defineAgent, defineTool } from './tool.js';
import { Amount, PermissionName, RoleName, SignedAmount, Timestamp, WalletId } from './values.js';

export const chancellor = defineAgent({
  name: 'chancellor',
  title: 'The Chancellor',
  description: 'Wallets and the $webxos ledger.',
  hears: { sentinel: ['operator_enrolled', 'role_set'] },
  events: {
    wallet_created: z.object({ walletId: WalletId, role: RoleName }),
    transaction_posted: z.object({
      transactionId: z.string(),
      from: WalletId.or(z.literal('issuance')),
      to: WalletId,
      amount: Amount,
    }),
  },
  tools: {
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
    get_balance: defineTool({
      title: 'Balance and history of a wallet',
      description:
        'The balance of a wallet in $webxos and its newest transactions. Your own wallet when walletId is left out; the operator may read any.',
      keywords: ['how much money', 'account statement', 'funds'],
      effect: 'read',
      everyday: true,
      about: ['walletId'],
      permission: 'wallet:read',
      input: z.object({
        walletId: WalletId.optional(),
        limit: z.number().int().min(0).max(200).default(20).describe('How many transactions of the history'),
        before: holds('identifier', z.string().max(60))
          .optional()
          .describe('Cursor of an earlier answer: goes on with older transactions'),
      }),
      output: z.object({
        walletId: WalletId,
        role: RoleName,
        label: z.string().nullable(),
        currency: z.literal('$webxos'),
        balance: Amount,
        history: z.array(
          z.object({
            transactionId: z.string(),
            at: Timestamp,
            change: SignedAmount,
            balanceAfter: Amount,
            counterparty: z.string().describe('The other wallet, or "issuance" for newly issued money'),
            memo: z.string().nullable(),
          }),
        ),
        nextBefore: z.string().optional().describe('Present when older transactions exist'),
      }),
      errors: ['not_found'],
      timeoutMs: 5_000,
    }),
    execute_transaction: defineTool({
      title: 'Move $webxos once per idempotency key',
      description:
        'Moves $webxos from your wallet to another, once: the same idempotencyKey with the same input returns the first answer and moves nothing again; with other input it is refused. A balance never becomes negative.',
      keywords: ['pay a colleague', 'send or transfer money', 'payment'],
      effect: 'write',
      everyday: true,
      about: ['from', 'to'],
      idempotent: true,
      permission: 'wallet:transfer',
      input: z.object({
        to: WalletId,
        amount: Amount,
        from: WalletId.optional().describe('Must be your own wallet; so when left out'),
        memo: z.string().min(1).max(140).optional(),
        idempotencyKey: z
          .string()
          .min(8)
          .max(100)
          .describe('A value of your choosing, new for each payment you mean, the same when you retry it'),
      }),
      output: z.object({
        transactionId: z.string(),
        from: WalletId,
        to: WalletId,
        amount: Amount,
        balance: Amount.describe('What the paying wallet held right after'),
        at: Timestamp,
        replayed: z.boolean().describe('True when this key had been used and nothing moved this time'),
      }),
      errors: ['insufficient_funds', 'conflict', 'not_found'],
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
  },
  resources: {
    wallet: defineResource({
      uri: 'wallet://{id}',
      title: 'Wallet',
      description: 'Balance and newest transactions of a wallet. Your own is listed; the operator may read any.',
      mimeType: 'application/json',
      permission: 'wallet:read',
      listed: true,
    }),
  },
  prompts: {
    review_wallet: definePrompt({
      title: 'Review my wallet',
      description: 'What your wallet holds, where its money came from and where it went.',
      arguments: z.object({}),
      permission: 'wallet:read',
    }),
    pay_safely: definePrompt({
      title: 'Pay someone, once',
      description: 'Moves $webxos to another wallet with the checks before and after that a payment deserves.',
      arguments: z.object({ to: WalletId, amount: Amount }),
      permission: 'wallet:transfer',
    }),
  },
});
