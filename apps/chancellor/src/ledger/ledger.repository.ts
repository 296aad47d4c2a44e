// The ledger's rows. Money moves only through chancellor.transfer(), one statement; nothing here writes a balance itself.
import { chancellor, eventSubject, microToAmount, type Role } from '@labmesh/contracts';
import { DATABASE, type Database, Outbox } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type Outcome, type Posted, refusal, type Transfer } from './transfer.js';

/** One side of a transaction, seen from its account. Amounts in micro-$webxos. */
export interface Posting {
  /** Counts up from 1 without gaps within one account. */
  readonly number: bigint;
  readonly transactionId: string;
  readonly at: Date;
  readonly changeMicro: bigint;
  readonly balanceAfterMicro: bigint;
  /** The other account: a wallet id, or `issuance`. */
  readonly counterparty: string;
  readonly memo: string | null;
}

export interface Statement {
  readonly role: Role;
  readonly label: string | null;
  readonly balanceMicro: bigint;
  /** Newest first. */
  readonly postings: readonly Posting[];
}

interface TransferRow {
  readonly outcome: Outcome;
  readonly transaction_id: string;
  readonly balance_micro: string | null;
  readonly posted_at: Date;
}

interface StatementRow {
  readonly role: Role;
  readonly label: string | null;
  readonly balance_micro: string;
  /** This and all below are null together: the wallet has no posting in the asked range. */
  readonly number: string | null;
  readonly transaction_id: string;
  readonly posted_at: Date;
  readonly change_micro: string;
  readonly balance_after_micro: string;
  readonly counterparty: string;
  readonly memo: string | null;
}

const TRANSFER = 'SELECT * FROM chancellor.transfer($1, $2, $3, $4, $5, $6, $7)';

// One statement, so the balance and the newest posting are of the same moment.
const STATEMENT = `
  SELECT w.role, w.label, a.balance_micro, h.*
    FROM chancellor.wallets w
    JOIN chancellor.accounts a ON a.wallet_id = w.id
    LEFT JOIN LATERAL (
      SELECT p.number, p.transaction_id, t.posted_at, p.change_micro, p.balance_after_micro, t.memo,
             CASE t.from_account_id WHEN p.account_id THEN t.to_account_id ELSE t.from_account_id END AS counterparty
        FROM chancellor.postings p
        JOIN chancellor.transactions t ON t.id = p.transaction_id
       WHERE p.account_id = a.id AND p.number < $2
       ORDER BY p.number DESC
       LIMIT $3
    ) h ON true
   WHERE w.id = $1
   ORDER BY h.number DESC`;

const BIGINT_MAX = 9_223_372_036_854_775_807n;

@Injectable()
export class LedgerRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {}

  /** Moves the money, or finds that this key already did. Throws the AppError of the refusal; then nothing moved. */
  async transfer(transfer: Transfer): Promise<Posted> {
    const transactionId = `txn_${uuidv7()}`;
    const { rows } = await this.database.pool.query<TransferRow>(TRANSFER, [
      transactionId,
      transfer.from,
      transfer.to,
      transfer.amountMicro.toString(),
      transfer.memo,
      transfer.key,
      postedEvent(transactionId, transfer),
    ]);
    const row = rows[0];
    if (row === undefined) throw new Error('chancellor.transfer() answered nothing');
    const balanceMicro = row.balance_micro === null ? null : BigInt(row.balance_micro);
    if (row.outcome !== 'posted' && row.outcome !== 'replayed') throw refusal(row.outcome, transfer, balanceMicro);
    if (row.outcome === 'posted') this.outbox.poke();
    return {
      transactionId: row.transaction_id,
      balanceMicro: balanceMicro ?? 0n,
      postedAt: row.posted_at,
      replayed: row.outcome === 'replayed',
    };
  }

  /** Balance and at most `limit` postings with a number below `before`; undefined when there is no such wallet. */
  async statement(walletId: string, limit: number, before: bigint = BIGINT_MAX): Promise<Statement | undefined> {
    const { rows } = await this.database.pool.query<StatementRow>(STATEMENT, [walletId, before.toString(), limit]);
    const first = rows[0];
    if (first === undefined) return undefined;
    return {
      role: first.role,
      label: first.label,
      balanceMicro: BigInt(first.balance_micro),
      postings: rows.flatMap((row) => (row.number === null ? [] : [toPosting(row, row.number)])),
    };
  }
}

const toPosting = (row: StatementRow, number: string): Posting => ({
  number: BigInt(number),
  transactionId: row.transaction_id,
  at: row.posted_at,
  changeMicro: BigInt(row.change_micro),
  balanceAfterMicro: BigInt(row.balance_after_micro),
  counterparty: row.counterparty,
  memo: row.memo,
});

/** The outbox row of `transaction_posted` as the SQL function wants it: JSON of id, subject and payload. */
function postedEvent(transactionId: string, { from, to, amountMicro }: Transfer): string {
  const event = chancellor.events.transaction_posted;
  const payload = { transactionId, from, to, amount: microToAmount(amountMicro) };
  return JSON.stringify({ id: uuidv7(), subject: eventSubject(event), payload });
}
