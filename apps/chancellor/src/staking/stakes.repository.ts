// Rows of stakes. A stake and its money appear in one transaction, and so does what comes back: a crash leaves both or neither.
import { DATABASE, type Database, Outbox } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { stakedOf } from '../ledger/accounts.js';
import { inTransaction } from '../ledger/in-transaction.repository.js';
import { type LedgerClient, LedgerRepository } from '../ledger/ledger.repository.js';
import type { PostOutcome } from '../ledger/post-request.js';
import {
  readStake,
  readUnstaking,
  type StakeRow,
  type StakeSql,
  type UnstakingRow,
  type UnstakingSql,
} from './stake-rows.js';

export interface NewStake {
  readonly walletId: string;
  readonly amountMicro: bigint;
  readonly lockDays: number;
  readonly key: string;
}

/** What is asked back; all that was not, when no amount is named. */
export interface Asking {
  readonly walletId: string;
  readonly stakeId: string;
  readonly amountMicro: bigint | undefined;
  readonly key: string;
  readonly coolDownSeconds: bigint;
}

/** How an asking ends. */
export type Asked =
  | { readonly outcome: 'asked' | 'replayed'; readonly unstaking: UnstakingRow; readonly stake: StakeRow }
  | { readonly outcome: 'unknown_stake' | 'key_reused' }
  | { readonly outcome: 'locked' | 'too_much'; readonly stake: StakeRow };

export interface Staked {
  readonly answer: PostOutcome;
  /** Undefined when the ledger refused. */
  readonly stake: StakeRow | undefined;
  readonly stakedMicro: bigint;
}

const NOW = 'chancellor.staking_clock()';
const STAKE = `SELECT s.*, s.locked_until > ${NOW} AS locked FROM chancellor.stakes s`;

