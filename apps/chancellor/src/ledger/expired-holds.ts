// Releases holds that have expired, now and then. Nothing waits for it: every check and balance counts them as released already.
import { RecurringWork } from '@labmesh/runtime';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HoldsRepository } from './holds.repository.js';
import { LedgerRepository } from './ledger.repository.js';

const REST_MS = 60_000;
const WALLETS_AT_ONCE = 100;

@Injectable()
export class ExpiredHolds implements OnApplicationBootstrap, OnModuleDestroy {
  // A database that is away is somebody else's to report; the next round finds what this one left.
  readonly #work = new RecurringWork(
    () => this.sweep(),
    REST_MS,
    () => undefined,
  );

  constructor(
    @Inject(HoldsRepository) private readonly holds: HoldsRepository,
    @Inject(LedgerRepository) private readonly ledger: LedgerRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.#work.begin();
  }

  onModuleDestroy(): Promise<void> {
    return this.#work.stop();
  }

  /** One round; answers of how many wallets it released holds. */
  async sweep(): Promise<number> {
    const wallets = await this.holds.walletsWithExpired(WALLETS_AT_ONCE);
    await this.ledger.releaseExpired(wallets);
    return wallets.length;
  }
}
