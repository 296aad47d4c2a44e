// Rows of rewards. One is judged once, ever; it is paid in the transaction that says so, from what the pool holds.
import { DATABASE, type Database, Outbox } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { ISSUANCE, REWARDS } from '../ledger/accounts.js';
import { inTransaction } from '../ledger/in-transaction.repository.js';
import { type LedgerClient, LedgerRepository } from '../ledger/ledger.repository.js';
import type { MoveRequest, PostOutcome } from '../ledger/post-request.js';
import { EPOCH, type RewardRow, type RewardSql, readReward } from './reward-rows.js';

/** What an event would pay, before the cap of the day. */
export interface NewReward {
  readonly rule: string;
  /** The event's own identity. */
  readonly source: string;
  readonly walletId: string;
  readonly amountMicro: bigint;
  readonly perDay: bigint;
  /** Of the event; its day counts in UTC. */
  readonly at: Date;
  readonly parametersVersion: number;
  /** When it pays nothing whatever the day. */
  readonly reason: string | undefined;
}

export interface Paid {
  /** With those that lapse, as of a closed wallet. */
  readonly settled: number;
  readonly count: number;
  readonly amountMicro: bigint;
  readonly walletIds: readonly string[];
}

const NOTHING: Paid = { settled: 0, count: 0, amountMicro: 0n, walletIds: [] };

export interface Pool {
  readonly balanceMicro: bigint;
  readonly owed: number;
  readonly owedMicro: bigint;
}

const AT_ONCE = 100;
const NOW = 'chancellor.staking_clock()';

// $1 rule, $2 source, $3 wallet, $4 amount, $5 the event's time, $6 version, $7 times a day, $8 reason.
const JUDGE = `
  INSERT INTO chancellor.rewards (rule, source, wallet_id, amount_micro, day, parameters_version, status, reason, judged_at)
  SELECT $1, $2, $3, CASE WHEN r.reason IS NULL THEN $4::bigint ELSE 0 END, d.day, $6::int,
         CASE WHEN r.reason IS NULL THEN 'pending' ELSE 'nothing' END, r.reason, ${NOW}
    FROM (SELECT ($5::timestamptz AT TIME ZONE 'UTC')::date AS day) d,
         LATERAL (SELECT coalesce($8::text, CASE WHEN (
             SELECT count(*) FROM chancellor.rewards p
              WHERE p.wallet_id = $3 AND p.rule = $1 AND p.day = d.day AND p.status <> 'nothing') >= $7::int
           THEN 'daily_cap' END) AS reason) r
  ON CONFLICT (rule, source, wallet_id) DO NOTHING`;

const SETTLE = `
  UPDATE chancellor.rewards r SET status = s.status, reason = s.reason, transaction_id = s.transaction_id,
         paid_at = CASE WHEN s.status = 'paid' THEN s.at END
    FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
      AS s(number, status, reason, transaction_id, at)
   WHERE r.number = s.number AND r.status = 'pending'`;

