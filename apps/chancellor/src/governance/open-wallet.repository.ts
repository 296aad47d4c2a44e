// Only an open wallet takes part in governance: a frozen one neither proposes, votes nor delegates, whatever it has staked.
import { AppError } from '@labmesh/contracts';
import type { Prisma } from '@labmesh/db';

/**
 * Holds the wallet's row until the transaction ends, so that whoever freezes it comes before or after. `what` it would do.
 * AppError forbidden when it is frozen or closed.
 */
export async function refuseUnlessOpen(tx: Prisma.TransactionClient, walletId: string, what: string): Promise<void> {
  const [wallet] = await tx.$queryRaw<Array<{ status: string }>>`
    SELECT status FROM chancellor.wallets WHERE id = ${walletId} FOR SHARE`;
  if (wallet === undefined || wallet.status === 'open') return;
  const remedy =
    wallet.status === 'frozen' ? 'Ask the operator to unfreeze it, then try again.' : 'It stays so: use another one.';
  throw new AppError('forbidden', `Cannot ${what}: wallet ${walletId} is ${wallet.status}. ${remedy}`);
}
