// How rows of stakes look in the database, and what is made of them.

export interface StakeRow {
  readonly id: string;
  readonly amountMicro: bigint;
  readonly askedBackMicro: bigint;
  readonly stakedAt: Date;
  readonly lockedUntil: Date;
  /** By the clock of the database when it was read. */
  readonly locked: boolean;
}

export interface UnstakingRow {
  readonly id: string;
  readonly stakeId: string;
  readonly walletId: string;
  readonly amountMicro: bigint;
  /** What the key asked for. */
  readonly asked: string;
  readonly askedAt: Date;
  readonly dueAt: Date;
  /** Null until it is back. */
  readonly transactionId: string | null;
}

export interface StakeSql {
  readonly id: string;
  readonly amount_micro: string;
  readonly asked_back_micro: string;
  readonly staked_at: Date;
  readonly locked_until: Date;
  readonly locked: boolean;
}

export interface UnstakingSql {
  readonly id: string;
  readonly stake_id: string;
  readonly wallet_id: string;
  readonly amount_micro: string;
  readonly asked: string;
  readonly asked_at: Date;
  readonly due_at: Date;
  readonly transaction_id: string | null;
}

export const readStake = (row: StakeSql): StakeRow => ({
  id: row.id,
  amountMicro: BigInt(row.amount_micro),
  askedBackMicro: BigInt(row.asked_back_micro),
  stakedAt: row.staked_at,
  lockedUntil: row.locked_until,
  locked: row.locked,
});

export const readUnstaking = (row: UnstakingSql): UnstakingRow => ({
  id: row.id,
  stakeId: row.stake_id,
  walletId: row.wallet_id,
  amountMicro: BigInt(row.amount_micro),
  asked: row.asked,
  askedAt: row.asked_at,
  dueAt: row.due_at,
  transactionId: row.transaction_id,
});