@Injectable()
export class RewardsRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(LedgerRepository) private readonly ledger: LedgerRepository,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {}

  /** Writes down what the event pays; false when it was judged before, whatever came of it. */
  judge(reward: NewReward): Promise<boolean> {
    const { rule, source, walletId, amountMicro, perDay, at, parametersVersion, reason } = reward;
    const values = [
      rule,
      source,
      walletId,
      amountMicro.toString(),
      at,
      parametersVersion,
      Number(perDay),
      reason ?? null,
    ];
    return inTransaction(this.database, async (client) => {
      // Events of one wallet and rule take turns, so that the day's count is right. It is a statement of its own: the next one sees
      // what the one before it has committed.
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`reward ${rule} ${walletId}`]);
      const { rows } = await client.query(`${JUDGE} RETURNING number`, values);
      return rows.length > 0;
    });
  }

  /** Pays the oldest that are owed, as far as the pool goes, some at once. Who is owed before is paid before. */
  async pay(): Promise<Paid> {
    if (!(await this.owesAny())) return NOTHING;
    const paid = await inTransaction(this.database, async (client): Promise<Paid> => {
      // Held until the end: payers take turns, and nobody else takes of the pool.
      let left = await lockPool(client);
      // A wallet that was not heard of yet, as the operator's at the first start, is waited for.
      const { rows } = await client.query<RewardSql & { readonly lapses: boolean }>(
        `SELECT r.*, w.status = 'closed' AS lapses
           FROM chancellor.rewards r JOIN chancellor.wallets w ON w.id = r.wallet_id
          WHERE r.status = 'pending' ORDER BY r.number LIMIT $1`,
        [AT_ONCE],
      );
      const due: RewardRow[] = [];
      for (const row of rows) {
        const reward = readReward(row);
        if (!row.lapses) left -= reward.amountMicro;
        if (left < 0n) break;
        due.push(reward);
      }
      if (due.length === 0) return NOTHING;
      const outcomes = await this.ledger.post(due.map(payment), client);
      await settle(client, due, outcomes);
      const done = due.filter((_, at) => outcomes[at]?.outcome === 'posted');
      return {
        settled: due.length,
        count: done.length,
        amountMicro: done.reduce((sum, { amountMicro }) => sum + amountMicro, 0n),
        walletIds: [...new Set(done.map(({ walletId }) => walletId))],
      };
    });
    if (paid.count > 0) this.outbox.poke();
    return paid;
  }

  /** Most looks find nothing: one read then, and no lock on the pool. */
  private async owesAny(): Promise<boolean> {
    const { rows } = await this.database.pool.query(
      "SELECT 1 FROM chancellor.rewards WHERE status = 'pending' LIMIT 1",
    );
    return rows.length > 0;
  }

  /** Whether the ledger has answered this key of the account that issues money. It answers a key once, for ever. */
  async issued(key: string): Promise<boolean> {
    const { rows } = await this.database.pool.query(
      'SELECT 1 FROM chancellor.outcomes WHERE owner_id = $1 AND key = $2',
      [ISSUANCE, key],
    );
    return rows.length > 0;
  }

  async pool(): Promise<Pool> {
    const { rows } = await this.database.pool.query<{ balance: string; owed: string; owed_micro: string }>(
      `SELECT (SELECT balance_micro FROM chancellor.accounts WHERE id = $1) AS balance, count(*) AS owed,
              coalesce(sum(amount_micro), 0) AS owed_micro FROM chancellor.rewards WHERE status = 'pending'`,
      [REWARDS],
    );
    const row = rows[0];
    if (row === undefined) throw new Error('the database counted nothing');
    return { balanceMicro: BigInt(row.balance), owed: Number(row.owed), owedMicro: BigInt(row.owed_micro) };
  }

  /** What all wallets have staked now, and what was ever paid. */
  async totals(): Promise<{ stakedMicro: bigint; paidMicro: bigint }> {
    const { rows } = await this.database.pool.query<{ staked: string; paid: string }>(
      `SELECT (SELECT coalesce(sum(balance_micro), 0) FROM chancellor.accounts WHERE kind = 'staked') AS staked,
              (SELECT coalesce(sum(amount_micro), 0) FROM chancellor.rewards WHERE status = 'paid') AS paid`,
    );
    return { stakedMicro: BigInt(rows[0]?.staked ?? 0), paidMicro: BigInt(rows[0]?.paid ?? 0) };
  }

  /** Newest first, those with a number below `before`. */
  async list(walletId: string, limit: number, before: string | undefined): Promise<RewardRow[]> {
    const { rows } = await this.database.pool.query<RewardSql>(
      `SELECT * FROM chancellor.rewards WHERE wallet_id = $1 AND ($2::bigint IS NULL OR number < $2)
        ORDER BY number DESC LIMIT $3`,
      [walletId, before ?? null, limit],
    );
    return rows.map(readReward);
  }

  /** What is owed to the wallet, and how often each rule has paid it today. */
  async standing(walletId: string): Promise<{ owedMicro: bigint; today: ReadonlyMap<string, number> }> {
    const { rows } = await this.database.pool.query<{ rule: string; owed: string; today: string }>(
      `SELECT rule, coalesce(sum(amount_micro) FILTER (WHERE status = 'pending'), 0) AS owed,
              count(*) FILTER (WHERE day = (${NOW} AT TIME ZONE 'UTC')::date AND status <> 'nothing') AS today
         FROM chancellor.rewards WHERE wallet_id = $1 GROUP BY rule`,
      [walletId],
    );
    return {
      owedMicro: rows.reduce((sum, { owed }) => sum + BigInt(owed), 0n),
      today: new Map(rows.map(({ rule, today }) => [rule, Number(today)])),
    };
  }

  /** The wallet's template, null where it has none; undefined when there is no such wallet. */
  async templateOf(walletId: string): Promise<string | null | undefined> {
    const { rows } = await this.database.pool.query<{ template: string | null }>(
      'SELECT template FROM chancellor.wallets WHERE id = $1',
      [walletId],
    );
    return rows[0]?.template;
  }
}

/** What the pool holds, locked until the transaction ends. Of all locks that post() takes of wallets, this one comes first. */
export async function lockPool(client: LedgerClient): Promise<bigint> {
  const { rows } = await client.query<{ balance_micro: string }>(
    'SELECT balance_micro FROM chancellor.accounts WHERE id = $1 FOR NO KEY UPDATE',
    [REWARDS],
  );
  return BigInt(rows[0]?.balance_micro ?? '0');
}

/** Keys of the pool are the Chancellor's own: the reward's number is the second thing that holds it to once. */
const payment = ({ number, rule, source, walletId, amountMicro }: RewardRow): MoveRequest => ({
  kind: rule === EPOCH ? 'yield' : 'reward',
  key: `reward:${number}`,
  keyOwner: REWARDS,
  memo: `${rule} ${source}`,
  legs: [
    { account: REWARDS, changeMicro: -amountMicro },
    { account: walletId, changeMicro: amountMicro },
  ],
});

async function settle(
  client: LedgerClient,
  due: readonly RewardRow[],
  outcomes: readonly PostOutcome[],
): Promise<void> {
  const ends = due.map(({ number }, at) => {
    const answer = outcomes[at];
    if (answer === undefined) throw new Error(`chancellor.post() answered nothing for reward ${number}`);
    const reason =
      answer.outcome === 'posted' ? null : answer.outcome === 'to_closed' ? 'wallet_closed' : 'not_accepted';
    return { number, status: reason === null ? 'paid' : 'nothing', reason, id: answer.transactionId, at: answer.at };
  });
  await client.query(SETTLE, [
    ends.map(({ number }) => number.toString()),
    ends.map(({ status }) => status),
    ends.map(({ reason }) => reason),
    ends.map(({ id }) => id),
    ends.map(({ at }) => at.toISOString()),
  ]);
}
