// The Chancellor's tools for money: balances, statements, transactions, the books' check. Part of the contract in chancellor.ts.
import { z } from 'zod';
import { blobLink } from './blob-links.js';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { AccountId, Amount, RoleName, SignedAmount, Timestamp, WalletId, words } from './values.js';

/** Kinds of transactions. What money does is in the legs; the kind says why. */
export const TRANSACTION_KINDS = [
  'payment',
  'hold',
  'capture',
  'release',
  'reversal',
  'stake',
  'unstake',
  'reward',
  'yield',
  'fee',
  'grant',
  'issuance',
] as const;
export const TransactionKind = z.enum(TRANSACTION_KINDS);
/** Most transfers in one batch. */
export const BATCH_MAX = 1_000;
/** Most entries of one statement. */
export const STATEMENT_MAX = 2_000;

export const TransactionId = z
  .string()
  .regex(/^txn_[0-9a-f-]{36}$/, 'a transaction id looks like txn_ and a UUID')
  .describe('Id of a transaction');
export const IdempotencyKey = z
  .string()
  .min(8)
  .max(100)
  .describe('A value of your choosing, new for each request you mean, the same when you retry it');
export const Memo = words(140);

const Cursor = holds('identifier', z.string().max(60)).describe('Cursor of an earlier answer');
const Account = z.enum(['available', 'staked', 'held']).default('available');

const Entry = z.object({
  transactionId: z.string(),
  at: Timestamp,
  kind: TransactionKind,
  change: SignedAmount,
  balanceAfter: Amount,
  counterparty: z.string().describe('The other account: a wallet, one with .staked or .held, or the lab’s'),
  memo: z.string().nullable(),
});

const filters = {
  walletId: WalletId.optional(),
  account: Account,
  kind: TransactionKind.optional(),
  counterparty: AccountId.optional(),
  from: Timestamp.optional().describe('Entries of this time and later'),
  to: Timestamp.optional().describe('Entries before this time'),
};

const Posted = {
  transactionId: z.string(),
  from: WalletId,
  to: WalletId,
  amount: Amount,
  balance: Amount.describe('What the paying wallet held right after'),
  at: Timestamp,
  replayed: z.boolean().describe('True when this key had been used and nothing moved this time'),
};

