// What writes the ledger. Money moves only through chancellor.post(), one statement; nothing here writes a balance itself.
import { chancellor, eventSubject, microToAmount } from '@labmesh/contracts';
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

interface OutcomeRow {
  readonly outcome: Outcome;
  readonly replayed: boolean;
  readonly transaction_id: string | null;
  readonly balance_micro: string | null;
  readonly amount_micro: string | null;
  readonly decided_at: Date;
}

const POST = 'SELECT * FROM chancellor.post($1, $2, $3, $4)';
const POSTED = eventSubject(chancellor.events.transaction_posted);

/** Deadlock and serialization failure: a statement that met one left nothing behind, and is sent again. */
const AGAIN = new Set(['40P01', '40001']);
const TRIES = 5;

/** Statements at once: the embedded database has one connection. */
const PLACES = { embedded: 1, postgres: 2 };

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

  /** Gives back what has expired of these wallets' holds. */
  async releaseExpired(walletIds: readonly string[]): Promise<void> {
    if (walletIds.length === 0) return;
    await this.database.pool.query(POST, [walletIds, '[]', [], POSTED]);
    this.outbox.poke();
  }
}

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
