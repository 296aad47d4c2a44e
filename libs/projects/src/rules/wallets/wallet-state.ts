// Whose a wallet is, as far as whoever asks may know.
import { AppError } from '@labmesh/contracts';

export type WalletState = 'yours' | 'not yours' | 'unknown';

/**
 * @param own the wallet of whoever asks
 * @param ask for the other one, as `get_wallet` of the Chancellor answers
 * @throws AppError what says nothing of the wallet
 */
export async function walletStateOf(
  walletId: string,
  own: string,
  ask: (walletId: string) => Promise<unknown>,
): Promise<WalletState> {
  if (walletId === own) return 'yours';
  try {
    await ask(walletId);
    return 'not yours';
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'not_found') return 'unknown';
    // Who may not see another's wallet is not told whether it is there.
    if (error.code === 'forbidden') return 'not yours';
    throw error;
  }
}
