// How much of an amount each stake earns: by what was staked, times how long. Whole numbers; what they leave stays in the pool.

export interface Weight {
  readonly walletId: string;
  /** Micro-$webxos times milliseconds, more than zero. */
  readonly weight: bigint;
}

export interface Share {
  readonly walletId: string;
  /** More than zero. */
  readonly amountMicro: bigint;
}

/** Each share is rounded down, so together they are never more than there is. */
export function sharesOf(budgetMicro: bigint, weights: readonly Weight[]): Share[] {
  const total = weights.reduce((sum, { weight }) => sum + weight, 0n);
  return weights
    .map(({ walletId, weight }) => ({ walletId, amountMicro: (budgetMicro * weight) / total }))
    .filter(({ amountMicro }) => amountMicro > 0n);
}

/** A rule's amount times an earning rate in millionths, rounded down to the smallest amount. */
export const timesRate = (amountMicro: bigint, rateMicro: bigint): bigint => (amountMicro * rateMicro) / 1_000_000n;
