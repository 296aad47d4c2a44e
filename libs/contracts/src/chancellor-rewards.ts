// The Chancellor's tools for rewards: what pays, what would pay, and what is due. Part of the contract in chancellor.ts.
import { z } from 'zod';
import { defineTool } from './tool.js';
import { Amount, Timestamp, WalletId } from './values.js';

/** What rules pay for, and who tells of it. */
export const REWARDED_EVENTS = {
  dataset_contributed: 'curator',
  job_completed: 'mechanic',
  result_validated: 'curator',
  solution_accepted: 'librarian',
} as const;
export type RewardedEvent = keyof typeof REWARDED_EVENTS;

/** Why an event pays nothing. */
export const UNREWARDED = {
  no_rows: 'the dataset has no rows',
  own_work: 'whoever accepted it, or asked for it, is the one who did it',
  daily_cap: 'the wallet had been paid as often for this on that day (UTC) as the rule allows',
  rule_pays_nothing: 'the rule, times the earning rate, is less than the smallest amount',
  wallet_closed: 'the wallet was closed before it was paid',
  not_accepted: 'the ledger did not accept the payment, as of a wallet that holds as much as one can',
} as const;
export type Unrewarded = keyof typeof UNREWARDED;

const EventName = z.enum(Object.keys(REWARDED_EVENTS) as [RewardedEvent, ...RewardedEvent[]]);
const Reason = z.enum(Object.keys(UNREWARDED) as [Unrewarded, ...Unrewarded[]]);
const Rate = z.string().regex(/^\d{1,4}\.\d{2,6}$/);

export const rewardTools = {
  distribute_rewards: defineTool({
    title: 'Pay the rewards that are due',
    description:
      'Closes the epochs that have ended and pays what is owed from the reward pool, in order, as far as the pool goes. The lab does the same by itself twice a minute; each event and epoch pays once.',
    keywords: [
      'pay out rewards or yield now',
      'staking payout',
      'pay everybody what they earned',
      'hand out bonuses',
      'pay interest',
    ],
    effect: 'write',
    idempotent: true,
    permission: 'reward:distribute',
    input: z.object({}),
    output: z.object({
      epochsClosed: z.int().nonnegative(),
      paid: z.int().nonnegative(),
      amount: Amount.describe('Paid by this call'),
      pending: z.int().nonnegative().describe('Rewards that are owed still'),
      pendingAmount: Amount,
      pool: Amount.describe('What the pool holds now'),
    }),
    errors: [],
    timeoutMs: 30_000,
  }),
  fund_rewards: defineTool({
    title: 'Fill the reward pool',
    description:
      'Moves $webxos of your wallet to the pool that rewards and yield are paid from, once per idempotencyKey.',
    keywords: [
      'top up the reward pool',
      'donate to rewards',
      'put money into the pool',
      'sponsor rewards',
      'give to the community',
    ],
    effect: 'write',
    idempotent: true,
    permission: 'reward:distribute',
    input: z.object({
      amount: Amount,
      idempotencyKey: z.string().min(8).max(100).describe('New for each funding you mean, the same when you retry it'),
    }),
    output: z.object({
      transactionId: z.string(),
      amount: Amount,
      balance: Amount.describe('What your wallet held right after'),
      pool: Amount.describe('What the pool holds now'),
      at: Timestamp,
      replayed: z.boolean(),
    }),
    errors: ['insufficient_funds', 'conflict', 'not_found'],
    timeoutMs: 10_000,
  }),
  preview_rewards: defineTool({
    title: 'What a wallet is paid, and would be',
    description:
      'What each event would pay the wallet now and how often today, what its stakes earn if they stay until the epoch’s end, what is owed to it, and its rewards so far, the newest first.',
    keywords: [
      'how much will I earn',
      'yield of my stake',
      'why was I not rewarded',
      'my rewards',
      'how much interest do I get',
      'what have I earned',
      'my salary so far',
      'what would I be paid',
    ],
    effect: 'read',
    about: ['walletId'],
    permission: 'wallet:read',
    input: z.object({
      walletId: WalletId.optional().describe('Your own when left out; the operator may read any'),
      limit: z.int().min(0).max(100).default(20),
      cursor: z
        .string()
        .regex(/^\d{1,18}$/)
        .optional()
        .describe('nextCursor of an earlier answer'),
    }),
    output: z.object({
      walletId: WalletId,
      rate: Rate.describe('Earning rate: what rules are multiplied by'),
      events: z.array(
        z.object({ event: EventName, amount: Amount, leftToday: z.int().nonnegative().describe('Until midnight UTC') }),
      ),
      epoch: z
        .object({
          number: z.int().positive(),
          startedAt: Timestamp,
          endsAt: Timestamp,
          amount: Amount.describe('If all stakes stay as they are'),
          total: Amount.describe('Of all stakes together'),
        })
        .nullable()
        .describe('Null before the first epoch'),
      pending: Amount.describe('Owed to it, and paid once the pool has it'),
      rewards: z.array(
        z.object({
          for: z.string().describe('An event of list_reward_rules, or epoch'),
          source: z.string().describe('Which one: dataset and version, job, solution, or the epoch’s number'),
          amount: Amount,
          status: z.enum(['pending', 'paid', 'nothing']),
          reason: Reason.nullable().describe('Why it pays nothing; list_reward_rules has the words'),
          at: Timestamp,
          paidAt: Timestamp.nullable(),
          transactionId: z.string().nullable(),
        }),
      ),
      nextCursor: z.string().optional(),
    }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
  list_reward_rules: defineTool({
    title: 'Reward rules',
    description:
      'What the lab pays for, how much, how often a day, the earning rates, the epoch of stakes, and what the pool holds. get_parameters has the bounds.',
    keywords: [
      'what earns rewards',
      'how are contributions paid',
      'epoch length and yield',
      'what do I get paid for',
      'how can I earn money',
      'bonus rules',
      'which work is paid',
      'how do I earn something here',
      'what is rewarded',
    ],
    effect: 'read',
    permission: 'wallet:read',
    input: z.object({}),
    output: z.object({
      version: z.int().nonnegative().describe('Of the parameters'),
      rules: z.array(
        z.object({
          event: EventName,
          amount: Amount.describe('Before the earning rate'),
          perDay: z.int().nonnegative().describe('How often a wallet is paid for it on a day (UTC)'),
          toldBy: z.string().nullable().describe('The agent that tells of it; null: none does yet'),
        }),
      ),
      rates: z.array(z.object({ template: z.string(), rate: Rate })),
      epoch: z.object({
        seconds: z.int().positive(),
        amount: Amount.describe('For all stakes together, at most'),
        staked: Amount.describe('By all wallets, now'),
      }),
      pool: Amount,
      paid: Amount.describe('From it so far, yield too'),
      owed: Amount.describe('Of it, to rewards that are pending'),
      unrewarded: z.array(z.object({ reason: Reason, meaning: z.string() })),
    }),
    errors: [],
    timeoutMs: 5_000,
  }),
} as const;
