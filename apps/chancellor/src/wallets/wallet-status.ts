// Freezing, unfreezing and closing wallets: who may, and what keeps a wallet from being closed.
import {
  AppError,
  type chancellor,
  microToAmount,
  type Principal,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { LedgerRepository } from '../ledger/ledger.repository.js';
import { refuseUnprintable } from '../text.js';
import { mayOperate, walletNotFound } from './ownership.js';
import { type Remains, type WalletRow, type WalletStatus, WalletsRepository } from './wallets.repository.js';

type Tools = typeof chancellor.tools;
type Changed = ToolOutput<Tools['freeze_wallet']>;

@Injectable()
export class WalletStatuses {
  constructor(
    @Inject(WalletsRepository) private readonly repository: WalletsRepository,
    @Inject(LedgerRepository) private readonly ledger: LedgerRepository,
  ) {}

  /** Errors: `not_found`; `conflict` for a closed one. */
  freeze(input: ToolInput<Tools['freeze_wallet']>): Promise<Changed> {
    return this.#set(input.walletId, 'frozen', input.reason);
  }

  /** Errors: as `freeze`. */
  unfreeze(input: ToolInput<Tools['unfreeze_wallet']>): Promise<Changed> {
    return this.#set(input.walletId, 'open', input.reason);
  }

  /** The caller's own wallet, or any for the operator. Errors: `forbidden`, `not_found`; `conflict` when it is not empty. */
  async close({ walletId, reason }: ToolInput<Tools['close_wallet']>, caller: Principal): Promise<Changed> {
    const id = walletId ?? caller.walletId;
    if (id !== caller.walletId && !mayOperate(caller))
      throw new AppError('forbidden', `Cannot close wallet ${id}: it is not yours. Leave walletId out.`);
    await this.ledger.releaseExpired([id]);
    return await this.#set(id, 'closed', reason);
  }

  async #set(walletId: string, status: WalletStatus, reason: string): Promise<Changed> {
    refuseUnprintable('reason', reason);
    const set = await this.repository.setStatus(walletId, { status, reason }, (wallet, remains) => {
      if (wallet.status === status) return;
      if (wallet.status === 'closed')
        throw new AppError('conflict', `Cannot change wallet ${walletId}: it is closed, and stays so. Open a new one.`);
      if (status === 'closed') refuseUnlessEmpty(wallet, remains);
    });
    if (set === undefined) throw walletNotFound(walletId);
    return { walletId, status, at: set.at.toISOString() };
  }
}

function refuseUnlessEmpty(wallet: WalletRow, { available, held, staked, promised }: Remains): void {
  if (wallet.role === 'operator')
    throw new AppError('conflict', `Cannot close wallet ${wallet.id}: it is the operator's, and the lab needs one.`);
  if (available + held + staked === 0n && promised === 0) return;
  const [free, aside, locked] = [available, held, staked].map(microToAmount);
  throw new AppError(
    'conflict',
    `Cannot close wallet ${wallet.id}: it has ${free} available, ${aside} held, ${locked} staked and ${promised} open holds for it. Pay out, unstake and wait first.`,
    { details: { reason: 'not_empty' } },
  );
}
