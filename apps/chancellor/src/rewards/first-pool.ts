// The first money of the reward pool: issued once in a lab's life, also to a lab that was there before it had a pool.
import { Inject, Injectable } from '@nestjs/common';
import { CHANCELLOR_CONFIG, type ChancellorConfig } from '../config.js';
import { ISSUANCE, REWARDS } from '../ledger/accounts.js';
import { LedgerRepository } from '../ledger/ledger.repository.js';
import { refusedBecause } from '../ledger/outcomes.js';
import { RewardsRepository } from './rewards.repository.js';

/** One key for the whole lab: another amount in the settings issues nothing more. */
const POOL_KEY = 'reward-pool';

@Injectable()
export class FirstPool {
  constructor(
    @Inject(LedgerRepository) private readonly ledger: Pick<LedgerRepository, 'transfer'>,
    @Inject(RewardsRepository) private readonly rewards: Pick<RewardsRepository, 'issued'>,
    @Inject(CHANCELLOR_CONFIG) private readonly config: Pick<ChancellorConfig, 'rewardPoolMicro'>,
  ) {}

  /** Safe to repeat. With a pool of zero in the settings it does nothing, and leaves the key for later. */
  async fill(): Promise<void> {
    const amountMicro = this.config.rewardPoolMicro;
    // Every start but a lab's first finds it done: a look at one row then, where posting takes a tenth of a second of a new database.
    if (amountMicro === 0n || (await this.rewards.issued(POOL_KEY))) return;
    const issue = { from: ISSUANCE, to: REWARDS, amountMicro, memo: 'reward pool', key: POOL_KEY };
    try {
      await this.ledger.transfer(issue);
    } catch (error) {
      if (refusedBecause(error) !== 'key_reused') throw error;
    }
  }
}
