// Whose wallet is it: the rules that the table of permissions cannot express. Refusals never tell whether a wallet exists.
import { AppError, type Principal } from '@labmesh/contracts';

/** Your own wallet, or any with `wallet:read:any`. */
export const mayRead = (walletId: string, caller: Principal): boolean =>
  walletId === caller.walletId || caller.permissions.includes('wallet:read:any');

/** Throws `forbidden` for what the caller may not read, the same for wallets that do not exist. */
export function refuseOthersWallet(walletId: string, caller: Principal): void {
  if (mayRead(walletId, caller)) return;
  throw new AppError(
    'forbidden',
    `Cannot read wallet ${walletId}: it is not yours, and you may read your own only. Leave walletId out.`,
  );
}

/** Whether the caller looks after the whole ledger. */
export const mayOperate = (caller: Principal): boolean => caller.permissions.includes('ledger:operate');

/** Paying: your own wallet, whoever you are. Throws `forbidden`. */
export function refuseOthersMoney(walletId: string, caller: Principal): void {
  if (walletId === caller.walletId) return;
  throw new AppError('forbidden', `Cannot pay from wallet ${walletId}: everyone pays from their own. Leave from out.`);
}

export const walletNotFound = (walletId: string): AppError =>
  new AppError('not_found', `Cannot read wallet ${walletId}: there is no such wallet. Check the id.`);
