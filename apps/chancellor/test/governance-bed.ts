// What the suites of governance stand on: its parts over a given database, a clock that they set, and stakes at a time of that clock.
import type { Principal, Role } from '@labmesh/contracts';
import type { Database } from '@labmesh/db';
import { v7 as uuidv7 } from 'uuid';
import { Delegations } from '../src/governance/delegations.js';
import { Parameters } from '../src/governance/parameters/parameters.js';
import { ParametersRepository } from '../src/governance/parameters/parameters.repository.js';
import { Council } from '../src/governance/proposals/council.js';
import { Governor } from '../src/governance/proposals/governor.js';
import { ProposalsRepository } from '../src/governance/proposals/proposals.repository.js';
import { VotesRepository } from '../src/governance/proposals/votes.repository.js';
import { chancellorOver, principal } from './bed.js';

const idleRelay = { poke: () => undefined };

export type GovernanceBed = Awaited<ReturnType<typeof governanceOver>>;

export async function governanceOver(database: Database) {
  const { wallets, statuses } = chancellorOver(database);
  const parameterRows = new ParametersRepository(database, idleRelay);
  const proposalRows = new ProposalsRepository(database, idleRelay);
  const voteRows = new VotesRepository(database, idleRelay);
  const parameters = new Parameters(parameterRows);
  const governor = new Governor(proposalRows, voteRows);
  const council = new Council(proposalRows, parameterRows);
  const delegations = new Delegations(voteRows);
  const clock = await clockOver(database);

  /** A wallet that has so much staked since now. */
  async function staker(micro: bigint, role: Exclude<Role, 'operator'> = 'citizen'): Promise<Principal> {
    const { walletId } = await wallets.create({ role });
    if (micro > 0n) await stake(walletId, micro);
    return principal(walletId, role);
  }

  /** Moves so much into the wallet's account of stakes, or, below zero, out of it, at the clock's time. */
  const stake = (walletId: string, changeMicro: bigint): Promise<unknown> =>
    moveStake(database, walletId, changeMicro, clock.now());

  /** Everybody takes everything out. */
  async function unstakeAll(): Promise<void> {
    const { rows } = await database.pool.query<{ wallet: string; micro: string }>(
      "SELECT left(id, -7) AS wallet, balance_micro::text AS micro FROM chancellor.accounts WHERE id LIKE '%.staked' AND balance_micro > 0",
    );
    for (const { wallet, micro } of rows) await stake(wallet, -BigInt(micro));
  }

  return {
    database,
    unstakeAll,
    wallets,
    statuses,
    parameters,
    proposalRows,
    governor,
    council,
    delegations,
    clock,
    staker,
    stake,
  };
}

/** Puts a clock that stands still in the place of the database's, for this database. */
async function clockOver(database: Database) {
  let now = new Date('2026-06-01T12:00:00.000Z');
  const put = async (at: Date): Promise<void> => {
    now = at;
    await database.pool.query('UPDATE chancellor.test_clock SET at = $1', [at]);
  };
  await database.pool.query('CREATE TABLE chancellor.test_clock (at TIMESTAMPTZ NOT NULL)');
  await database.pool.query('INSERT INTO chancellor.test_clock VALUES ($1)', [now]);
  await database.pool.query(`CREATE OR REPLACE FUNCTION chancellor.governance_clock() RETURNS TIMESTAMPTZ LANGUAGE plpgsql AS $$
    BEGIN RETURN (SELECT at FROM chancellor.test_clock); END $$`);
  return {
    now: (): Date => now,
    put,
    /** Seconds, or parts of one. */
    pass: (seconds: number): Promise<void> => put(new Date(now.getTime() + seconds * 1_000)),
  };
}

// $1 the transaction, $2 its kind, $3 payer, $4 payee, $5 amount, $6 when. As chancellor.post() writes it, but at a time of the suite's.
const MOVE = `
  WITH moved AS (
    UPDATE chancellor.accounts a
      SET balance_micro = a.balance_micro + s.change, posting_count = a.posting_count + 1, last_at = $6
      FROM (VALUES ($3, -$5::bigint), ($4, $5::bigint)) AS s(id, change) WHERE a.id = s.id
      RETURNING a.id, a.posting_count, s.change, a.balance_micro
  ), written AS (
    INSERT INTO chancellor.transactions (id, kind, from_account_id, to_account_id, amount_micro, posted_at)
      VALUES ($1, $2, $3, $4, $5::bigint, $6)
  )
  INSERT INTO chancellor.postings (account_id, number, transaction_id, change_micro, balance_after_micro)
    SELECT moved.id, moved.posting_count, $1, moved.change, moved.balance_micro FROM moved`;

async function moveStake(database: Database, walletId: string, changeMicro: bigint, at: Date): Promise<void> {
  const stakes = `${walletId}.staked`;
  const [kind, from, to] = changeMicro > 0n ? ['stake', 'issuance', stakes] : ['unstake', stakes, 'issuance'];
  const amount = (changeMicro > 0n ? changeMicro : -changeMicro).toString();
  await database.pool.query(MOVE, [`txn_${uuidv7()}`, kind, from, to, amount, at]);
}
