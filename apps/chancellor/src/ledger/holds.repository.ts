// Rows of holds, as they are read: chancellor.post() alone writes them.
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

export interface HoldRow {
  readonly id: string;
  readonly walletId: string;
  readonly toWalletId: string;
  readonly amountMicro: bigint;
  readonly capturedMicro: bigint;
  readonly releasedMicro: bigint;
  readonly expiresAt: Date;
  /** Nothing of it may be captured any more, released already or not. */
  readonly expired: boolean;
  readonly memo: string | null;
}

interface Row {
  readonly id: string;
  readonly wallet_id: string;
  readonly to_wallet_id: string;
  readonly amount_micro: string;
  readonly captured_micro: string;
  readonly released_micro: string;
  readonly expires_at: Date;
  readonly expired: boolean;
  readonly memo: string | null;
}

const SELECT = `
  SELECT h.id, h.wallet_id, h.to_wallet_id, h.amount_micro, h.captured_micro, h.released_micro, h.expires_at, t.memo,
         h.expires_at <= greatest(clock_timestamp(), a.last_at) AS expired
    FROM chancellor.holds h
    JOIN chancellor.transactions t ON t.id = h.id
    JOIN chancellor.accounts a ON a.id = h.wallet_id`;
const BY_ID = `${SELECT} WHERE h.id = $1`;
const OPEN = 'h.captured_micro + h.released_micro < h.amount_micro';
const OF_WALLET = `
  SELECT * FROM (
    (${SELECT} WHERE h.wallet_id = $1 AND ${OPEN} ORDER BY h.expires_at, h.id LIMIT $2 + 100)
    UNION
    (${SELECT} WHERE h.to_wallet_id = $1 AND ${OPEN} ORDER BY h.expires_at, h.id LIMIT $2 + 100)
  ) o WHERE NOT o.expired ORDER BY o.expires_at, o.id LIMIT $2`;
const EXPIRED = `
  SELECT DISTINCT h.wallet_id FROM chancellor.holds h
   WHERE ${OPEN} AND h.expires_at <= clock_timestamp() LIMIT $1`;

@Injectable()
export class HoldsRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async find(id: string): Promise<HoldRow | undefined> {
    const { rows } = await this.database.pool.query<Row>(BY_ID, [id]);
    return rows.map(toHold)[0];
  }

  /** The hold that a wallet's request under this key made; undefined when there was none, or it was refused. */
  async heldUnder(walletId: string, key: string): Promise<string | undefined> {
    const { rows } = await this.database.pool.query<{ id: string }>(
      `SELECT transaction_id AS id FROM chancellor.outcomes WHERE owner_id = $1 AND key = $2 AND outcome = 'posted'`,
      [walletId, key],
    );
    return rows[0]?.id;
  }

  /** Open and not expired, as payer and as receiver; those that expire first at the top. */
  async openOf(walletId: string, limit: number): Promise<HoldRow[]> {
    const { rows } = await this.database.pool.query<Row>(OF_WALLET, [walletId, limit]);
    return rows.map(toHold);
  }

  /** Wallets with holds that have expired and are not released yet. */
  async walletsWithExpired(limit: number): Promise<string[]> {
    const { rows } = await this.database.pool.query<{ wallet_id: string }>(EXPIRED, [limit]);
    return rows.map((row) => row.wallet_id);
  }
}

const toHold = (row: Row): HoldRow => ({
  id: row.id,
  walletId: row.wallet_id,
  toWalletId: row.to_wallet_id,
  amountMicro: BigInt(row.amount_micro),
  capturedMicro: BigInt(row.captured_micro),
  releasedMicro: BigInt(row.released_micro),
  expiresAt: row.expires_at,
  expired: row.expired,
  memo: row.memo,
});
