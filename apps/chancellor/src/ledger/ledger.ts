// The ledger's rules above the rows, of payments: whose money it is, once or many at a time, and taking them back.
// It never decides whether there is enough: the one SQL function does, under its locks.
import {
  AppError,
  amountToMicro,
  type chancellor,
  microToAmount,
  type Principal,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { refuseUnprintable } from '../text.js';
import { mayOperate, refuseOthersMoney } from '../wallets/ownership.js';
import { LedgerRepository, payment, type Transfer } from './ledger.repository.js';
import { refusal } from './outcomes.js';
import type { PostOutcome } from './post-request.js';
import { StatementsRepository, type TransactionRow } from './statements.repository.js';

type Tools = typeof chancellor.tools;
/** What a caller may leave out has its default by then, except in the lab's own code. */
type Batch = Omit<ToolInput<Tools['execute_batch']>, 'linked'> & { linked?: boolean };

@Injectable()
export class Ledger {
  constructor(
    @Inject(LedgerRepository) private readonly repository: LedgerRepository,
    @Inject(StatementsRepository) private readonly statements: StatementsRepository,
  ) {}

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
    refuseTexts(input);
    const { to, memo = null, idempotencyKey: key } = input;
    const amountMicro = amountToMicro(input.amount);
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

  /** Many payments from the caller's wallet, each answered with its outcome. Errors: `invalid_input`, `not_found`. */
  async batch(input: Batch, caller: Principal): Promise<ToolOutput<Tools['execute_batch']>> {
    const from = caller.walletId;
    const transfers = input.transfers.map((one): Transfer => {
      refuseTexts(one);
      const { to, amount, memo = null, idempotencyKey: key } = one;
      return { from, to, amountMicro: amountToMicro(amount), memo, key };
    });
    const requests = transfers.map((one) => ({ ...payment(one), ...(input.linked === true ? { group: 1 } : {}) }));
    const outcomes = await this.repository.post(requests);
    const after = await this.statements.overview(from, { account: from, from: null, to: null, at: null });
    if (after === undefined)
      throw new AppError('not_found', `Cannot pay: there is no paying wallet ${from}. Open one first.`);
    return {
      posted: outcomes.filter((one) => one.outcome === 'posted').length,
      outcomes: transfers.map((one, place) => describe(outcomes[place], one)),
      balance: microToAmount(after.availableMicro),
    };
  }

  /**
   * Gives a payment back, whole or in parts. By whom it was paid to, or the operator.
   * Errors: `forbidden`, `invalid_input`, `not_found`, `conflict`, `insufficient_funds`.
   */
  async reverse(
    input: ToolInput<Tools['reverse_transaction']>,
    caller: Principal,
  ): Promise<ToolOutput<Tools['reverse_transaction']>> {
    refuseTexts(input);
    const earlier = await this.statements.transaction(input.transactionId);
    const [from, to] = partiesOf(input.transactionId, earlier, caller);
    const { memo = null, idempotencyKey: key, transactionId: of } = input;
    const [answer] = await this.repository.post([
      {
        kind: 'reversal',
        key,
        keyOwner: caller.walletId,
        memo,
        accounts: [from, to],
        of,
        ...(input.amount === undefined ? {} : { amountMicro: amountToMicro(input.amount) }),
      },
    ]);
    const { transactionId, amountMicro, at, replayed } = demandPosted(answer, {
      what: `reverse ${of}`,
      from,
      to,
      key,
      of,
    });
    return {
      transactionId,
      reverses: of,
      from,
      to,
      amount: microToAmount(amountMicro),
      at: at.toISOString(),
      replayed,
    };
  }
}

/** What was posted. Throws the AppError of a refusal. */
export function demandPosted(
  answer: PostOutcome | undefined,
  asked: Parameters<typeof refusal>[1],
): { transactionId: string; amountMicro: bigint; balanceMicro: bigint; at: Date; replayed: boolean } {
  if (answer === undefined) throw new Error('chancellor.post() answered nothing');
  const { outcome, transactionId, amountMicro, balanceMicro, at, replayed } = answer;
  if (outcome !== 'posted') throw refusal(outcome, asked, balanceMicro);
  return {
    transactionId: transactionId ?? '',
    amountMicro: amountMicro ?? 0n,
    balanceMicro: balanceMicro ?? 0n,
    at,
    replayed,
  };
}

export function refuseTexts({ memo, idempotencyKey }: { memo?: string | undefined; idempotencyKey: string }): void {
  refuseUnprintable('memo', memo);
  refuseUnprintable('idempotencyKey', idempotencyKey);
}

function describe(
  answer: PostOutcome | undefined,
  transfer: Transfer,
): ToolOutput<Tools['execute_batch']>['outcomes'][0] {
  if (answer === undefined) throw new Error('chancellor.post() answered too little');
  const { outcome, replayed, transactionId } = answer;
  if (outcome === 'posted') return { outcome, replayed, transactionId: transactionId ?? '' };
  const what = `transfer ${microToAmount(transfer.amountMicro)}`;
  return { outcome, replayed, message: refusal(outcome, { what, ...transfer }, answer.balanceMicro).message };
}

/** Who gives back and who gets it. What is not the caller's to see, is not there. */
function partiesOf(id: string, earlier: TransactionRow | undefined, caller: Principal): [string, string] {
  const payer = earlier?.from_account_id.split('.')[0];
  const receiver = earlier?.to_account_id.split('.')[0];
  if (
    payer === undefined ||
    receiver === undefined ||
    !(mayOperate(caller) || [payer, receiver].includes(caller.walletId))
  )
    throw new AppError('not_found', `Cannot reverse ${id}: there is no such transaction of yours. Check the id.`);
  if (receiver !== caller.walletId && !mayOperate(caller))
    throw new AppError(
      'forbidden',
      `Cannot reverse ${id}: who was paid gives back, not who paid. Ask wallet ${receiver}, or the operator.`,
    );
  return [earlier?.to_account_id ?? '', payer];
}
