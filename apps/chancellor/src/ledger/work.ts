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
import type { Outcome } from './outcomes.js';
import type { PostOutcome } from './post-request.js';

type HoldForWork = (typeof chancellor.tools)['hold_for_work'];
type Ended = z.output<typeof mechanic.events.job_ended.payload>;

/** What these speak of is less by what those before it in the same group took. */
const OF_ALL: ReadonlySet<string> = new Set<Outcome>(['insufficient_funds', 'over_daily_limit']);

const holdKey = (jobId: string): string => `work:${jobId}`;
const settleKey = (jobId: string): string => `settled:${jobId}`;

@Injectable()
export class Work {
  constructor(
    @Inject(LedgerRepository) private readonly repository: LedgerRepository,
    @Inject(HoldsRepository) private readonly rows: HoldsRepository,
  ) {}

  /** For all of the jobs or none. Errors: as a payment's. */
  async hold(
    input: ToolInput<HoldForWork>,
    { walletId }: Pick<Principal, 'walletId'>,
  ): Promise<ToolOutput<HoldForWork>> {
    const { jobIds, expiresInSeconds: seconds } = input;
    const micro = amountToMicro(input.amount);
    const legs = [
      { account: walletId, changeMicro: -micro },
      { account: heldOf(walletId), changeMicro: micro },
    ];
    const answers = await this.repository.post(
      jobIds.map((jobId) => ({
        ...{ kind: 'hold', key: holdKey(jobId), keyOwner: walletId, memo: jobId, legs, to: TREASURY, seconds },
        ...(jobIds.length > 1 ? { group: 1 } : {}),
      })),
    );
    const total = microToAmount(micro * BigInt(jobIds.length));
    const what = jobIds.length > 1 ? `hold ${total} for ${jobIds.length} jobs` : `hold ${total} for the job`;
    const refusedAt = answers.findIndex(({ outcome }) => outcome !== 'posted' && outcome !== 'linked_failed');
    if (refusedAt !== -1) {
      const answer = answers[refusedAt] as PostOutcome;
      // It tells what was left when those before it had theirs, which came back.
      const shown = OF_ALL.has(answer.outcome) ? (answer.balanceMicro ?? 0n) + micro * BigInt(refusedAt) : null;
      demandPosted(shown === null ? answer : { ...answer, balanceMicro: shown }, asked(jobIds[refusedAt]));
    }
    const posted = answers.map((answer, at) => demandPosted(answer, asked(jobIds[at])));
    const [first] = posted;
    if (first === undefined) throw new Error('chancellor.post() answered nothing');
    return {
      holdIds: posted.map(({ transactionId }) => transactionId),
      expiresAt: new Date(first.at.getTime() + seconds * 1_000).toISOString(),
    };

    function asked(jobId = ''): Parameters<typeof demandPosted>[1] {
      return { what, from: walletId, to: TREASURY, key: holdKey(jobId), again: 'submit it again' };
    }
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