export const ledgerTools = {
  get_balance: defineTool({
    title: 'Balance and history of a wallet',
    description:
      'What a wallet may pay with, has staked, has set aside and is promised, in $webxos, and its newest transactions, or those that fit. Your own wallet when walletId is left out; the operator may read any. A page with filters may be short: go on while nextBefore is there.',
    keywords: [
      'how much money',
      'account statement',
      'funds',
      'how much do I have left',
      'what is on my account',
      'am I rich, broke',
      'what did I spend',
      'recent payments',
      'can I afford it',
      'who paid me',
      'show my money',
      'what did I pay last month',
      'credit that is left',
      'my finances',
      'my funds and payments',
      'am I out of money',
    ],
    effect: 'read',
    everyday: true,
    about: ['walletId'],
    permission: 'wallet:read',
    input: z.object({
      ...filters,
      at: Timestamp.optional().describe('Balances and history as they were then'),
      limit: z.number().int().min(0).max(200).default(20).describe('How many transactions of the history'),
      before: Cursor.optional(),
    }),
    output: z.object({
      walletId: WalletId,
      role: RoleName,
      label: z.string().nullable(),
      currency: z.literal('$webxos'),
      balance: Amount.describe('What it may pay with'),
      staked: Amount,
      held: Amount.describe('Set aside for others'),
      pending: Amount.optional().describe('Set aside for it by others; not with at'),
      history: z.array(Entry),
      nextBefore: z.string().optional().describe('Present when older transactions may exist'),
    }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
  export_statement: defineTool({
    title: 'Statement of a wallet as CSV or JSON',
    description:
      'Entries of a wallet’s account, oldest first, to keep or to hand on, as CSV or JSON: at most 2,000 in an answer, and on with nextAfter; or all that follow as a file, when asked by as: "link", or when an answer would be over 256 KiB. The link is good for 24 hours.',
    keywords: [
      'download transactions',
      'bank statement',
      'bookkeeping',
      'transactions for the tax office',
      'everything I spent as a file',
      'accounting',
      'excel of my payments',
      'report of payments',
    ],
    effect: 'read',
    about: ['walletId'],
    permission: 'wallet:read',
    input: z.object({
      ...filters,
      format: z.enum(['csv', 'json']).default('csv'),
      as: z.enum(['content', 'link']).default('content'),
      after: Cursor.optional(),
    }),
    output: z.object({
      walletId: WalletId,
      format: z.enum(['csv', 'json']),
      entries: z.number().int().describe('In the content, or in the file'),
      content: holds('data', z.string()).optional(),
      nextAfter: z.string().optional().describe('Present when later entries may exist'),
      link: blobLink('Where the file is, instead of content').optional(),
      sha256: z.string().optional().describe('Of the file, hex'),
    }),
    errors: ['not_found', 'too_large'],
    timeoutMs: 120_000,
  }),
  execute_transaction: defineTool({
    title: 'Move $webxos once per idempotency key',
    description:
      'Moves $webxos from your wallet to another, once: the same idempotencyKey with the same input returns the first answer, a refusal too, and moves nothing again; with other input it is refused. A balance never becomes negative.',
    keywords: [
      'pay a colleague',
      'send or transfer money',
      'transfer to another wallet',
      'payment',
      'pay somebody',
      'give somebody 5 coins',
      'send bob money',
      'wire dollars',
      'tip',
      'pay a bill',
      'owe',
      'pay the invoice or a bill',
      'give coins to a person',
      'transfer 20 to lena',
      'send someone money',
      'reimburse',
      'make a payment',
    ],
    effect: 'write',
    everyday: true,
    about: ['from', 'to'],
    idempotent: true,
    permission: 'wallet:transfer',
    input: z.object({
      to: WalletId,
      amount: Amount,
      from: WalletId.optional().describe('Must be your own wallet; so when left out'),
      memo: Memo.optional(),
      idempotencyKey: IdempotencyKey,
    }),
    output: z.object(Posted),
    errors: ['insufficient_funds', 'conflict', 'not_found'],
    timeoutMs: 5_000,
  }),
  execute_batch: defineTool({
    title: 'Many transfers at once',
    description:
      'Up to 1,000 transfers from your wallet in one go, each under its own idempotencyKey, with an outcome for each in order. linked: all or none happen. Otherwise each stands alone, and one that is refused stops no other.',
    keywords: [
      'pay many people',
      'payroll',
      'bulk transfer',
      'pay the whole team',
      'salaries',
      'pay everybody',
      'several payments in one go',
      'mass payment',
    ],
    effect: 'write',
    idempotent: true,
    permission: 'wallet:transfer',
    input: z.object({
      linked: z.boolean().default(false),
      transfers: z
        .array(z.object({ to: WalletId, amount: Amount, memo: Memo.optional(), idempotencyKey: IdempotencyKey }))
        .min(1)
        .max(BATCH_MAX),
    }),
    output: z.object({
      posted: z.number().int(),
      outcomes: z.array(
        z.object({
          outcome: z.string().describe('posted, or why not: see the outcomes in docs/chancellor.md'),
          replayed: z.boolean(),
          transactionId: z.string().optional(),
          message: z.string().optional().describe('Of what was refused'),
        }),
      ),
      balance: Amount.describe('What your wallet holds after it'),
    }),
    errors: ['not_found'],
    timeoutMs: 20_000,
  }),
  reverse_transaction: defineTool({
    title: 'Take a payment back',
    description:
      'Gives a payment or a capture back to its payer, whole or in parts, in sum no more than it was; never a reversal itself. Its receiver may (a refund), and the operator. Refused with the reason when the receiver holds less.',
    keywords: [
      'refund',
      'undo a transfer',
      'chargeback',
      'sent money to the wrong person',
      'paid or charged twice',
      'get my money back',
      'wrong amount',
      'paid by mistake',
      'return a payment',
      'that payment was a mistake',
      'undo the payment to somebody',
      'cancel a transfer',
      'took too much',
    ],
    effect: 'write',
    idempotent: true,
    about: ['transactionId'],
    permission: 'wallet:transfer',
    input: z.object({
      transactionId: TransactionId,
      amount: Amount.optional().describe('All that is not reversed yet when left out'),
      memo: Memo.optional(),
      idempotencyKey: IdempotencyKey,
    }),
    output: z.object({
      transactionId: z.string().describe('Of the reversal'),
      reverses: z.string(),
      from: AccountId.describe('Who gave it back; treasury where a job’s cost came back'),
      to: WalletId,
      amount: Amount,
      at: Timestamp,
      replayed: z.boolean(),
    }),
    errors: ['insufficient_funds', 'conflict', 'not_found'],
    timeoutMs: 5_000,
  }),
  verify_ledger: defineTool({
    title: 'Recompute the books',
    description:
      'Recomputes every balance from its entries and checks every invariant of the ledger: what it checked, how many, and what is wrong, if anything.',
    keywords: [
      'audit the books',
      'check balances',
      'prove no money was lost',
      'does the bookkeeping add up',
      'are the accounts correct',
      'is any money missing',
      'reconcile',
    ],
    effect: 'read',
    permission: 'ledger:operate',
    input: z.object({}),
    output: z.object({
      clean: z.boolean(),
      accounts: z.number().int(),
      transactions: z.number().int(),
      entries: z.number().int(),
      checks: z.array(
        z.object({
          check: z.string(),
          checked: z.number().int(),
          wrong: z.number().int(),
          examples: z.array(z.string()).describe('At most five of those that are wrong'),
        }),
      ),
      issued: Amount.describe('All money there is'),
      at: Timestamp,
    }),
    errors: [],
    timeoutMs: 120_000,
  }),
} as const;
