// The chart of accounts: three of each wallet, three of the lab. An account's id says what it is.

/** The account all money comes from, and the only one that may be negative. */
export const ISSUANCE = 'issuance';
/** The pool that rewards and yield are paid from. */
export const REWARDS = 'rewards';
/** What the lab holds for itself: fees, and what the DAO decides on. */
export const TREASURY = 'treasury';

/** What a wallet has staked: it counts for votes and yield, and pays nothing. */
export const stakedOf = (walletId: string): string => `${walletId}.staked`;
/** What is set aside for others until they take it or it expires. */
export const heldOf = (walletId: string): string => `${walletId}.held`;
