// The Chancellor's tools for money: balances, history, transactions. Part of the contract in chancellor.ts.
import { z } from 'zod';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { Amount, RoleName, SignedAmount, Timestamp, WalletId } from './values.js';

export const ledgerTools = {
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
} as const;
