// Payments in two steps: who may set aside, take and give back. How much there is, the one SQL function decides.
import {
  AppError,
  amountToMicro,
  type chancellor,
  HOLD_SECONDS,
  microToAmount,
  type Principal,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { mayOperate, refuseOthersWallet } from '../wallets/ownership.js';
import { heldOf, TREASURY } from './accounts.js';
import { type HoldRow, HoldsRepository } from './holds.repository.js';
import { demandPosted, refuseTexts } from './ledger.js';
import { LedgerRepository } from './ledger.repository.js';
import { refusal } from './outcomes.js';
import type { FollowUpRequest } from './post-request.js';

type Tools = typeof chancellor.tools;
/** What a caller may leave out has its default by then, except in the lab's own code. */
type Loose<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;
type Capture = Loose<ToolInput<Tools['capture_hold']>, 'final'>;
type Followed = ToolOutput<Tools['capture_hold']>;

@Injectable()
export class Holds {
  constructor(
    @Inject(LedgerRepository) private readonly repository: LedgerRepository,
    @Inject(HoldsRepository) private readonly rows: HoldsRepository,
  ) {}

  /** Sets money of the caller's aside. Errors: as a payment's. */
  async hold(
    input: Loose<ToolInput<Tools['hold_transaction']>, 'expiresInSeconds'>,
    caller: Principal,
  ): Promise<ToolOutput<Tools['hold_transaction']>> {
    refuseTexts(input);
    const { to, idempotencyKey: key, memo = null, expiresInSeconds: seconds = HOLD_SECONDS.usual } = input;
    const from = caller.walletId;
    const micro = amountToMicro(input.amount);
    // The ledger sees two accounts of one wallet, and nothing wrong with that.
    if (to === from) {
      const outcome = micro === 0n ? 'amount_not_positive' : 'same_wallet';
      throw refusal(outcome, { what: `hold ${microToAmount(micro)}`, from, to, key }, null);
    }
    const legs = [
      { account: from, changeMicro: -micro },
      { account: heldOf(from), changeMicro: micro },
    ];
    const [answer] = await this.repository.post([{ kind: 'hold', key, keyOwner: from, memo, legs, to, seconds }]);
    const posted = demandPosted(answer, { what: `hold ${microToAmount(micro)}`, from, to, key });
    return {
      holdId: posted.transactionId,
      from,
      to,
      amount: microToAmount(micro),
      balance: microToAmount(posted.balanceMicro),
      expiresAt: new Date(posted.at.getTime() + seconds * 1_000).toISOString(),
      at: posted.at.toISOString(),
      replayed: posted.replayed,
    };
  }

  /** Pays a hold, or a part of it, to whom it is for. Errors: `forbidden`, `invalid_input`, `not_found`, `conflict`. */
  async capture(input: Capture, caller: Principal): Promise<Followed> {
    const hold = await this.#mine('capture', input.holdId, caller);
    const { walletId, toWalletId } = hold;
    if (toWalletId === TREASURY)
      throw new AppError(
        'conflict',
        `Cannot capture hold ${input.holdId}: it is for a job, whose end takes what it cost and gives the rest back. Wait for that, or cancel the job.`,
      );
    if (![walletId, toWalletId].includes(caller.walletId))
      throw new AppError('forbidden', `Cannot capture hold ${input.holdId}: only ${toWalletId} may, and its payer.`);
    return await this.#follow(
      {
        kind: 'capture',
        accounts: [heldOf(walletId), toWalletId, walletId],
        final: input.final ?? false,
        ...(input.amount === undefined ? {} : { amountMicro: amountToMicro(input.amount) }),
      },
      input,
      caller,
    );
  }

  /** Gives what is left back to the payer. By whom it is for, or the operator. Errors: as `capture`. */
  async release(input: ToolInput<Tools['release_hold']>, caller: Principal): Promise<Followed> {
    const { walletId, toWalletId } = await this.#mine('release', input.holdId, caller);
    if (caller.walletId !== toWalletId && !mayOperate(caller))
      throw new AppError(
        'forbidden',
        `Cannot release hold ${input.holdId}: it is promised to ${toWalletId}, who may release it, or the operator. It is yours again when it expires.`,
      );
    return await this.#follow({ kind: 'release', accounts: [heldOf(walletId), walletId] }, input, caller);
  }

  /** Open holds of a wallet. Errors: `forbidden`. */
  async list(
    input: { walletId?: string | undefined; limit: number },
    caller: Principal,
  ): Promise<ToolOutput<Tools['list_holds']>> {
    const walletId = input.walletId ?? caller.walletId;
    refuseOthersWallet(walletId, caller);
    const rows = await this.rows.openOf(walletId, input.limit);
    return { holds: rows.map((row) => ({ ...describeHold(row), memo: row.memo })) };
  }

  async #follow(
    what: Pick<FollowUpRequest, 'kind' | 'accounts' | 'final' | 'amountMicro'>,
    input: { holdId: string; idempotencyKey: string; memo?: string | undefined },
    caller: Principal,
  ): Promise<Followed> {
    refuseTexts(input);
    const { holdId: of, idempotencyKey: key, memo = null } = input;
    const [answer] = await this.repository.post([{ ...what, key, keyOwner: caller.walletId, memo, of }]);
    const [from = '', to = ''] = what.accounts.map((account) => account.split('.')[0]);
    const { transactionId, at, replayed } = demandPosted(answer, {
      what: `${what.kind} hold ${of}`,
      from,
      to,
      key,
      of,
    });
    const hold = await this.rows.find(of);
    if (hold === undefined) throw new Error(`hold ${of} is gone`);
    return { ...describeHold(hold), transactionId, at: at.toISOString(), replayed };
  }

  /** The hold, for who pays it, whom it is for, and the operator. To all others it is not there. */
  async #mine(what: string, id: string, caller: Principal): Promise<HoldRow> {
    const hold = await this.rows.find(id);
    if (hold !== undefined && (mayOperate(caller) || [hold.walletId, hold.toWalletId].includes(caller.walletId)))
      return hold;
    throw new AppError('not_found', `Cannot ${what} hold ${id}: there is no such hold of yours. Check the id.`);
  }
}

const describeHold = (hold: HoldRow) => {
  const left = hold.expired ? 0n : hold.amountMicro - hold.capturedMicro - hold.releasedMicro;
  return {
    holdId: hold.id,
    from: hold.walletId,
    to: hold.toWalletId,
    amount: microToAmount(hold.amountMicro),
    captured: microToAmount(hold.capturedMicro),
    released: microToAmount(hold.amountMicro - hold.capturedMicro - left),
    left: microToAmount(left),
    expiresAt: hold.expiresAt.toISOString(),
  };
};
