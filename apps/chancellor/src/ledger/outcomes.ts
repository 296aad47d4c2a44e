// How a request to the ledger can end, in words. Pure: the SQL function decides the outcome.
import { AMOUNT_MAX_MICRO, AppError, type ErrorCodeName, microToAmount } from '@labmesh/contracts';

/**
 * In the order in which chancellor.post() looks for them; the first that holds is the answer, and is kept under the key for
 * ever. Not kept: the first three, where the ledger knows nothing of the request, and `key_reused`.
 */
export const OUTCOMES = [
  'amount_not_positive',
  'same_wallet',
  'unknown_from',
  'key_reused',
  'linked_failed',
  'unknown_to',
  'unknown_hold',
  'unknown_transaction',
  'from_closed',
  'to_closed',
  'from_frozen',
  'hold_expired',
  'hold_closed',
  'over_hold',
  'not_reversible',
  'over_reversed',
  'over_transaction_limit',
  'over_daily_limit',
  'insufficient_funds',
  'spent_by_receiver',
  'balance_too_large',
  'posted',
] as const;
export type Outcome = (typeof OUTCOMES)[number];
export type Refusal = Exclude<Outcome, 'posted'>;

/** What was asked, as far as a refusal speaks of it. */
export interface Asked {
  /** Completes "Cannot ...". */
  readonly what: string;
  readonly from: string;
  readonly to: string;
  readonly key: string;
  /** The hold or the transaction that it is about. */
  readonly of?: string | undefined;
  /** What to do once nothing speaks against it, where the key is not the asker's own. */
  readonly again?: string;
}

/** A refusal as an error that says what, why and what to do. `shownMicro` is the amount that it speaks of. */
export function refusal(outcome: Refusal, asked: Asked, shownMicro: bigint | null): AppError {
  const { code, why } = explain(outcome, asked, microToAmount(shownMicro ?? 0n));
  return new AppError(code, `Cannot ${asked.what}: ${why}`, { details: { reason: outcome } });
}

/** Why the ledger refused, when this error is a refusal of it. */
export function refusedBecause(error: unknown): Refusal | undefined {
  if (!(error instanceof AppError)) return undefined;
  return (error.details as { reason?: Refusal } | undefined)?.reason;
}

interface Explained {
  readonly code: ErrorCodeName;
  readonly why: string;
}

const AGAIN = 'try again with a new idempotencyKey, as this one keeps this answer';

function explain(outcome: Refusal, asked: Asked, shown: string): Explained {
  const { from, to, key, again = AGAIN } = asked;
  switch (outcome) {
    case 'amount_not_positive':
      return { code: 'invalid_input', why: 'the amount must be more than zero' };
    case 'same_wallet':
      return { code: 'invalid_input', why: `wallet ${from} would pay itself; name another one in to` };
    case 'unknown_from':
      return { code: 'not_found', why: `there is no paying wallet ${from}` };
    case 'key_reused':
      return {
        code: 'conflict',
        why: `idempotencyKey "${key}" asked for something else before; a new request needs a new key`,
      };
    case 'linked_failed':
      return {
        code: 'conflict',
        why: `another transfer that it is linked with was refused, so none happened; ${again}`,
      };
    case 'unknown_to':
      return { code: 'not_found', why: `there is no wallet ${to}; check the id in to` };
    case 'from_closed':
      return { code: 'conflict', why: `wallet ${from} is closed and pays nothing any more` };
    case 'to_closed':
      return { code: 'conflict', why: `wallet ${to} is closed and takes nothing any more; ask its owner for another` };
    case 'from_frozen':
      return { code: 'forbidden', why: `wallet ${from} is frozen; ask the operator, then ${again}` };
    case 'insufficient_funds':
      return { code: 'insufficient_funds', why: `wallet ${from} holds ${shown}; once it holds enough, ${again}` };
    case 'over_transaction_limit':
      return { code: 'forbidden', why: `wallet ${from} may pay at most ${shown} at once; pay less, in parts` };
    case 'over_daily_limit':
      return { code: 'forbidden', why: `wallet ${from} may pay ${shown} more today (UTC); pay less, or tomorrow` };
    case 'balance_too_large':
      return {
        code: 'conflict',
        why: `wallet ${to} would hold more than ${microToAmount(AMOUNT_MAX_MICRO)}, the most one can`,
      };
    default:
      return explainLater(outcome, asked, shown);
  }
}

type Later =
  | 'unknown_hold'
  | 'unknown_transaction'
  | 'hold_expired'
  | 'hold_closed'
  | 'over_hold'
  | 'not_reversible'
  | 'over_reversed'
  | 'spent_by_receiver';

/** Of what comes after a hold or a transaction. */
function explainLater(outcome: Later, { from, of }: Asked, shown: string): Explained {
  switch (outcome) {
    case 'unknown_hold':
      return { code: 'not_found', why: `there is no hold ${of} of yours; check the id` };
    case 'unknown_transaction':
      return { code: 'not_found', why: `there is no transaction ${of} of yours; check the id` };
    case 'hold_expired':
      return {
        code: 'conflict',
        why: `hold ${of} has expired, and its money is its payer's again; ask for a new hold`,
      };
    case 'hold_closed':
      return { code: 'conflict', why: `nothing is left of hold ${of}: it was captured or released before` };
    case 'over_hold':
      return { code: 'conflict', why: `only ${shown} is left of hold ${of}; capture that or less` };
    case 'not_reversible':
      return {
        code: 'conflict',
        why: `transaction ${of} is neither a payment nor a capture, and only these are reversed`,
      };
    case 'over_reversed':
      return { code: 'conflict', why: `${shown} of transaction ${of} is not reversed yet; reverse that or less` };
    case 'spent_by_receiver':
      return {
        code: 'insufficient_funds',
        why: `its receiver ${from} has spent it and holds ${shown}; reverse a part, or wait until there is enough`,
      };
  }
}
