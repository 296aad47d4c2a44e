// What staking promises: money is in one place at a time, comes back after lock and cool-down, once, whatever dies in between.
import { chancellor, type Principal } from '@labmesh/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { StakesRepository } from '../src/staking/stakes.repository.js';
import { auditLedger, newKey } from './bed.js';
import { dyingAt } from './dying.js';
import { DAY_SECONDS, refusalOf, type StakingBed, UNIT } from './staking-bed.js';

const NO_STAKE = 'txn_01920000-0000-7000-8000-000000000001';

export function stakingSuite(bed: () => StakingBed): void {
  const stake = (who: Principal, amount: string, more: { lockDays?: number; idempotencyKey?: string } = {}) =>
    bed().stakes.stake({ amount, lockDays: 7, idempotencyKey: newKey(), ...more }, who);
  const unstake = (who: Principal, stakeId: string, more: { amount?: string; idempotencyKey?: string } = {}) =>
    bed().stakes.unstake({ stakeId, idempotencyKey: newKey(), ...more }, who);
  const list = (who: Principal, more: object = {}) => bed().stakes.list({ all: false, limit: 20, ...more }, who);

  beforeEach(async () => {
    await bed().clock.ahead(0);
    await bed().set({ 'staking.cool_down': '3600' });
  });

  describe('stake', () => {
    it('moves money to the stakes, and answers a replay as before', async () => {
      const who = await bed().wallet(10n);
      const idempotencyKey = newKey();
      const first = await stake(who, '4', { idempotencyKey });
      expect(chancellor.tools.stake.output.parse(first)).toEqual(first);
      expect(first).toMatchObject({ amount: '4.00', staked: '4.00', replayed: false });
      expect(Date.parse(first.lockedUntil) - Date.parse(first.at)).toBe(7 * DAY_SECONDS * 1_000);
      expect(await stake(who, '4.000', { idempotencyKey })).toEqual({ ...first, replayed: true });
      expect(await bed().has(who)).toEqual([6n * UNIT, 4n * UNIT]);
      expect((await list(who)).stakes).toHaveLength(1);
    });

    it.each([
      ['another amount', { amount: '3' }],
      ['another lock', { lockDays: 8 }],
    ])('refuses a key that comes back with %s', async (_what, change) => {
      const who = await bed().wallet(10n);
      const idempotencyKey = newKey();
      await stake(who, '4', { idempotencyKey });
      const { amount, ...more } = { amount: '4', ...change };
      expect(await refusalOf(stake(who, amount, { idempotencyKey, ...more }))).toMatchObject({ code: 'conflict' });
    });

    it('refuses more than there is, nothing, and what is staked already is not there to pay with', async () => {
      const who = await bed().wallet(10n);
      expect(await refusalOf(stake(who, '0'))).toMatchObject({ code: 'invalid_input' });
      expect(await refusalOf(stake(who, '10.000001'))).toMatchObject({ code: 'insufficient_funds' });
      await stake(who, '10');
      const payee = await bed().wallet(0n);
      const payment = { to: payee.walletId, amount: '1', idempotencyKey: newKey() };
      expect(await refusalOf(bed().ledger.transfer(payment, who))).toMatchObject({ code: 'insufficient_funds' });
      expect((await list(who)).stakes).toHaveLength(1);
    });

    it.each([
      ['before the row is written', 'INSERT INTO chancellor.stakes'],
      ['before it is committed', 'COMMIT'],
    ])('leaves nothing of a stake when the process dies %s, and the same key does it then', async (_when, last) => {
      const who = await bed().wallet(10n);
      const request = { walletId: who.walletId, amountMicro: UNIT, lockDays: 7, key: newKey() };
      await expect(dyingAtRows(bed(), last).stake(request)).rejects.toThrow('died');
      expect(await bed().has(who)).toEqual([10n * UNIT, 0n]);
      expect(await bed().stakeRows.stake(request)).toMatchObject({ answer: { outcome: 'posted', replayed: false } });
      expect(await bed().has(who)).toEqual([9n * UNIT, UNIT]);
      expect((await list(who)).stakes).toHaveLength(1);
    });

    it('stakes once when 64 twins come at once', async () => {
      const who = await bed().wallet(100n);
      const idempotencyKey = newKey();
      const answers = await Promise.all(Array.from({ length: 64 }, () => stake(who, '3', { idempotencyKey })));
      expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
      expect(new Set(answers.map(({ stakeId }) => stakeId)).size).toBe(1);
      expect(await bed().has(who)).toEqual([97n * UNIT, 3n * UNIT]);
    });
  });

  describe('unstake', () => {
    it('waits for the lock, then for the cool-down, and gives back once', async () => {
      const who = await bed().wallet(10n);
      const { stakeId, lockedUntil } = await stake(who, '4', { lockDays: 2 });
      expect(await refusalOf(unstake(who, stakeId))).toEqual({
        code: 'conflict',
        message: `Cannot unstake ${stakeId}: it is locked until ${lockedUntil}.`,
      });
      await bed().clock.ahead(2 * DAY_SECONDS + 60);
      const idempotencyKey = newKey();
      const asked = await unstake(who, stakeId, { amount: '1.5', idempotencyKey });
      expect(chancellor.tools.unstake.output.parse(asked)).toEqual(asked);
      expect(asked).toMatchObject({ amount: '1.50', left: '2.50', returned: false, replayed: false });
      expect(Date.parse(asked.dueAt) - Date.parse(asked.askedAt)).toBe(3_600_000);
      expect(await bed().has(who)).toEqual([6n * UNIT, 4n * UNIT]);
      await bed().clock.ahead(2 * DAY_SECONDS + 3_700);
      const back = { ...asked, returned: true, replayed: true };
      expect(await unstake(who, stakeId, { amount: '1.5', idempotencyKey })).toEqual(back);
      expect(await unstake(who, stakeId, { amount: '1.5', idempotencyKey })).toEqual(back);
      expect(await bed().has(who)).toEqual([7_500_000n, 2_500_000n]);
      expect(await list(who)).toMatchObject({
        staked: '2.50',
        stakes: [{ left: '2.50', locked: false, unstakings: [{ amount: '1.50', returned: true }] }],
      });
    });

    it('comes back by itself when nobody asks', async () => {
      const who = await bed().wallet(10n);
      const { stakeId } = await stake(who, '4', { lockDays: 0 });
      await unstake(who, stakeId);
      await bed().clock.ahead(3_700);
      expect(await bed().stakes.bringBackDue()).toBeGreaterThan(0);
      expect(await bed().stakes.bringBackDue()).toBe(0);
      expect(await bed().has(who)).toEqual([10n * UNIT, 0n]);
      expect((await list(who)).stakes).toEqual([]);
      expect((await list(who, { all: true })).stakes).toMatchObject([{ stakeId, left: '0.00' }]);
    });

    it('is back at once where there is no cool-down', async () => {
      await bed().set({ 'staking.cool_down': '0' });
      const who = await bed().wallet(10n);
      const { stakeId } = await stake(who, '4', { lockDays: 0 });
      expect(await unstake(who, stakeId)).toMatchObject({ returned: true, left: '0.00' });
      expect(await bed().has(who)).toEqual([10n * UNIT, 0n]);
    });

    it('refuses what is not there, not yours, too much, nothing, or under a key that asked for something else', async () => {
      const [who, other] = [await bed().wallet(10n), await bed().wallet(10n)];
      const { stakeId } = await stake(who, '4', { lockDays: 0 });
      expect(await refusalOf(unstake(who, NO_STAKE))).toMatchObject({ code: 'not_found' });
      expect(await refusalOf(unstake(other, stakeId))).toMatchObject({ code: 'not_found' });
      expect(await refusalOf(unstake(who, stakeId, { amount: '0' }))).toMatchObject({ code: 'invalid_input' });
      expect(await refusalOf(unstake(who, stakeId, { amount: '4.000001' }))).toMatchObject({ code: 'conflict' });
      const idempotencyKey = newKey();
      await unstake(who, stakeId, { amount: '3', idempotencyKey });
      const again = await refusalOf(unstake(who, stakeId, { amount: '1', idempotencyKey }));
      expect(again).toMatchObject({ code: 'conflict', message: expect.stringContaining(idempotencyKey) });
      expect(await refusalOf(unstake(who, stakeId, { amount: '2' }))).toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('1.00 of it'),
      });
      expect(await unstake(other, await stakeIdOf(other), { idempotencyKey })).toMatchObject({ replayed: false });
    });

    it('asks 64 times at once for no more than there is, and brings each back once', async () => {
      const who = await bed().wallet(10n);
      const { stakeId } = await stake(who, '10', { lockDays: 0 });
      const answers = await Promise.all(
        Array.from({ length: 64 }, () => refusalOf(unstake(who, stakeId, { amount: '1' }))),
      );
      expect(answers.filter(({ code }) => code === undefined)).toHaveLength(10);
      await bed().clock.ahead(3_700);
      await Promise.all(Array.from({ length: 8 }, () => bed().stakes.bringBackDue()));
      const { rows } = await bed().database.pool.query(
        "SELECT amount_micro FROM chancellor.transactions WHERE kind = 'unstake' AND to_account_id = $1",
        [who.walletId],
      );
      expect(rows.map((row) => BigInt(row.amount_micro))).toEqual(Array(10).fill(UNIT));
      expect(await bed().has(who)).toEqual([10n * UNIT, 0n]);
    });

    it.each([
      ['before the row says so', 'UPDATE chancellor.unstakings'],
      ['before it is committed', 'COMMIT'],
    ])('brings a stake back once when the process dies %s', async (_when, last) => {
      const who = await bed().wallet(10n);
      const { stakeId } = await stake(who, '4', { lockDays: 0 });
      const { unstakingId } = await unstake(who, stakeId);
      await bed().clock.ahead(3_700);
      await expect(dyingAtRows(bed(), last).bringBack(unstakingId)).rejects.toThrow('died');
      expect(await bed().has(who)).toEqual([6n * UNIT, 4n * UNIT]);
      expect(await bed().stakes.bringBackDue()).toBe(1);
      expect(await bed().has(who)).toEqual([10n * UNIT, 0n]);
    });

    it('leaves the stake of a frozen wallet, and brings it back when that is open again', async () => {
      const who = await bed().wallet(10n);
      const { stakeId } = await stake(who, '4', { lockDays: 0 });
      const idempotencyKey = newKey();
      await unstake(who, stakeId, { idempotencyKey });
      await bed().clock.ahead(3_700);
      const status = (now: string) =>
        bed().database.pool.query('UPDATE chancellor.wallets SET status = $2 WHERE id = $1', [who.walletId, now]);
      await status('frozen');
      expect(await bed().stakes.bringBackDue()).toBe(0);
      expect(await unstake(who, stakeId, { idempotencyKey })).toMatchObject({ returned: false });
      await status('open');
      expect(await unstake(who, stakeId, { idempotencyKey })).toMatchObject({ returned: true });
      expect(await bed().has(who)).toEqual([10n * UNIT, 0n]);
    });

    it('keeps locks and cool-downs when the clock is set back, and gives nothing back twice', async () => {
      const who = await bed().wallet(10n);
      const { stakeId } = await stake(who, '4', { lockDays: 1 });
      await bed().clock.ahead(DAY_SECONDS + 60);
      await unstake(who, stakeId, { amount: '1' });
      await bed().clock.ahead(-DAY_SECONDS);
      expect(await bed().stakes.bringBackDue()).toBe(0);
      expect(await refusalOf(unstake(who, stakeId))).toMatchObject({ code: 'conflict' });
      await bed().clock.ahead(DAY_SECONDS + 4_000);
      expect(await bed().stakes.bringBackDue()).toBe(1);
      await bed().clock.ahead(-DAY_SECONDS);
      expect(await bed().stakes.bringBackDue()).toBe(0);
      expect(await bed().has(who)).toEqual([7n * UNIT, 3n * UNIT]);
    });
  });

  describe('get_stakes', () => {
    it('pages the newest first, for the owner and whoever may read any', async () => {
      const [who, other] = [await bed().wallet(10n), await bed().wallet(0n)];
      const made: string[] = [];
      for (const amount of ['1', '2', '3']) made.push((await stake(who, amount)).stakeId);
      const first = await list(who, { limit: 2 });
      expect(chancellor.tools.get_stakes.output.parse(first)).toEqual(first);
      expect(first.stakes.map(({ stakeId }) => stakeId)).toEqual([made[2], made[1]]);
      const rest = await list(who, { limit: 2, cursor: first.nextCursor });
      expect(rest.stakes.map(({ stakeId }) => stakeId)).toEqual([made[0]]);
      expect(rest.nextCursor).toBeUndefined();
      expect(await refusalOf(list(other, { walletId: who.walletId }))).toMatchObject({ code: 'forbidden' });
    });

    it('leaves books that balance', async () => {
      await auditLedger(bed().database);
    });
  });

  async function stakeIdOf(who: Principal): Promise<string> {
    return (await stake(who, '1', { lockDays: 0 })).stakeId;
  }
}

const dyingAtRows = ({ database, ledgerRows }: StakingBed, last: string): StakesRepository =>
  new StakesRepository(dyingAt(database, last), ledgerRows, { poke: () => undefined });
