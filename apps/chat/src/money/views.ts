// The views of Money, and who has which: a view is there when the lab lists its tools for the caller.
import { type Named, viewsIn } from '../mcp/parts.js';

export const TOOLS = {
  balance: 'chancellor_get_balance',
  pay: 'chancellor_execute_transaction',
  reverse: 'chancellor_reverse_transaction',
  statement: 'chancellor_export_statement',
  holds: 'chancellor_list_holds',
  hold: 'chancellor_hold_transaction',
  capture: 'chancellor_capture_hold',
  release: 'chancellor_release_hold',
  wallets: 'chancellor_list_wallets',
  freeze: 'chancellor_freeze_wallet',
  unfreeze: 'chancellor_unfreeze_wallet',
  verify: 'chancellor_verify_ledger',
  stakes: 'chancellor_get_stakes',
  stake: 'chancellor_stake',
  unstake: 'chancellor_unstake',
  earnings: 'chancellor_preview_rewards',
  rules: 'chancellor_list_reward_rules',
  distribute: 'chancellor_distribute_rewards',
  fill: 'chancellor_fund_rewards',
  proposals: 'chancellor_list_proposals',
  propose: 'chancellor_propose_dao_governance',
  vote: 'chancellor_cast_vote',
  delegate: 'chancellor_delegate_votes',
  queue: 'chancellor_queue_proposal',
  execute: 'chancellor_execute_proposal',
  cancel: 'chancellor_cancel_proposal',
  parameters: 'chancellor_get_parameters',
} as const;

export type Part = keyof typeof TOOLS;

export const VIEWS = [
  { view: 'wallet', label: 'Wallet', needs: 'balance' },
  { view: 'staking', label: 'Staking', needs: 'stakes' },
  { view: 'proposals', label: 'Proposals', needs: 'proposals' },
  { view: 'books', label: 'Books', needs: 'verify' },
] as const satisfies ReadonlyArray<{ view: string; label: string; needs: Part }>;

export type View = (typeof VIEWS)[number];

export const viewsFor = (tools: Named): readonly View[] => viewsIn(VIEWS, TOOLS, tools);
