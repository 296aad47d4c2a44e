// What stakes earn: by amount and time within an epoch, once per epoch and wallet, never more than the pool has free.
import type { Principal } from '@labmesh/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { REWARDS, stakedOf } from '../src/ledger/accounts.js';
import { EpochsRepository } from '../src/rewards/epochs.repository.js';
import { RewardsRepository } from '../src/rewards/rewards.repository.js';
import { auditLedger, newKey } from './bed.js';
import { dyingAt } from './dying.js';
import { DAY_SECONDS, type StakingBed, UNIT } from './staking-bed.js';

/** Epochs of the tests, each after the one before it, long after anything that is staked now. */
let next = Date.parse('2030-01-01T00:00:00.000Z');

export function epochsSuite(bed: () => StakingBed): void {
  const rewardOf = async (who: Principal): Promise<bigint> => (await bed().has(who))[0];
  const distribute = () => bed().rewards.distribute();
  const aheadOf = (at: number) => bed().clock.ahead(Math.ceil((at - Date.now()) / 1_000));

  /** The open epoch becomes one of so many seconds, of which nothing has passed; answers its end. */
  async function epochOf(seconds: number): Promise<number> {
    const starts = next;
    next += 1_000 * DAY_SECONDS * 1_000;
    const ends = starts + seconds * 1_000;
    await bed().database.pool.query(
      'UPDATE chancellor.epochs SET starts_at = $1, ends_at = $2 WHERE closed_at IS NULL',
      [new Date(starts), new Date(ends)],
    );
    return ends;
  }

  /** A wallet that has staked all it has since before any epoch, or since a time. */
  async function staker(units: bigint, since?: number): Promise<Principal> {
    const who = await bed().wallet(units);
    const input = { amount: `${units}`, lockDays: 0, idempotencyKey: newKey() };
    const { stakeId } = await bed().stakes.stake(input, who);
    if (since !== undefined) await movedAt(stakeId, since);
    return who;
  }

  /** Puts a transaction to another time, past the guard of history. */
  async function movedAt(transactionId: string, at: number): Promise<void> {
    const client = await bed().database.pool.connect();
    const guard = (how: string) =>
      client.query(`ALTER TABLE chancellor.transactions ${how} TRIGGER transactions_append_only`);
    try {
      await client.query('BEGIN');
      await guard('DISABLE');
      await client.query('UPDATE chancellor.transactions SET posted_at = $2 WHERE id = $1', [
        transactionId,
        new Date(at),
      ]);
      await guard('ENABLE');
      await client.query('COMMIT');
    } finally {
      client.release();
    }
  }

  beforeEach(async () => {
    await bed().clock.ahead(0);
    await bed().set({ 'rewards.epoch_yield': '100', 'staking.cool_down': '0' });
    await bed().poolOf(1_000n * UNIT);
    await distribute();
    const { rows } = await bed().database.pool.query(
      "SELECT wallet_id, balance_micro FROM chancellor.accounts WHERE kind = 'staked' AND balance_micro > 0",
    );
    for (const { wallet_id: id, balance_micro: micro } of rows) {
      const legs = [
        { account: stakedOf(id), changeMicro: -BigInt(micro) },
        { account: id, changeMicro: BigInt(micro) },
      ];
      await bed().ledgerRows.post([{ kind: 'unstake', key: newKey(), keyOwner: id, legs }]);
    }
  });

  describe('an epoch', () => {
    it('pays by time: a whole epoch for one, a second of it for another, however much that one brings', async () => {
      const ends = await epochOf(DAY_SECONDS);
      await bed().poolOf(100n * UNIT);
      const [early, late] = [await staker(10n), await staker(990n, ends - 1_000)];
      await aheadOf(ends + 10_000);
      expect(await distribute()).toMatchObject({ epochsClosed: 1, paid: 2, pending: 0 });
      const whole = 10n * BigInt(DAY_SECONDS);
      const all = whole + 990n;
      expect(await rewardOf(early)).toBe((100n * UNIT * whole) / all);
      expect(await rewardOf(late)).toBe((100n * UNIT * 990n) / all);
      const left = 100n * UNIT - (await rewardOf(early)) - (await rewardOf(late));
      expect(left).toBeGreaterThanOrEqual(0n);
      expect(left).toBeLessThan(2n);
      expect(await bed().balance(REWARDS)).toBe(left);
    });

    it('pays nothing for a stake that came after its end, and half for one that left in its middle', async () => {
      const ends = await epochOf(1_000);
      const [stays, leaves, after] = [await staker(10n), await staker(10n), await staker(10n, ends)];
      const { stakes } = await bed().stakes.list({ all: false, limit: 1 }, leaves);
      await bed().stakes.unstake({ stakeId: stakes[0]?.stakeId ?? '', idempotencyKey: newKey() }, leaves);
      const { rows } = await bed().database.pool.query(
        "SELECT id FROM chancellor.transactions WHERE kind = 'unstake' AND from_account_id = $1",
        [stakedOf(leaves.walletId)],
      );
      await movedAt(rows[0]?.id, ends - 500_000);
      await aheadOf(ends + 10_000);
      await distribute();
      const third = (100n * UNIT) / 3n;
      expect(await rewardOf(stays)).toBe((200n * UNIT) / 3n);
      expect(await rewardOf(leaves)).toBe(10n * UNIT + third);
      expect(await rewardOf(after)).toBe(0n);
    });

    it('is closed when what was posted at its end is surely there, and not before', async () => {
      const ends = await epochOf(1_000);
      const who = await staker(10n);
      await aheadOf(ends + 5_000);
      expect(await distribute()).toMatchObject({ epochsClosed: 0, paid: 0 });
      await aheadOf(ends + 11_000);
      expect(await distribute()).toMatchObject({ epochsClosed: 1, paid: 1 });
      expect(await rewardOf(who)).toBe(100n * UNIT);
    });

    it('pays once when eight replicas close it at once, and when the clock is set back', async () => {
      const ends = await epochOf(1_000);
      const [one, two] = [await staker(30n), await staker(10n)];
      await aheadOf(ends + 10_000);
      const closed = await Promise.all(Array.from({ length: 8 }, distribute));
      expect(closed.reduce((sum, { epochsClosed }) => sum + epochsClosed, 0)).toBe(1);
      await aheadOf(ends - 500_000);
      await distribute();
      await aheadOf(ends + 10_000);
      await distribute();
      expect([await rewardOf(one), await rewardOf(two)]).toEqual([75n * UNIT, 25n * UNIT]);
    });

    it('leaves the pool alone when nobody has staked, and catches up with those that ended meanwhile', async () => {
      await bed().set({ 'rewards.epoch_length': '3600' });
      const ends = await epochOf(3_600);
      await aheadOf(ends + 10_000);
      expect(await distribute()).toMatchObject({ epochsClosed: 1, paid: 0 });
      expect(await bed().balance(REWARDS)).toBe(1_000n * UNIT);
      const who = await staker(10n);
      await aheadOf(ends + 3 * 3_600_000 + 10_000);
      expect(await distribute()).toMatchObject({ epochsClosed: 3, paid: 3 });
      expect(await rewardOf(who)).toBe(300n * UNIT);
    });

    it('promises no more than the pool has free: what is owed before is not given twice', async () => {
      const ends = await epochOf(1_000);
      const [who, contributor] = [await staker(10n), await bed().wallet(0n, 'researcher')];
      await bed().poolOf(4n * UNIT);
      const told = { datasetId: 'ds_owed', version: 1, sha256: 'a'.repeat(64), rows: 1, bytes: 1 };
      await bed().rewards.contributed({ ...told, walletId: contributor.walletId }, new Date());
      await bed().poolOf(7n * UNIT);
      await aheadOf(ends + 10_000);
      await distribute();
      expect([await rewardOf(contributor), await rewardOf(who)]).toEqual([5n * UNIT, 2n * UNIT]);
      expect(await bed().balance(REWARDS)).toBe(0n);
    });

    it('is previewed as if all stakes stay until its end', async () => {
      const ends = await epochOf(1_000);
      const [one] = [await staker(30n), await staker(10n)];
      expect((await bed().rules.preview({ limit: 0 }, one)).epoch).toMatchObject({
        amount: '75.00',
        total: '100.00',
        endsAt: new Date(ends).toISOString(),
      });
    });

    it.each([
      ['before anything is owed', 'INSERT INTO chancellor.rewards'],
      ['before it is closed', 'UPDATE chancellor.epochs'],
      ['before the next begins', 'INSERT INTO chancellor.epochs'],
      ['before that is committed', 'COMMIT'],
    ])('pays once when the process dies %s', async (_when, last) => {
      const ends = await epochOf(1_000);
      const who = await staker(10n);
      await aheadOf(ends + 10_000);
      const { database, rewardsOver, rewardRows } = bed();
      const dying = rewardsOver(rewardRows, new EpochsRepository(dyingAt(database, last)));
      await expect(dying.distribute()).rejects.toThrow('died');
      expect(await rewardOf(who)).toBe(0n);
      expect(await distribute()).toMatchObject({ epochsClosed: 1, paid: 1 });
      expect(await rewardOf(who)).toBe(100n * UNIT);
    });

    it('goes on where a payer died in the middle of many stakers', async () => {
      const ends = await epochOf(1_000);
      const all: Principal[] = [];
      for (let n = 0; n < 5; n++) all.push(await staker(10n));
      await aheadOf(ends + 10_000);
      const { database, ledgerRows, rewardsOver, epochRows } = bed();
      const rows = new RewardsRepository(dyingAt(database, 'UPDATE chancellor.rewards'), ledgerRows, {
        poke: () => undefined,
      });
      await expect(rewardsOver(rows, epochRows).distribute()).rejects.toThrow('died');
      expect(await distribute()).toMatchObject({ epochsClosed: 0, paid: 5 });
      expect(await Promise.all(all.map(rewardOf))).toEqual(Array(5).fill(20n * UNIT));
      await auditLedger(database);
    });
  });
}
