// The Chancellor's tools for stakes: what is put in, what is asked back. Part of the contract in chancellor.ts.
import { z } from 'zod';
import { defineTool } from './tool.js';
import { Amount, Timestamp, WalletId } from './values.js';

/** Days that a stake may be locked for. */
export const LOCK_DAYS = { usual: 7, most: 1_095 };

const StakeId = z.string().regex(/^txn_[0-9a-f-]{36}$/, 'a stake id looks like txn_ and a UUID');
const Key = z
  .string()
  .min(8)
  .max(100)
  .describe('A value of your choosing, new for each request you mean, the same when you retry it');

const Unstaking = z.object({
  unstakingId: z.string(),
  amount: Amount,
  dueAt: Timestamp.describe('When it is back in your balance'),
  returned: z.boolean().describe('It is back'),
});

export const stakingTools = {
  stake: defineTool({
    title: 'Stake $webxos',
    description:
      'Moves $webxos of your wallet to its stakes, once per idempotencyKey. Stakes earn yield from the reward pool by amount and time, and count for votes. They come back by unstake: after the lock, and a cool-down.',
    keywords: [
      'earn interest or yield',
      'lock money',
      'get voting power',
      'invest',
      'lock up coins',
      'put money away to earn',
      'save up',
      'savings',
      'get interest on my money',
      'invest my coins',
      'put savings to work',
      'lock tokens',
    ],
    effect: 'write',
    everyday: true,
    idempotent: true,
    permission: 'wallet:transfer',
    input: z.object({
      amount: Amount,
      lockDays: z.int().min(0).max(LOCK_DAYS.most).default(LOCK_DAYS.usual).describe('7 days unless told otherwise'),
      idempotencyKey: Key,
    }),
    output: z.object({
      stakeId: StakeId,
      amount: Amount,
      lockedUntil: Timestamp,
      staked: Amount.describe('All that your wallet has staked now'),
      at: Timestamp,
      replayed: z.boolean().describe('True when this key had been used and nothing moved this time'),
    }),
    errors: ['insufficient_funds', 'conflict', 'not_found'],
    timeoutMs: 5_000,
  }),
  unstake: defineTool({
    title: 'Ask a stake back',
    description:
      'Asks a stake back, whole or in part, once its lock is over. A cool-down begins, in which it still counts and earns; after it the money comes back by itself, or at once when you call again with the same key.',
    keywords: [
      'withdraw staked money',
      'stop staking',
      'get my stake back',
      'get locked coins back',
      'free my money',
      'cash out',
    ],
    effect: 'write',
    idempotent: true,
    about: ['stakeId'],
    permission: 'wallet:transfer',
    input: z.object({
      stakeId: StakeId.describe('As stake or get_stakes gave it'),
      amount: Amount.optional().describe('All that was not asked back yet when left out'),
      idempotencyKey: Key,
    }),
    output: Unstaking.extend({
      stakeId: StakeId,
      left: Amount.describe('What of the stake was not asked back'),
      askedAt: Timestamp,
      replayed: z.boolean(),
    }),
    errors: ['conflict', 'not_found'],
    timeoutMs: 5_000,
  }),
  get_stakes: defineTool({
    title: 'Stakes of a wallet',
    description:
      'What a wallet has staked: each stake with its lock and what of it cools down, the newest first. Stakes that are back whole are left out unless all is true.',
    keywords: [
      'when can I withdraw my stake',
      'staked balance',
      'how much have I locked up',
      'my savings',
      'invested money',
    ],
    effect: 'read',
    about: ['walletId'],
    permission: 'wallet:read',
    input: z.object({
      walletId: WalletId.optional().describe('Your own when left out; the operator may read any'),
      all: z.boolean().default(false),
      limit: z.int().min(1).max(100).default(20),
      cursor: StakeId.optional().describe('nextCursor of an earlier answer'),
    }),
    output: z.object({
      walletId: WalletId,
      staked: Amount.describe('All of it, what cools down too'),
      stakes: z.array(
        z.object({
          stakeId: StakeId,
          amount: Amount.describe('As it was staked'),
          left: Amount.describe('What was not asked back'),
          stakedAt: Timestamp,
          lockedUntil: Timestamp,
          locked: z.boolean(),
          unstakings: z.array(Unstaking),
        }),
      ),
      nextCursor: StakeId.optional(),
    }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
} as const;
