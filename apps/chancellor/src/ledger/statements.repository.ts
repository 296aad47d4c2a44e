// What reads the ledger: balances now and at a time, entries page by page, what a hold or a transaction is.
import type { Role, TRANSACTION_KINDS } from '@labmesh/contracts';
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

/** One leg of a transaction, seen from its account. Amounts in micro-$webxos. */
export interface Posting {
  /** Counts up from 1 without gaps within one account. */
  readonly number: bigint;
  readonly transactionId: string;
  readonly kind: (typeof TRANSACTION_KINDS)[number];
  readonly at: Date;
  readonly changeMicro: bigint;
  readonly balanceAfterMicro: bigint;
  /** The other account. */
  readonly counterparty: string;
  readonly memo: string | null;
}

/** An account's entries within two times, and what its wallet holds. */
export interface Overview {
  readonly role: Role;
  readonly label: string | null;
  readonly availableMicro: bigint;
  readonly stakedMicro: bigint;
  readonly heldMicro: bigint;
  readonly pendingMicro: bigint;
  /** Numbers of its first entry in range, and one past its last. */
  readonly first: bigint;
  readonly end: bigint;
}

/** Times as ISO 8601; null without a bound. */
export interface Range {
  readonly account: string;
  readonly from: string | null;
  readonly to: string | null;
  /** Balances as of this time, and no later entries; null for now. */
  readonly at: string | null;
}

export interface Page {
  readonly account: string;
  /** Entries with numbers from `first` up to, and without, `end`. */
  readonly first: bigint;
  readonly end: bigint;
  readonly newestFirst: boolean;
  readonly limit: number;
  readonly kind: string | null;
  readonly counterparty: string | null;
}

/** The two wallets of a transaction, and what it is. */
export interface TransactionRow {
  readonly id: string;
  readonly kind: string;
  readonly from_account_id: string;
  readonly to_account_id: string;
}

interface OverviewRow {
  readonly role: Role;
  readonly label: string | null;
  readonly available: string;
  readonly staked: string;
  readonly held: string;
  readonly pending: string;
  readonly first: string;
  readonly last: string;
}

interface PostingRow {
  readonly number: string;
  readonly transaction_id: string;
  readonly kind: Posting['kind'];
  readonly posted_at: Date;
  readonly change_micro: string;
  readonly balance_after_micro: string;
  readonly counterparty: string;
  readonly memo: string | null;
}

// What has expired is the payer's again, whether or not it was released yet. $1 wallet, $2 account, $3 from, $4 to, $5 at.
const OVERVIEW = `
  SELECT w.role, w.label, b.staked,
         b.available + CASE WHEN $5::timestamptz IS NULL THEN h.expired ELSE 0 END AS available,
         b.held - CASE WHEN $5::timestamptz IS NULL THEN h.expired ELSE 0 END AS held,
         (SELECT coalesce(sum(p.amount_micro - p.captured_micro - p.released_micro), 0)
            FROM chancellor.holds p JOIN chancellor.accounts o ON o.id = p.wallet_id
           WHERE p.to_wallet_id = w.id AND p.captured_micro + p.released_micro < p.amount_micro
             AND p.expires_at > greatest(clock_timestamp(), o.last_at)) AS pending,
         CASE WHEN $3::timestamptz IS NULL THEN 0 ELSE chancellor.postings_before($2, $3) END + 1 AS first,
         least(a.posting_count,
           CASE WHEN $4::timestamptz IS NULL THEN a.posting_count ELSE chancellor.postings_before($2, $4) END,
           CASE WHEN $5::timestamptz IS NULL THEN a.posting_count
             ELSE chancellor.postings_before($2, $5::timestamptz + interval '1 millisecond') END) AS last
    FROM chancellor.wallets w
    JOIN chancellor.accounts a ON a.id = $2 AND a.wallet_id = w.id
    CROSS JOIN LATERAL (
      SELECT max(k.balance) FILTER (WHERE k.kind = 'available') AS available,
             max(k.balance) FILTER (WHERE k.kind = 'staked') AS staked,
             max(k.balance) FILTER (WHERE k.kind = 'held') AS held,
             max(k.last_at) FILTER (WHERE k.kind = 'available') AS last_at
        FROM (
          SELECT s.kind, s.last_at, CASE WHEN $5::timestamptz IS NULL THEN s.balance_micro ELSE coalesce((
            SELECT p.balance_after_micro FROM chancellor.postings p WHERE p.account_id = s.id
              AND p.number = chancellor.postings_before(s.id, $5::timestamptz + interval '1 millisecond')), 0) END AS balance
            FROM chancellor.accounts s WHERE s.wallet_id = w.id) k
    ) b
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(x.amount_micro - x.captured_micro - x.released_micro), 0) AS expired
        FROM chancellor.holds x
       WHERE x.wallet_id = w.id AND x.captured_micro + x.released_micro < x.amount_micro
         AND x.expires_at <= greatest(clock_timestamp(), b.last_at)
    ) h
   WHERE w.id = $1`;

