// The Chancellor's contract, part by part, to its domain. No rule lives here.
import { handlersOf, together } from '@labmesh/agent';
import type { chancellorParts, Handlers } from '@labmesh/contracts';
import { governanceTools } from './governance/governance.tools.js';
import { Holds } from './ledger/holds.js';
import { Ledger } from './ledger/ledger.js';
import { Statements } from './ledger/statements.js';
import { Verification } from './ledger/verification.repository.js';
import { Work } from './ledger/work.js';
import { rewardTools } from './rewards/rewards.tools.js';
import { stakingTools } from './staking/staking.tools.js';
import { WalletStatuses } from './wallets/wallet-status.js';
import { Wallets } from './wallets/wallets.js';

const walletTools = (wallets: Wallets, statuses: WalletStatuses): Handlers<typeof chancellorParts.wallets> => ({
  create_boilerplate_wallet: (input) => wallets.create(input),
  list_wallet_templates: () => wallets.templates(),
  get_wallet: (input, call) => wallets.get(input.walletId, call.principal),
  list_wallets: (input) => wallets.list(input),
  freeze_wallet: (input) => statuses.freeze(input),
  unfreeze_wallet: (input) => statuses.unfreeze(input),
  close_wallet: (input, call) => statuses.close(input, call.principal),
});

const ledgerTools = (
  ledger: Ledger,
  statements: Statements,
  verification: Verification,
): Handlers<typeof chancellorParts.ledger> => ({
  get_balance: (input, call) => statements.balance(input, call.principal),
  export_statement: (input, call) => statements.export(input, call),
  execute_transaction: (input, call) => ledger.transfer(input, call.principal),
  execute_batch: (input, call) => ledger.batch(input, call.principal),
  reverse_transaction: (input, call) => ledger.reverse(input, call.principal),
  verify_ledger: () => verification.verify(),
});

const holdTools = (holds: Holds): Handlers<typeof chancellorParts.holds> => ({
  hold_transaction: (input, call) => holds.hold(input, call.principal),
  capture_hold: (input, call) => holds.capture(input, call.principal),
  release_hold: (input, call) => holds.release(input, call.principal),
  list_holds: (input, call) => holds.list(input, call.principal),
});

const workTools = (work: Work): Handlers<typeof chancellorParts.work> => ({
  hold_for_work: (input, call) => work.hold(input, call.principal),
});

export const chancellorTools = together(
  handlersOf([Wallets, WalletStatuses], walletTools),
  handlersOf([Ledger, Statements, Verification], ledgerTools),
  handlersOf([Holds], holdTools),
  handlersOf([Work], workTools),
  governanceTools,
  stakingTools,
  rewardTools,
);
