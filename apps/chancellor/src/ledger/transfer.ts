// What one transfer is and how it can end. Pure: the SQL function decides the outcome, this gives it words.
import { AMOUNT_MAX_MICRO, AppError, type ErrorCodeName, microToAmount } from '@labmesh/contracts';

/** The account all money comes from, and the only one that may be negative. */
export const ISSUANCE = 'issuance';

export interface Transfer {
  /** Account id: a wallet id, or `issuance`. */
  readonly from: string;
  readonly to: string;
  /** Integer micro-$webxos. */
  readonly amountMicro: bigint;
  readonly memo: string | null;
  /** Means one payment of this payer. */
  readonly key: string;
}

export interface Posted {
  readonly transactionId: string;
  /** What the payer held right after, micro-$webxos. */
  readonly balanceMicro: bigint;
  readonly postedAt: Date;
  /** True when the key had been used and nothing moved this time. */
  readonly replayed: boolean;
}

/** In the order in which chancellor.transfer() looks for them; the first that holds is the answer. */
export const OUTCOMES = [
  'amount_not_positive',
  'same_wallet',
  'unknown_from',
  'unknown_to',
  'key_reused',
  'replayed',
  'insufficient_funds',
  'balance_too_large',
  'posted',
] as const;
export type Outcome = (typeof OUTCOMES)[number];
export type Refusal = Exclude<Outcome, 'posted' | 'replayed'>;

/** A refusal as an error that says what, why and what to do. `holdsMicro` is what the payer holds, where it matters. */
export function refusal(outcome: Refusal, transfer: Transfer, holdsMicro: bigint | null): AppError {
  const { code, why } = explain(outcome, transfer, microToAmount(holdsMicro ?? 0n));
  const details = { reason: outcome };
  return new AppError(code, `Cannot transfer ${microToAmount(transfer.amountMicro)}: ${why}`, { details });
}

/** Why the ledger refused, when this error is a refusal of it. */
export function refusedBecause(error: unknown): Refusal | undefined {
  if (!(error instanceof AppError)) return undefined;
  return (error.details as { reason?: Refusal } | undefined)?.reason;
}

function explain(outcome: Refusal, { from, to, key }: Transfer, holds: string): { code: ErrorCodeName; why: string } {
  switch (outcome) {
    case 'amount_not_positive':
      return { code: 'invalid_input', why: 'the amount must be more than zero' };
    case 'same_wallet':
      return { code: 'invalid_input', why: `wallet ${from} would pay itself; name another one in to` };
    case 'unknown_from':
      return { code: 'not_found', why: `there is no paying wallet ${from}` };
    case 'unknown_to':
      return { code: 'not_found', why: `there is no wallet ${to}; check the id in to` };
    case 'key_reused':
      return {
        code: 'conflict',
        why: `idempotencyKey "${key}" paid something else before; a new payment needs a new key`,
      };
    case 'insufficient_funds':
      return { code: 'insufficient_funds', why: `wallet ${from} holds ${holds}` };
    case 'balance_too_large':
      return {
        code: 'conflict',
        why: `wallet ${to} would hold more than ${microToAmount(AMOUNT_MAX_MICRO)}, the most one can`,
      };
  }
}
