// How rows of rewards look in the database, and what is made of them.

/** The rule of what stakes earn; all others are names of events. */
export const EPOCH = 'epoch';

export interface RewardRow {
  readonly number: bigint;
  readonly rule: string;
  readonly source: string;
  readonly walletId: string;
  readonly amountMicro: bigint;
  readonly status: 'pending' | 'paid' | 'nothing';
  readonly reason: string | null;
  readonly judgedAt: Date;
  readonly paidAt: Date | null;
  readonly transactionId: string | null;
}

export interface RewardSql {
  readonly number: string;
  readonly rule: string;
  readonly source: string;
  readonly wallet_id: string;
  readonly amount_micro: string;
  readonly status: RewardRow['status'];
  readonly reason: string | null;
  readonly judged_at: Date;
  readonly paid_at: Date | null;
  readonly transaction_id: string | null;
}

export const readReward = (row: RewardSql): RewardRow => ({
  number: BigInt(row.number),
  rule: row.rule,
  source: row.source,
  walletId: row.wallet_id,
  amountMicro: BigInt(row.amount_micro),
  status: row.status,
  reason: row.reason,
  judgedAt: row.judged_at,
  paidAt: row.paid_at,
  transactionId: row.transaction_id,
});
