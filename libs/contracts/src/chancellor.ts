// The Chancellor: wallets, the $webxos ledger and the lab's governance.
import { z } from 'zod';
import { governanceEvents, governanceTools } from './chancellor-governance.js';
import { holdTools } from './chancellor-holds.js';
import { ledgerTools, TransactionKind } from './chancellor-ledger.js';
import { rewardTools } from './chancellor-rewards.js';
import { stakingTools } from './chancellor-staking.js';
import { walletTools } from './chancellor-wallets.js';
import { workTools } from './chancellor-work.js';
import { definePrompt } from './prompt.js';
import { defineResource } from './resource.js';
import { defineAgent } from './tool.js';
import { AccountId, Amount, RoleName, WalletId } from './values.js';

/** Its tools by concept, as its handlers are. */
export const chancellorParts = {
  wallets: walletTools,
  ledger: ledgerTools,
  holds: holdTools,
  governance: governanceTools,
  staking: stakingTools,
  rewards: rewardTools,
  work: workTools,
} as const;

export const chancellor = defineAgent({
  name: 'chancellor',
  title: 'The Chancellor',
  description: 'Wallets, the $webxos ledger, stakes, rewards, proposals and votes.',
  hears: {
    sentinel: ['operator_enrolled', 'role_set'],
    curator: ['dataset_contributed', 'result_validated'],
    mechanic: ['job_ended', 'job_dropped'],
    librarian: ['solution_accepted'],
  },
  events: {
    ...governanceEvents,
    wallet_created: z.object({ walletId: WalletId, role: RoleName }),
    transaction_posted: z.object({
      transactionId: z.string(),
      kind: TransactionKind,
      from: AccountId,
      to: AccountId,
      amount: Amount,
    }),
  },
  keepsFiles: true,
  blobs: {
    description: 'Statements of wallets as files, for 24 hours, for who may read the wallet.',
    permission: 'wallet:read',
    through: ['chancellor_export_statement'],
  },
  tools: {
    ...chancellorParts.wallets,
    ...chancellorParts.ledger,
    ...chancellorParts.holds,
    ...chancellorParts.governance,
    ...chancellorParts.staking,
    ...chancellorParts.rewards,
    ...chancellorParts.work,
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
    proposal: defineResource({
      uri: 'proposal://{id}',
      title: 'Proposal',
      description:
        'A proposal as it stands: votes, quorum, timeline, what it would change. Everybody’s to read; the newest are listed.',
      mimeType: 'application/json',
      permission: 'dao:vote',
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
