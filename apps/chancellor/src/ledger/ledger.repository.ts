// The ledger's rows. Money moves only through chancellor.post(), one statement; nothing here writes a balance itself.
import { chancellor, eventSubject, microToAmount, type Role } from '@labmesh/contracts';
import { DATABASE, type Database, Outbox } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { ISSUANCE } from './accounts.js';
import { GatheredPosts } from './gathered-posts.js';
import { type Outcome, refusal } from './outcomes.js';
import { type PostOutcome, type PostRequest, writeRequests } from './post-request.js';

/** Money from one wallet to another, or to or from `issuance`. */
export interface Transfer {
  /** Account id: a wallet id, or `issuance`. */
  readonly from: string;
  readonly to: string;
  /** Integer micro-$webxos. */
  readonly amountMicro: bigint;
  readonly memo: string | null;
  /** Means one payment of this payer. */
  readonly key: string;
}

export interface Posted {
  readonly transactionId: string;
  /** What the payer held right after, micro-$webxos. */
  readonly balanceMicro: bigint;
  readonly postedAt: Date;
  /** True when the key had been used and nothing moved this time. */
  readonly replayed: boolean;
}

/** What a client of the database's pool can do, inside a transaction of the caller. */
export interface LedgerClient {
  query<R extends object>(sql: string, values: unknown[]): Promise<{ rows: R[] }>;
}

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

interface OutcomeRow {
  readonly outcome: Outcome;
  readonly replayed: boolean;
  readonly transaction_id: string | null;
  readonly balance_micro: string | null;
  readonly amount_micro: string | null;
  readonly decided_at: Date;
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

const POST = 'SELECT * FROM chancellor.post($1, $2, $3, $4)';
const POSTED = eventSubject(chancellor.events.transaction_posted);

/** Deadlock and serialization failure: a statement that met one left nothing behind, and is sent again. */
const AGAIN = new Set(['40P01', '40001']);
const TRIES = 5;

/** Statements at once: the embedded database has one connection. */
const PLACES = { embedded: 1, postgres: 2 };

// One statement, so the balance and the newest posting are of the same moment.
const STATEMENT = `
  SELECT w.role, w.label, a.balance_micro, h.*
    FROM chancellor.wallets w
    JOIN chancellor.accounts a ON a.id = w.id
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
  readonly #gathered: GatheredPosts;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {
    this.#gathered = new GatheredPosts((units) => this.#postAll(units), PLACES[database.kind]);
  }

  /**
   * Posts requests and answers each with its outcome, in order; none throws for a refusal. With `client`, inside the caller's
   * transaction: then once in it, since wallets are locked in the order of their ids within one call, and the caller pokes
   * the outbox after its commit.
   */
  async post(requests: readonly PostRequest[], client?: LedgerClient): Promise<PostOutcome[]> {
    if (requests.length === 0) return [];
    return client === undefined ? await this.#gathered.post(requests) : await postOver(client, [requests]);
  }

  /** Moves the money, or finds that this key already did. Throws the AppError of the refusal; then nothing moved. */
  async transfer(transfer: Transfer): Promise<Posted> {
    const [answer] = await this.post([payment(transfer)]);
    if (answer === undefined) throw new Error('chancellor.post() answered nothing');
    if (answer.outcome !== 'posted' || answer.transactionId === null) {
      const what = `transfer ${microToAmount(transfer.amountMicro)}`;
      throw refusal(answer.outcome as Exclude<Outcome, 'posted'>, { what, ...transfer }, answer.balanceMicro);
    }
    return {
      transactionId: answer.transactionId,
      balanceMicro: answer.balanceMicro ?? 0n,
      postedAt: answer.at,
      replayed: answer.replayed,
    };
  }

  async #postAll(units: readonly (readonly PostRequest[])[]): Promise<PostOutcome[]> {
    for (let tries = 1; ; tries++) {
      try {
        const outcomes = await postOver(this.database.pool, units);
        if (outcomes.some((one) => one.outcome === 'posted' && !one.replayed)) this.outbox.poke();
        return outcomes;
      } catch (error) {
        if (tries >= TRIES || !AGAIN.has((error as { code?: string }).code ?? '')) throw error;
      }
    }
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

/** A transfer as the ledger posts it. */
export function payment({ from, to, amountMicro, memo, key }: Transfer): PostRequest {
  const legs = [
    { account: from, changeMicro: -amountMicro },
    { account: to, changeMicro: amountMicro },
  ];
  const kind = from === ISSUANCE || to === ISSUANCE ? 'issuance' : 'payment';
  return { kind, key, keyOwner: from, memo, legs };
}

async function postOver(client: LedgerClient, units: readonly (readonly PostRequest[])[]): Promise<PostOutcome[]> {
  const { rows } = await client.query<OutcomeRow>(POST, [...writeRequests(units), POSTED]);
  return rows.map((row) => ({
    outcome: row.outcome,
    replayed: row.replayed,
    transactionId: row.transaction_id,
    balanceMicro: row.balance_micro === null ? null : BigInt(row.balance_micro),
    amountMicro: row.amount_micro === null ? null : BigInt(row.amount_micro),
    at: row.decided_at,
  }));
}
