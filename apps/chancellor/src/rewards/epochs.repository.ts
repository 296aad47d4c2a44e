// Rows of epochs. Closing one, what its stakes earn, and the beginning of the next are one transaction: a crash leaves all or nothing.
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { inTransaction } from '../ledger/in-transaction.repository.js';
import type { LedgerClient } from '../ledger/ledger.repository.js';
import { EPOCH } from './reward-rows.js';
import { lockPool } from './rewards.repository.js';
import { type Share, sharesOf } from './shares.js';

export interface Epoch {
  readonly number: number;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** It has ended, and what was being posted at its end is there to see. */
  readonly due: boolean;
}

/** What the parameters of its end say. */
export interface Closing {
  readonly number: number;
  readonly yieldMicro: bigint;
  readonly nextSeconds: bigint;
  readonly parametersVersion: number;
}

interface EpochSql {
  readonly number: number;
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly due: boolean;
}

/** The ledger stamps what it posts before it commits: longer than a call may last, and nothing of before the end is missing. */
const SETTLED = "interval '10 seconds'";
const OPEN = `
  SELECT number, starts_at, ends_at, ends_at + ${SETTLED} <= chancellor.staking_clock() AS due
    FROM chancellor.epochs WHERE closed_at IS NULL ORDER BY number LIMIT 1`;

const OWE = `
  INSERT INTO chancellor.rewards (rule, source, wallet_id, amount_micro, day, parameters_version, status, judged_at)
  SELECT $1, $2, s.wallet_id, s.amount, ($5::timestamptz AT TIME ZONE 'UTC')::date, $6::int, 'pending', chancellor.staking_clock()
    FROM unnest($3::text[], $4::bigint[]) AS s(wallet_id, amount)`;

@Injectable()
export class EpochsRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** The one under way; undefined before the first. */
  async open(): Promise<Epoch | undefined> {
    const { rows } = await this.database.pool.query<EpochSql>(OPEN);
    return rows.map(readEpoch)[0];
  }

  /** Begins the first epoch now; once, however many begin it. */
  async begin(seconds: bigint): Promise<void> {
    await this.database.pool.query(
      `INSERT INTO chancellor.epochs (number, starts_at, ends_at)
       SELECT 1, now.at, now.at + $1::int * interval '1 second' FROM (SELECT chancellor.staking_clock() AS at) now
       ON CONFLICT DO NOTHING`,
      [Number(seconds)],
    );
  }

  /** Works out what its stakes earn, and begins the next. False when another has closed it, or it is not due any more. */
  close({ number, yieldMicro, nextSeconds, parametersVersion }: Closing): Promise<boolean> {
    return inTransaction(this.database, async (client) => {
      const { rows } = await client.query<EpochSql>(`${OPEN} FOR UPDATE`, []);
      const epoch = rows.map(readEpoch)[0];
      if (epoch?.number !== number || !epoch.due) return false;
      const { startsAt, endsAt } = epoch;
      const free = (await lockPool(client)) - (await owedOf(client));
      const budget = free < yieldMicro ? free : yieldMicro;
      const shares = budget <= 0n ? [] : sharesOf(budget, await stakedDuring(client, startsAt, endsAt));
      await client.query(OWE, [
        EPOCH,
        String(number),
        shares.map(({ walletId }) => walletId),
        shares.map(({ amountMicro }) => amountMicro.toString()),
        endsAt,
        parametersVersion,
      ]);
      const total = shares.reduce((sum, { amountMicro }) => sum + amountMicro, 0n);
      await client.query(
        'UPDATE chancellor.epochs SET closed_at = chancellor.staking_clock(), yield_micro = $2 WHERE number = $1',
        [number, total.toString()],
      );
      await client.query(
        `INSERT INTO chancellor.epochs (number, starts_at, ends_at)
         VALUES ($1, $2, $2::timestamptz + $3::int * interval '1 second')`,
        [number + 1, endsAt, Number(nextSeconds)],
      );
      return true;
    });
  }

  /** What stakes would earn in a span if they stayed as they are until its end. */
  async preview({ startsAt, endsAt }: Epoch, budgetMicro: bigint): Promise<Share[]> {
    return sharesOf(budgetMicro, await stakedDuring(this.database.pool as LedgerClient, startsAt, endsAt));
  }
}

const readEpoch = (row: EpochSql): Epoch => ({
  number: row.number,
  startsAt: row.starts_at,
  endsAt: row.ends_at,
  due: row.due,
});

async function owedOf(client: LedgerClient): Promise<bigint> {
  const { rows } = await client.query<{ owed: string }>(
    "SELECT coalesce(sum(amount_micro), 0) AS owed FROM chancellor.rewards WHERE status = 'pending'",
    [],
  );
  return BigInt(rows[0]?.owed ?? '0');
}

async function stakedDuring(client: LedgerClient, from: Date, to: Date) {
  const { rows } = await client.query<{ wallet_id: string; weight: string }>(
    'SELECT wallet_id, weight FROM chancellor.staked_during($1, $2) ORDER BY wallet_id',
    [from, to],
  );
  return rows.map((row) => ({ walletId: row.wallet_id, weight: BigInt(row.weight) }));
}
