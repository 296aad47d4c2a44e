// The ledger's rules above the rows: whose money it is, what an amount may be, how history is paged.
// It never decides whether there is enough: the one SQL function does, under its locks.
import {
  AMOUNT_MAX_MICRO,
  AppError,
  amountToMicro,
  type chancellor,
  microToAmount,
  type Principal,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { refuseUnstorable } from '../text.js';
import { refuseOthersMoney, refuseOthersWallet, walletNotFound } from '../wallets/ownership.js';
import { LedgerRepository, type Posting } from './ledger.repository.js';

type Tools = typeof chancellor.tools;

@Injectable()
export class Ledger {
  constructor(@Inject(LedgerRepository) private readonly repository: LedgerRepository) {}

  /**
   * Pays from the caller's wallet, once per idempotency key.
   * Errors: `forbidden`, `invalid_input`, `not_found`, `conflict`, `insufficient_funds`.
   */
  async transfer(
    input: ToolInput<Tools['execute_transaction']>,
    caller: Principal,
  ): Promise<ToolOutput<Tools['execute_transaction']>> {
    const from = input.from ?? caller.walletId;
    refuseOthersMoney(from, caller);
    const amountMicro = amountToMicro(input.amount);
    refuseTooLarge(input.amount, amountMicro);
    refuseUnstorable('memo', input.memo);
    refuseUnstorable('idempotencyKey', input.idempotencyKey);
    const { to, memo = null, idempotencyKey: key } = input;
    const posted = await this.repository.transfer({ from, to, amountMicro, memo, key });
    return {
      transactionId: posted.transactionId,
      from,
      to,
      amount: microToAmount(amountMicro),
      balance: microToAmount(posted.balanceMicro),
      at: posted.postedAt.toISOString(),
      replayed: posted.replayed,
    };
  }

  /** Balance and a page of history, newest first. Errors: `forbidden`, `invalid_input`, `not_found`. */
  async balance(input: ToolInput<Tools['get_balance']>, caller: Principal): Promise<ToolOutput<Tools['get_balance']>> {
    const walletId = input.walletId ?? caller.walletId;
    refuseOthersWallet(walletId, caller);
    // One more than asked for tells whether older ones exist.
    const statement = await this.repository.statement(walletId, input.limit + 1, readCursor(input.before));
    if (statement === undefined) throw walletNotFound(walletId);
    const older = statement.postings[input.limit];
    return {
      walletId,
      role: statement.role,
      label: statement.label,
      currency: '$webxos',
      balance: microToAmount(statement.balanceMicro),
      history: statement.postings.slice(0, input.limit).map(describePosting),
      ...(older === undefined ? {} : { nextBefore: (older.number + 1n).toString() }),
    };
  }
}

const describePosting = (posting: Posting) => ({
  transactionId: posting.transactionId,
  at: posting.at.toISOString(),
  change: microToAmount(posting.changeMicro),
  balanceAfter: microToAmount(posting.balanceAfterMicro),
  counterparty: posting.counterparty,
  memo: posting.memo,
});

/** The cursor is the number of the account's posting that the page stays below. */
function readCursor(before: string | undefined): bigint | undefined {
  if (before === undefined) return undefined;
  if (!/^\d{1,18}$/.test(before)) {
    throw new AppError('invalid_input', 'Cannot page: before must be the nextBefore of an earlier answer.');
  }
  return BigInt(before);
}

function refuseTooLarge(amount: string, amountMicro: bigint): void {
  if (amountMicro <= AMOUNT_MAX_MICRO) return;
  const most = microToAmount(AMOUNT_MAX_MICRO);
  throw new AppError('invalid_input', `Cannot transfer ${amount}: the most in one transaction is ${most}.`);
}
