// The Chancellor's tools for payments in two steps: set aside, then take or give back. Part of the contract in chancellor.ts.
import { z } from 'zod';
import { IdempotencyKey, Memo } from './chancellor-ledger.js';
import { defineTool } from './tool.js';
import { AccountId, Amount, Timestamp, WalletId } from './values.js';

/** How long a hold lasts unless told otherwise, and at most. */
export const HOLD_SECONDS = { usual: 7 * 86_400, most: 90 * 86_400 };

const HoldId = z
  .string()
  .regex(/^txn_[0-9a-f-]{36}$/, 'a hold id looks like txn_ and a UUID')
  .describe('Id that hold_transaction answered');

const Hold = {
  holdId: z.string(),
  from: WalletId,
  to: AccountId.describe('A wallet, or treasury: what a job of the wallet may cost'),
  amount: Amount,
  captured: Amount,
  released: Amount,
  left: Amount.describe('What may still be captured'),
  expiresAt: Timestamp,
};

const Followed = z.object({
  ...Hold,
  transactionId: z.string(),
  at: Timestamp,
  replayed: z.boolean(),
});

export const holdTools = {
  hold_transaction: defineTool({
    title: 'Set $webxos aside for somebody',
    description:
      'First step of a payment in two: sets $webxos of your wallet aside for another, which takes it with chancellor_capture_hold. You cannot spend it meanwhile, nor take it back; what is left when it expires is yours again.',
    keywords: [
      'reserve money',
      'escrow',
      'deposit',
      'authorize a payment',
      'put money aside until work is done',
      'keep money back',
      'promise to pay',
      'earmark',
      'guarantee a payment',
      'block funds for an order',
      'reserve some money for something',
      'promise somebody money for a task',
      'deposit for a reservation',
      'pre-authorize an amount',
    ],
    effect: 'write',
    idempotent: true,
    about: ['to'],
    permission: 'wallet:transfer',
    input: z.object({
      to: WalletId,
      amount: Amount,
      expiresInSeconds: z
        .number()
        .int()
        .min(1)
        .max(HOLD_SECONDS.most)
        .default(HOLD_SECONDS.usual)
        .describe('7 days unless told otherwise, at most 90'),
      memo: Memo.optional(),
      idempotencyKey: IdempotencyKey,
    }),
    output: z.object({
      holdId: z.string(),
      from: WalletId,
      to: WalletId,
      amount: Amount,
      balance: Amount.describe('What your wallet may pay with after it'),
      expiresAt: Timestamp,
      at: Timestamp,
      replayed: z.boolean(),
    }),
    errors: ['insufficient_funds', 'conflict', 'not_found'],
    timeoutMs: 5_000,
  }),
  capture_hold: defineTool({
    title: 'Take what was set aside',
    description:
      'Second step: pays a hold to whom it is for, whole or a part; several parts until its amount. final gives the rest back to the payer. The receiver may, and the payer. Refused once it has expired.',
    keywords: [
      'complete a reserved payment',
      'settle an escrow',
      'collect a deposit',
      'take the deposit',
      'work is done, get paid',
      'claim reserved money',
    ],
    effect: 'write',
    idempotent: true,
    about: ['holdId'],
    permission: 'wallet:transfer',
    input: z.object({
      holdId: HoldId,
      amount: Amount.optional().describe('All that is left when left out'),
      final: z.boolean().default(false).describe('Release what this capture leaves'),
      memo: Memo.optional(),
      idempotencyKey: IdempotencyKey,
    }),
    output: Followed,
    errors: ['conflict', 'not_found'],
    timeoutMs: 5_000,
  }),
  release_hold: defineTool({
    title: 'Give back what was set aside',
    description:
      'Gives what is left of a hold back to its payer before it expires. The receiver may, and the operator; the payer waits.',
    keywords: [
      'cancel a reserved payment',
      'void an escrow',
      'return a deposit',
      'the deal is off',
      'give the deposit back',
      'let reserved money go',
      'unreserve',
    ],
    effect: 'write',
    idempotent: true,
    about: ['holdId'],
    permission: 'wallet:transfer',
    input: z.object({ holdId: HoldId, memo: Memo.optional(), idempotencyKey: IdempotencyKey }),
    output: Followed,
    errors: ['conflict', 'not_found'],
    timeoutMs: 5_000,
  }),
  list_holds: defineTool({
    title: 'What is set aside, by you and for you',
    description: 'Open holds of a wallet, as payer and as receiver, those that expire first at the top; at most 200.',
    keywords: [
      'reserved money',
      'open escrows',
      'pending payments',
      'which deposits are there',
      'what is blocked on my account',
      'money that waits',
    ],
    effect: 'read',
    about: ['walletId'],
    permission: 'wallet:read',
    input: z.object({
      walletId: WalletId.optional().describe('Your own when left out; the operator may read any'),
      limit: z.number().int().min(1).max(200).default(50),
    }),
    output: z.object({ holds: z.array(z.object({ ...Hold, memo: z.string().nullable() })) }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
} as const;
