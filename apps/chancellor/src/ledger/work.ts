// Money for work that other agents do for a wallet: set aside before it begins, settled once by the event that tells of its end. What
// was held is found by the job's id, so nothing depends on whether anybody ever learnt the id of the hold.
import {
  amountToMicro,
  type chancellor,
  type mechanic,
  microToAmount,
  type Principal,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { heldOf, TREASURY } from './accounts.js';
import { HoldsRepository } from './holds.repository.js';
import { demandPosted } from './ledger.js';
import { LedgerRepository } from './ledger.repository.js';

type HoldForWork = (typeof chancellor.tools)['hold_for_work'];
type Ended = z.output<typeof mechanic.events.job_ended.payload>;

const holdKey = (jobId: string): string => `work:${jobId}`;
const settleKey = (jobId: string): string => `settled:${jobId}`;

@Injectable()
export class Work {
  constructor(
    @Inject(LedgerRepository) private readonly repository: LedgerRepository,
    @Inject(HoldsRepository) private readonly rows: HoldsRepository,
  ) {}

  /** Errors: as a payment's. */
  async hold(
    input: ToolInput<HoldForWork>,
    { walletId }: Pick<Principal, 'walletId'>,
  ): Promise<ToolOutput<HoldForWork>> {
    const { jobId, expiresInSeconds: seconds } = input;
    const micro = amountToMicro(input.amount);
    const key = holdKey(jobId);
    const legs = [
      { account: walletId, changeMicro: -micro },
      { account: heldOf(walletId), changeMicro: micro },
    ];
    const memo = jobId;
    const [answer] = await this.repository.post([
      { kind: 'hold', key, keyOwner: walletId, memo, legs, to: TREASURY, seconds },
    ]);
    const what = `hold ${microToAmount(micro)} for the job`;
    const { transactionId, at } = demandPosted(answer, { what, from: walletId, to: TREASURY, key });
    return { holdId: transactionId, expiresAt: new Date(at.getTime() + seconds * 1_000).toISOString() };
  }

  /** Takes what the job cost and gives the rest back, once however often it is told. A hold that has expired is nobody's to take. */
  async settle({ jobId, walletId, costMicro }: Pick<Ended, 'jobId' | 'walletId' | 'costMicro'>): Promise<void> {
    const of = await this.rows.heldUnder(walletId, holdKey(jobId));
    if (of === undefined) return;
    const cost = BigInt(costMicro);
    // The lab's own key: no wallet can have used it before.
    const follow = { key: settleKey(jobId), keyOwner: TREASURY, memo: jobId, of } as const;
    const accounts = [heldOf(walletId), ...(cost === 0n ? [] : [TREASURY]), walletId];
    await this.repository.post([
      cost === 0n
        ? { ...follow, kind: 'release', accounts }
        : { ...follow, kind: 'capture', accounts, amountMicro: cost, final: true },
    ]);
  }
}
