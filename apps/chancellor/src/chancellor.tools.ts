// The Chancellor's contract, tool by tool, to its domain. No rule lives here.
import type { chancellor, Handlers } from '@labmesh/contracts';
import type { Ledger } from './ledger/ledger.js';
import type { Wallets } from './wallets/wallets.js';

export const chancellorTools = (wallets: Wallets, ledger: Ledger): Handlers<typeof chancellor.tools> => ({
  create_boilerplate_wallet: (input) => wallets.create(input),
  get_balance: (input, call) => ledger.balance(input, call.principal),
  execute_transaction: (input, call) => ledger.transfer(input, call.principal),
  get_wallet: (input, call) => wallets.get(input.walletId, call.principal),
});
