// The Chancellor's contract, part by part, to its domain. No rule lives here.
import { handlersOf, together } from '@labmesh/agent';
import type { chancellorParts, Handlers } from '@labmesh/contracts';
import { governanceTools } from './governance/governance.tools.js';
import { Ledger } from './ledger/ledger.js';
import { Wallets } from './wallets/wallets.js';

const walletTools = (wallets: Wallets): Handlers<typeof chancellorParts.wallets> => ({
  create_boilerplate_wallet: (input) => wallets.create(input),
  get_wallet: (input, call) => wallets.get(input.walletId, call.principal),
});

const ledgerTools = (ledger: Ledger): Handlers<typeof chancellorParts.ledger> => ({
  get_balance: (input, call) => ledger.balance(input, call.principal),
  execute_transaction: (input, call) => ledger.transfer(input, call.principal),
});

export const chancellorTools = together(
  handlersOf([Wallets], walletTools),
  handlersOf([Ledger], ledgerTools),
  governanceTools,
);