@Injectable()
export class StakesRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(LedgerRepository) private readonly ledger: LedgerRepository,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {}

  /** Moves the money and writes the stake, once per key. A refusal is the ledger's, and its key keeps it. */
  async stake({ walletId, amountMicro, lockDays, key }: NewStake): Promise<Staked> {
    const staked = stakedOf(walletId);
    const legs = [
      { account: walletId, changeMicro: -amountMicro },
      { account: staked, changeMicro: amountMicro },
    ];
    // The memo makes the lock a part of what the key means.
    const request = { kind: 'stake', key, keyOwner: walletId, memo: `locked for ${lockDays} days`, legs } as const;
    const done = await inTransaction(this.database, async (client) => {
      const [answer] = await this.ledger.post([request], client);
      if (answer === undefined) throw new Error('chancellor.post() answered nothing');
      const id = answer.transactionId;
      if (id === null) return { answer, stake: undefined, stakedMicro: 0n };
      if (!answer.replayed)
        await client.query(
          `INSERT INTO chancellor.stakes (id, wallet_id, amount_micro, staked_at, locked_until)
           VALUES ($1, $2, $3, $4, $4::timestamptz + $5::int * interval '1 day')`,
          [id, walletId, amountMicro.toString(), answer.at, lockDays],
        );
      const stake = await stakeOf(client, id, walletId);
      return { answer, stake, stakedMicro: await balanceOf(client, staked) };
    });
    this.outbox.poke();
    return done;
  }

  /** Begins the cool-down, once per key of the wallet. What is refused leaves nothing. */
  ask(asking: Asking): Promise<Asked> {
    const { walletId, stakeId, amountMicro, key, coolDownSeconds } = asking;
    const asked = JSON.stringify([stakeId, amountMicro?.toString() ?? null]);
    return inTransaction(this.database, async (client): Promise<Asked> => {
      const stake = await stakeOf(client, stakeId, walletId, 'FOR UPDATE OF s');
      const earlier = await unstakingOf(client, 'wallet_id = $1 AND key = $2', [walletId, key]);
      if (earlier !== undefined) {
        if (earlier.asked !== asked || stake === undefined) return { outcome: 'key_reused' };
        return { outcome: 'replayed', unstaking: earlier, stake };
      }
      if (stake === undefined) return { outcome: 'unknown_stake' };
      if (stake.locked) return { outcome: 'locked', stake };
      const left = stake.amountMicro - stake.askedBackMicro;
      const micro = amountMicro ?? left;
      if (micro > left || left === 0n) return { outcome: 'too_much', stake };
      const { rows } = await client.query<UnstakingSql>(
        `INSERT INTO chancellor.unstakings (id, stake_id, wallet_id, amount_micro, key, asked, asked_at, due_at)
         SELECT $1, $2, $3, $4::bigint, $5, $6, now.at, now.at + $7::int * interval '1 second' FROM (SELECT ${NOW} AS at) now
         ON CONFLICT (wallet_id, key) DO NOTHING RETURNING *`,
        [`ust_${uuidv7()}`, stakeId, walletId, micro.toString(), key, asked, Number(coolDownSeconds)],
      );
      // A twin with the key, at another stake.
      if (rows[0] === undefined) return { outcome: 'key_reused' };
      await client.query('UPDATE chancellor.stakes SET asked_back_micro = asked_back_micro + $2 WHERE id = $1', [
        stakeId,
        micro.toString(),
      ]);
      const after = { ...stake, askedBackMicro: stake.askedBackMicro + micro };
      return { outcome: 'asked', unstaking: readUnstaking(rows[0]), stake: after };
    });
  }

  /**
   * Brings back what has cooled down, if it has and is not back yet: whoever comes first, once. What the ledger refuses, as of a
   * frozen wallet, stays for later, and no key keeps the refusal.
   */
  async bringBack(unstakingId: string): Promise<UnstakingRow | undefined> {
    const brought = await inTransaction(this.database, async (client) => {
      const { rows } = await client.query<UnstakingSql>(
        `SELECT * FROM chancellor.unstakings
          WHERE id = $1 AND transaction_id IS NULL AND due_at <= ${NOW} FOR UPDATE`,
        [unstakingId],
      );
      if (rows[0] === undefined) return undefined;
      const due = readUnstaking(rows[0]);
      const legs = [
        { account: stakedOf(due.walletId), changeMicro: -due.amountMicro },
        { account: due.walletId, changeMicro: due.amountMicro },
      ];
      // Keys of this account are the Chancellor's own: no caller can have used one.
      const keyOwner = stakedOf(due.walletId);
      const [answer] = await this.ledger.post([{ kind: 'unstake', key: due.id, keyOwner, legs }], client);
      if (answer?.outcome !== 'posted') throw new NotNow();
      await client.query('UPDATE chancellor.unstakings SET transaction_id = $2 WHERE id = $1', [
        due.id,
        answer.transactionId,
      ]);
      return { ...due, transactionId: answer.transactionId };
    }).catch((error: unknown) => {
      if (error instanceof NotNow) return undefined;
      throw error;
    });
    if (brought !== undefined) this.outbox.poke();
    return brought;
  }

  /** Ids of what has cooled down and is not back, of wallets that the ledger lets; the longest due first. */
  async due(limit: number): Promise<string[]> {
    const { rows } = await this.database.pool.query<{ id: string }>(
      `SELECT u.id FROM chancellor.unstakings u JOIN chancellor.wallets w ON w.id = u.wallet_id AND w.status = 'open'
        WHERE u.transaction_id IS NULL AND u.due_at <= ${NOW} ORDER BY u.due_at, u.id LIMIT $1`,
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Newest first; `before` is a stake's id. Undefined when there is no such wallet. */
  async list(
    walletId: string,
    { all, limit, before }: { all: boolean; limit: number; before: string | undefined },
  ): Promise<{ stakedMicro: bigint; stakes: StakeRow[]; unstakings: UnstakingRow[] } | undefined> {
    const { pool } = this.database;
    const found = await pool.query<{ balance_micro: string }>(
      'SELECT balance_micro FROM chancellor.accounts WHERE id = $1',
      [stakedOf(walletId)],
    );
    if (found.rows[0] === undefined) return undefined;
    const { rows } = await pool.query<StakeSql>(
      `${STAKE} WHERE s.wallet_id = $1 AND ($2::text IS NULL OR s.id < $2) AND ($3 OR s.asked_back_micro < s.amount_micro
         OR EXISTS (SELECT FROM chancellor.unstakings u WHERE u.stake_id = s.id AND u.transaction_id IS NULL))
        ORDER BY s.id DESC LIMIT $4`,
      [walletId, before ?? null, all, limit],
    );
    const { rows: back } = await pool.query<UnstakingSql>(
      'SELECT * FROM chancellor.unstakings WHERE stake_id = ANY($1) ORDER BY asked_at, id',
      [rows.map(({ id }) => id)],
    );
    return {
      stakedMicro: BigInt(found.rows[0].balance_micro),
      stakes: rows.map(readStake),
      unstakings: back.map(readUnstaking),
    };
  }
}

/** Takes a transaction back without being an error of anybody's. */
class NotNow extends Error {}

async function stakeOf(client: LedgerClient, id: string, walletId: string, lock = ''): Promise<StakeRow | undefined> {
  const { rows } = await client.query<StakeSql>(`${STAKE} WHERE s.id = $1 AND s.wallet_id = $2 ${lock}`, [
    id,
    walletId,
  ]);
  return rows[0] === undefined ? undefined : readStake(rows[0]);
}

async function unstakingOf(client: LedgerClient, where: string, values: unknown[]): Promise<UnstakingRow | undefined> {
  const { rows } = await client.query<UnstakingSql>(`SELECT * FROM chancellor.unstakings WHERE ${where}`, values);
  return rows[0] === undefined ? undefined : readUnstaking(rows[0]);
}

async function balanceOf(client: LedgerClient, account: string): Promise<bigint> {
  const { rows } = await client.query<{ balance_micro: string }>(
    'SELECT balance_micro FROM chancellor.accounts WHERE id = $1',
    [account],
  );
  return BigInt(rows[0]?.balance_micro ?? '0');
}
