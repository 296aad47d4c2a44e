// One transaction on a client of the pool, for rows that change together with what chancellor.post() moves.
import { type Database, poolTransaction } from '@labmesh/db';
import type { LedgerClient } from './ledger.repository.js';

/** Deadlock and serialization failure: they left nothing behind, and the work is done again. */
const AGAIN = new Set(['40P01', '40001']);
const TRIES = 5;

/** Commits what `work` did on the client; when it throws, nothing of it happened. `work` may run again: it has no other effect. */
export async function inTransaction<T>(
  database: Pick<Database, 'pool'>,
  work: (client: LedgerClient) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await poolTransaction(database, work);
    } catch (error) {
      if (tries >= TRIES || !AGAIN.has((error as { code?: string }).code ?? '')) throw error;
    }
  }
}