const PAGE = (order: 'ASC' | 'DESC'): string => `
  SELECT p.number, p.transaction_id, t.kind, t.posted_at, p.change_micro, p.balance_after_micro, t.memo, o.counterparty
    FROM chancellor.postings p
    JOIN chancellor.transactions t ON t.id = p.transaction_id
   CROSS JOIN LATERAL (
     SELECT CASE t.from_account_id WHEN p.account_id THEN t.to_account_id ELSE t.from_account_id END AS counterparty) o
   WHERE p.account_id = $1 AND p.number >= $2 AND p.number < $3
     AND ($4::text IS NULL OR t.kind = $4)
     AND ($5::text IS NULL OR o.counterparty = $5 OR split_part(o.counterparty, '.', 1) = $5)
   ORDER BY p.number ${order}
   LIMIT $6`;
const NEWEST_FIRST = PAGE('DESC');
const OLDEST_FIRST = PAGE('ASC');

/** Entries that a filter looks through for one page: what it costs is bounded, however long the history is. */
export const SCAN_MOST = 5_000n;

@Injectable()
export class StatementsRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Undefined when there is no such wallet. */
  async overview(walletId: string, { account, from, to, at }: Range): Promise<Overview | undefined> {
    const { rows } = await this.database.pool.query<OverviewRow>(OVERVIEW, [walletId, account, from, to, at]);
    const row = rows[0];
    if (row === undefined) return undefined;
    return {
      role: row.role,
      label: row.label,
      availableMicro: BigInt(row.available),
      stakedMicro: BigInt(row.staked),
      heldMicro: BigInt(row.held),
      pendingMicro: BigInt(row.pending),
      first: BigInt(row.first),
      end: BigInt(row.last) + 1n,
    };
  }

  /** Entries in range that fit, in order. */
  async page({ account, first, end, newestFirst, limit, kind, counterparty }: Page): Promise<Posting[]> {
    const { rows } = await this.database.pool.query<PostingRow>(newestFirst ? NEWEST_FIRST : OLDEST_FIRST, [
      account,
      first.toString(),
      end.toString(),
      kind,
      counterparty,
      limit,
    ]);
    return rows.map((row) => ({
      number: BigInt(row.number),
      transactionId: row.transaction_id,
      kind: row.kind,
      at: row.posted_at,
      changeMicro: BigInt(row.change_micro),
      balanceAfterMicro: BigInt(row.balance_after_micro),
      counterparty: row.counterparty,
      memo: row.memo,
    }));
  }

  /** Undefined when there is no such transaction. */
  async transaction(id: string): Promise<TransactionRow | undefined> {
    const { rows } = await this.database.pool.query<TransactionRow>(
      'SELECT id, kind, from_account_id, to_account_id FROM chancellor.transactions WHERE id = $1',
      [id],
    );
    return rows[0];
  }
}
