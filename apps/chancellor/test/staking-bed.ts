// What the suites of staking and rewards stand on: their parts over a given database, and a clock that runs, but so much ahead.
import type { Principal, Role } from '@labmesh/contracts';
import type { Database } from '@labmesh/db';
import { Parameters } from '../src/governance/parameters/parameters.js';
import { ParametersRepository } from '../src/governance/parameters/parameters.repository.js';
import { ISSUANCE, REWARDS, stakedOf } from '../src/ledger/accounts.js';
import { EpochsRepository } from '../src/rewards/epochs.repository.js';
import { FirstPool } from '../src/rewards/first-pool.js';
import { RewardRules } from '../src/rewards/reward-rules.js';
import { Rewards } from '../src/rewards/rewards.js';
import { RewardsRepository } from '../src/rewards/rewards.repository.js';
import { Stakes } from '../src/staking/stakes.js';
import { StakesRepository } from '../src/staking/stakes.repository.js';
import { chancellorOver, newKey, newWalletId, principal } from './bed.js';

const idleRelay = { poke: () => undefined };
export const UNIT = 1_000_000n;
export const DAY_SECONDS = 86_400;
const operator = principal(newWalletId(), 'operator');

export type StakingBed = Awaited<ReturnType<typeof stakingOver>>;

export async function stakingOver(database: Database) {
  const { ledgerRows, owner, ledger } = chancellorOver(database);
  const parameters = new Parameters(new ParametersRepository(database, idleRelay));
  const stakeRows = new StakesRepository(database, ledgerRows, idleRelay);
  const stakes = new Stakes(stakeRows, parameters);
  const clock = await clockOver(database);
  const set = (values: Record<string, string>) =>
    parameters.set(
      Object.entries(values).map(([parameter, value]) => ({ parameter, value })),
      operator,
    );
  /** Opens a wallet of so many $webxos. */
  const wallet = (units: bigint, role: Exclude<Role, 'operator'> = 'citizen'): Promise<Principal> =>
    owner(units * UNIT, role);
  const balance = async (account: string): Promise<bigint> => {
    const { rows } = await database.pool.query('SELECT balance_micro FROM chancellor.accounts WHERE id = $1', [
      account,
    ]);
    return BigInt(rows[0]?.balance_micro ?? '-1');
  };
  /** What the wallet may pay with, and has staked, in micro. */
  const has = async ({ walletId }: Principal): Promise<[bigint, bigint]> => [
    await balance(walletId),
    await balance(stakedOf(walletId)),
  ];
  const rewardRows = new RewardsRepository(database, ledgerRows, idleRelay);
  const epochRows = new EpochsRepository(database);
  /** Rewards over other rows, as those of a process that dies. */
  const rewardsOver = (rows: RewardsRepository, epochs: EpochsRepository): Rewards =>
    new Rewards(rows, epochs, parameters, ledgerRows, { tell: () => undefined });
  const rewards = rewardsOver(rewardRows, epochRows);
  const rules = new RewardRules(rewardRows, epochRows, parameters);
  const firstPool = (rewardPoolMicro: bigint) => new FirstPool(ledgerRows, rewardRows, { rewardPoolMicro });
  /** Brings the pool to what is wanted of it, by issuing or taking back. */
  async function poolOf(micro: bigint): Promise<void> {
    const change = micro - (await balance(REWARDS));
    const [from, to] = change > 0n ? [ISSUANCE, REWARDS] : [REWARDS, ISSUANCE];
    if (change === 0n) return;
    const amountMicro = change > 0n ? change : -change;
    await ledgerRows.transfer({ from, to, amountMicro, memo: null, key: newKey() });
  }
  return {
    ...{ database, ledger, ledgerRows, parameters, stakes, stakeRows, clock, set, wallet, balance, has },
    ...{ rewards, rewardRows, epochRows, rewardsOver, rules, firstPool, poolOf, operator },
  };
}

async function clockOver(database: Database) {
  const { pool } = database;
  await pool.query('CREATE TABLE chancellor.test_offset (seconds BIGINT NOT NULL)');
  await pool.query('INSERT INTO chancellor.test_offset VALUES (0)');
  await pool.query(`CREATE OR REPLACE FUNCTION chancellor.staking_clock() RETURNS TIMESTAMPTZ LANGUAGE plpgsql AS $$
    BEGIN
      RETURN date_trunc('milliseconds', clock_timestamp())
        + (SELECT seconds FROM chancellor.test_offset) * interval '1 second';
    END $$`);
  return {
    /** How far ahead of the true time it is, in seconds; below zero it was set back. */
    ahead: async (seconds: number): Promise<void> => {
      await pool.query('UPDATE chancellor.test_offset SET seconds = $1', [seconds]);
    },
  };
}

/** The code and words of a refusal. */
export const refusalOf = (doing: Promise<unknown>): Promise<{ code?: string; message?: string }> =>
  doing.then(
    () => ({}),
    ({ code, message }: { code: string; message: string }) => ({ code, message }),
  );
