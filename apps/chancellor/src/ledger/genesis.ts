// The lab's first money: issued once in its life, to the operator. Nothing else ever pays from `issuance`.
import { Inject, Injectable } from '@nestjs/common';
import { CHANCELLOR_CONFIG, type ChancellorConfig } from '../config.js';
import { Wallets } from '../wallets/wallets.js';
import { ISSUANCE } from './accounts.js';
import { LedgerRepository } from './ledger.repository.js';
import { refusedBecause } from './outcomes.js';

/** One key for the whole lab: a second operator, or another amount in the settings, issues nothing more. */
const GENESIS_KEY = 'genesis';

@Injectable()
export class Genesis {
  constructor(
    @Inject(Wallets) private readonly wallets: Wallets,
    @Inject(LedgerRepository) private readonly repository: LedgerRepository,
    @Inject(CHANCELLOR_CONFIG) private readonly config: Pick<ChancellorConfig, 'genesisAmountMicro'>,
  ) {}

  /** Opens the operator's wallet and issues the genesis amount to it. Safe to repeat, also after a crash half-way. */
  async enrol(walletId: string): Promise<void> {
    await this.wallets.openOperator(walletId);
    const amountMicro = this.config.genesisAmountMicro;
    try {
      await this.repository.transfer({ from: ISSUANCE, to: walletId, amountMicro, memo: 'genesis', key: GENESIS_KEY });
    } catch (error) {
      if (refusedBecause(error) !== 'key_reused') throw error;
    }
  }
}
