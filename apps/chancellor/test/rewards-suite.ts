// What rewards promise: each event pays once, ever, by the rules of its time; what is owed is paid, in order, from what there is.
import { amountToMicro, chancellor, type Principal } from '@labmesh/contracts';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { REWARDS } from '../src/ledger/accounts.js';
import { FirstPool } from '../src/rewards/first-pool.js';
import { RewardsRepository } from '../src/rewards/rewards.repository.js';
import { auditLedger, newKey, newWalletId } from './bed.js';
import { dyingAt } from './dying.js';
import { refusalOf, type StakingBed, UNIT } from './staking-bed.js';

let datasets = 0;
const NOON = new Date('2026-06-01T12:00:00.000Z');

interface Told {
  readonly datasetId?: string;
  readonly version?: number;
  readonly rows?: number;
  readonly at?: Date;
}

export function rewardsSuite(bed: () => StakingBed): void {
  const contribution = (who: Principal, { datasetId, version = 1, rows = 3 }: Told = {}) => ({
    datasetId: datasetId ?? `ds_${++datasets}`,
    version,
    walletId: who.walletId,
    sha256: 'a'.repeat(64),
    rows,
    bytes: 10,
  });
  const tell = (who: Principal, told: Told = {}) => bed().rewards.contributed(contribution(who, told), told.at ?? NOON);
  const preview = (who: Principal, more: object = {}) => bed().rules.preview({ limit: 20, ...more }, who);
  const held = async (who: Principal) => (await bed().has(who))[0];

  beforeEach(async () => {
    await bed().clock.ahead(0);
    await bed().poolOf(1_000_000n * UNIT);
    await bed().rewards.distribute();
  });

  describe('a contributed dataset', () => {
    it('pays rule times earning rate, once, and says so', async () => {
      const [researcher, validator, citizen] = [
        await bed().wallet(0n, 'researcher'),
        await bed().wallet(0n, 'validator'),
        await bed().wallet(0n, 'citizen'),
      ];
      await tell(researcher, { datasetId: 'ds_once' });
      await tell(researcher, { datasetId: 'ds_once', at: new Date('2026-06-02T12:00:00.000Z') });
      for (const who of [validator, citizen]) await tell(who);
      expect([await held(researcher), await held(validator), await held(citizen)]).toEqual([
        5n * UNIT,
        6n * UNIT,
        2_500_000n,
      ]);
      const seen = await preview(researcher);
      expect(chancellor.tools.preview_rewards.output.parse(seen)).toEqual(seen);
      expect(seen).toMatchObject({
        rate: '1.00',
        pending: '0.00',
        rewards: [{ for: 'dataset_contributed', source: 'ds_once 1', amount: '5.00', status: 'paid', reason: null }],
      });
    });

    it('rounds a product down to the smallest amount, and pays nothing for less than that', async () => {
      const { version } = await bed().parameters.current();
      await bed().set({ 'rewards.dataset_contributed': '0.000003', 'rewards.rate.citizen': '0.5' });
      const after = new Date(Date.now() + 1_000);
      const [citizen, researcher] = [await bed().wallet(0n), await bed().wallet(0n, 'researcher')];
      await tell(citizen, { at: after });
      expect(await held(citizen)).toBe(1n);
      await bed().set({ 'rewards.rate.citizen': '0.3' });
      await tell(citizen, { at: new Date(Date.now() + 2_000) });
      expect(await held(citizen)).toBe(1n);
      expect((await preview(citizen)).rewards[0]).toMatchObject({ status: 'nothing', reason: 'rule_pays_nothing' });
      await tell(researcher, { at: NOON });
      expect(await held(researcher)).toBe(5n * UNIT);
      await bed().set({ 'rewards.dataset_contributed': '5', 'rewards.rate.citizen': '0.5' });
      expect((await bed().parameters.current()).version).toBe(version + 3);
    });

    it('pays nothing for nothing, and remembers that too', async () => {
      const who = await bed().wallet(0n, 'researcher');
      await tell(who, { datasetId: 'ds_empty', rows: 0 });
      await tell(who, { datasetId: 'ds_empty', rows: 9 });
      expect(await held(who)).toBe(0n);
      expect((await preview(who)).rewards).toMatchObject([{ status: 'nothing', reason: 'no_rows', amount: '0.00' }]);
      await tell(who, { datasetId: 'ds_empty', version: 2 });
      expect(await held(who)).toBe(5n * UNIT);
    });

    it('is paid as often on a day (UTC) as the rule allows, also when all come at once', async () => {
      const who = await bed().wallet(0n, 'researcher');
      await Promise.all(Array.from({ length: 14 }, () => tell(who, { at: new Date('2026-06-01T23:59:59.999Z') })));
      expect(await held(who)).toBe(50n * UNIT);
      await tell(who, { at: new Date('2026-06-02T00:00:00.000Z') });
      expect(await held(who)).toBe(55n * UNIT);
      const { rewards } = await preview(who);
      expect(rewards.filter(({ reason }) => reason === 'daily_cap')).toHaveLength(4);
    });

    it('pays once when 64 deliveries of one event come at once', async () => {
      const who = await bed().wallet(0n, 'researcher');
      await Promise.all(Array.from({ length: 64 }, () => tell(who, { datasetId: 'ds_race' })));
      expect(await held(who)).toBe(5n * UNIT);
    });

    it('tells versions, datasets and wallets apart by more than the letters they are made of', async () => {
      const [one, two] = [await bed().wallet(0n, 'researcher'), await bed().wallet(0n, 'researcher')];
      await tell(one, { datasetId: 'ds_x-1', version: 1 });
      await tell(one, { datasetId: 'ds_x', version: 11 });
      await tell(two, { datasetId: 'ds_x', version: 11 });
      expect([await held(one), await held(two)]).toEqual([10n * UNIT, 5n * UNIT]);
    });

    it('pays nothing to a wallet that was closed, and goes on with the next', async () => {
      const [closed, open] = [await bed().wallet(0n, 'researcher'), await bed().wallet(0n, 'researcher')];
      await bed().database.pool.query("UPDATE chancellor.wallets SET status = 'closed' WHERE id = $1", [
        closed.walletId,
      ]);
      await tell(closed);
      await tell(open);
      expect([await held(closed), await held(open)]).toEqual([0n, 5n * UNIT]);
      expect((await preview(closed)).rewards[0]).toMatchObject({ status: 'nothing', reason: 'wallet_closed' });
      // What lapses takes nothing of a pool that pays for one.
      await bed().poolOf(0n);
      await tell(closed);
      await tell(open);
      await bed().poolOf(5n * UNIT);
      await bed().rewards.pay();
      expect(await held(open)).toBe(10n * UNIT);
    });

    it('waits for a wallet that was not heard of yet, and holds nobody else up', async () => {
      const early = { ...(await bed().wallet(0n)), walletId: newWalletId() };
      const who = await bed().wallet(0n, 'researcher');
      await tell(early);
      await tell(who);
      expect(await held(who)).toBe(5n * UNIT);
      expect(await bed().rewards.distribute()).toMatchObject({ pending: 1, pendingAmount: '5.00' });
      await bed().database.pool.query(
        "UPDATE chancellor.rewards SET status = 'nothing', reason = 'no_rows' WHERE wallet_id = $1",
        [early.walletId],
      );
    });
  });

  describe('an accepted solution', () => {
    const accept = (author: Principal, solutionId: string, acceptedBy: string, at = NOON) =>
      bed().rewards.accepted({ solutionId, walletId: author.walletId, acceptedBy }, at);

    it('pays its author once, whoever accepts it and however often that is told', async () => {
      const [author, validator] = [await bed().wallet(0n, 'researcher'), await bed().wallet(0n, 'validator')];
      const told = Array.from({ length: 16 }, () => accept(author, 'sol_one', validator.walletId));
      await Promise.all(told);
      await accept(author, 'sol_one', newWalletId(), new Date('2026-06-03T12:00:00.000Z'));
      expect([await held(author), await held(validator)]).toEqual([3n * UNIT, 0n]);
      expect((await preview(author)).rewards).toMatchObject([
        { for: 'solution_accepted', source: 'sol_one', amount: '3.00', status: 'paid', reason: null },
      ]);
    });

    it('pays nothing to whoever accepted their own, and as often on a day as the rule allows', async () => {
      const author = await bed().wallet(0n, 'researcher');
      await accept(author, 'sol_own', author.walletId);
      expect((await preview(author)).rewards).toMatchObject([{ status: 'nothing', reason: 'own_work' }]);
      for (let number = 0; number < 12; number += 1) await accept(author, `sol_many-${number}`, newWalletId());
      expect(await held(author)).toBe(30n * UNIT);
    });
  });

  describe('a validated result', () => {
    const validated = (who: Principal, validationId: string, askedBy = newWalletId()) =>
      bed().rewards.validated(
        { validationId, walletId: who.walletId, askedBy, datasetId: 'ds_x', version: 1, verdict: 'refuted' },
        NOON,
      );

    it('pays each of those who agreed once, by their own rate, however often it is told', async () => {
      const [researcher, validator] = [await bed().wallet(0n, 'researcher'), await bed().wallet(0n, 'validator')];
      const told = Array.from({ length: 16 }, (_, at) => validated(at % 2 ? researcher : validator, 'val_one'));
      await Promise.all(told);
      expect([await held(researcher), await held(validator)]).toEqual([UNIT, 1_200_000n]);
      expect((await preview(validator)).rewards).toMatchObject([
        { for: 'result_validated', source: 'val_one', amount: '1.20', status: 'paid', reason: null },
      ]);
    });

    it('pays nothing to whoever asked for it, and as often on a day as the rule allows', async () => {
      const who = await bed().wallet(0n, 'researcher');
      await validated(who, 'val_own', who.walletId);
      expect((await preview(who)).rewards).toMatchObject([{ status: 'nothing', reason: 'own_work' }]);
      for (let number = 0; number < 12; number += 1) await validated(who, `val_many-${number}`);
      expect(await held(who)).toBe(10n * UNIT);
    });
  });

  describe('an empty pool', () => {
    it('leaves rewards owed, and pays the first that came first when it is filled', async () => {
      const [first, second] = [await bed().wallet(0n, 'validator'), await bed().wallet(0n, 'citizen')];
      await bed().poolOf(3n * UNIT);
      await tell(first);
      await tell(second);
      expect([await held(first), await held(second)]).toEqual([0n, 0n]);
      expect(await preview(first)).toMatchObject({ pending: '6.00', rewards: [{ status: 'pending', paidAt: null }] });
      const operator = await bed().wallet(100n);
      const idempotencyKey = newKey();
      const funded = await bed().rewards.fund({ amount: '4', idempotencyKey }, operator);
      expect(chancellor.tools.fund_rewards.output.parse(funded)).toEqual(funded);
      expect(funded).toMatchObject({ amount: '4.00', balance: '96.00', pool: '1.00', replayed: false });
      expect([await held(first), await held(second)]).toEqual([6n * UNIT, 0n]);
      expect(await bed().rewards.fund({ amount: '4', idempotencyKey }, operator)).toMatchObject({ replayed: true });
      await bed().rewards.fund({ amount: '2', idempotencyKey: newKey() }, operator);
      expect(await held(second)).toBe(2_500_000n);
      expect(await bed().balance(REWARDS)).toBe(500_000n);
    });

    it('refuses to be funded with more than there is, or nothing', async () => {
      const operator = await bed().wallet(1n);
      const fund = (amount: string) => refusalOf(bed().rewards.fund({ amount, idempotencyKey: newKey() }, operator));
      expect(await fund('1.5')).toMatchObject({ code: 'insufficient_funds' });
      expect(await fund('0')).toMatchObject({ code: 'invalid_input' });
    });

    it('is filled once in a lab’s life, whatever the settings say later', async () => {
      const before = await bed().balance(REWARDS);
      await bed().firstPool(0n).fill();
      expect(await bed().balance(REWARDS)).toBe(before);
      await Promise.all([bed().firstPool(7n).fill(), bed().firstPool(7n).fill()]);
      expect(await bed().balance(REWARDS)).toBe(before + 7n);
      const unused = {
        transfer: () => {
          throw new Error('nothing is posted at a later start');
        },
      };
      await new FirstPool(unused, bed().rewardRows, { rewardPoolMicro: 9n }).fill();
      expect(await bed().balance(REWARDS)).toBe(before + 7n);
    });
  });

  describe('a crash', () => {
    it.each([
      ['before what it pays is written', 'INSERT INTO chancellor.rewards'],
      ['after that, before it is paid', 'SELECT * FROM chancellor.post'],
      ['after it is paid, before the reward says so', 'UPDATE chancellor.rewards'],
      ['before it is committed', 'COMMIT'],
    ])('%s loses nothing and pays once', async (_when, last) => {
      const who = await bed().wallet(0n, 'researcher');
      const { database, ledgerRows, rewardsOver, epochRows } = bed();
      const dying = rewardsOver(
        new RewardsRepository(dyingAt(database, last), ledgerRows, { poke: () => undefined }),
        epochRows,
      );
      const told = contribution(who);
      await expect(dying.contributed(told, NOON)).rejects.toThrow('died');
      expect(await held(who)).toBe(0n);
      await bed().rewards.contributed(told, NOON);
      expect(await held(who)).toBe(5n * UNIT);
      await bed().rewards.contributed(told, NOON);
      expect(await held(who)).toBe(5n * UNIT);
    });
  });

  describe('rules', () => {
    it('are listed with who tells of them, rates, epoch and pool', async () => {
      const rules = await bed().rules.list();
      expect(chancellor.tools.list_reward_rules.output.parse(rules)).toEqual(rules);
      expect(rules.rules[0]).toEqual({ event: 'dataset_contributed', amount: '5.00', perDay: 10, toldBy: 'curator' });
      expect(rules.rules.slice(1).map(({ toldBy }) => toldBy)).toEqual(['mechanic', 'curator', 'librarian']);
      expect(rules.rates).toContainEqual({ template: 'validator', rate: '1.20' });
      await tell(await bed().wallet(0n, 'researcher'), { at: new Date() });
      const later = await bed().rules.list();
      expect(amountToMicro(later.paid) - amountToMicro(rules.paid)).toBe(5n * UNIT);
      const { rows } = await bed().database.pool.query<{ staked: string }>(
        "SELECT coalesce(sum(balance_micro), 0) AS staked FROM chancellor.accounts WHERE id LIKE '%.staked'",
      );
      expect(amountToMicro(later.epoch.staked)).toBe(BigInt(rows[0]?.staked ?? -1));
    });

    it('say what is left of today, and nobody else may look', async () => {
      const [who, other] = [await bed().wallet(0n, 'researcher'), await bed().wallet(0n)];
      await tell(who, { at: new Date() });
      expect((await preview(who)).events[0]).toEqual({ event: 'dataset_contributed', amount: '5.00', leftToday: 9 });
      expect(await refusalOf(preview(other, { walletId: who.walletId }))).toMatchObject({ code: 'forbidden' });
      expect(await refusalOf(preview({ ...other, walletId: newWalletId() }))).toMatchObject({ code: 'not_found' });
    });

    it('page what was paid, the newest first', async () => {
      const who = await bed().wallet(0n, 'researcher');
      for (const datasetId of ['ds_p1', 'ds_p2', 'ds_p3']) await tell(who, { datasetId });
      const first = await preview(who, { limit: 2 });
      expect(first.rewards.map(({ source }) => source)).toEqual(['ds_p3 1', 'ds_p2 1']);
      const rest = await preview(who, { limit: 2, cursor: first.nextCursor });
      expect(rest.rewards.map(({ source }) => source)).toEqual(['ds_p1 1']);
      expect(rest.nextCursor).toBeUndefined();
    });
  });

  describe('any order of deliveries', () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ dataset: fc.nat(5), wallet: fc.nat(1), rows: fc.nat(2) }) },
      { weight: 1, arbitrary: fc.constant('pay' as const) },
      { weight: 1, arbitrary: fc.record({ fund: fc.bigInt(1n, 12n) }) },
    );

    it('pays each event at most once, and never more than the pool has had', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 6 }), async (bursts) => {
          await bed().poolOf(0n);
          const who = [await bed().wallet(0n, 'researcher'), await bed().wallet(0n, 'researcher')] as const;
          const run = ++datasets;
          const [seen, earning] = [new Set<string>(), new Set<string>()];
          let funded = 0n;
          for (const burst of bursts) {
            // Of what one burst says of an event, rows are the same: which of two comes first is chance.
            const rowsOf = new Map<string, number>();
            await Promise.all(
              burst.map(async (one) => {
                if (one === 'pay') return void (await bed().rewards.pay());
                if ('fund' in one) {
                  funded += one.fund * UNIT;
                  const operator = await bed().wallet(one.fund);
                  return void (await bed().rewards.fund({ amount: `${one.fund}`, idempotencyKey: newKey() }, operator));
                }
                const event = `${one.dataset} ${one.wallet}`;
                const rows = rowsOf.get(event) ?? one.rows;
                rowsOf.set(event, rows);
                if (!seen.has(event) && rows > 0) earning.add(event);
                seen.add(event);
                const owner = who[one.wallet as 0 | 1];
                return tell(owner, { datasetId: `ds_r${run}-${one.dataset}`, rows });
              }),
            );
          }
          const paid = (await held(who[0])) + (await held(who[1]));
          expect(paid + (await bed().balance(REWARDS))).toBe(funded);
          expect(paid).toBeLessThanOrEqual(5n * UNIT * BigInt(earning.size));
          await bed().poolOf(1_000n * UNIT);
          await bed().rewards.distribute();
          expect((await held(who[0])) + (await held(who[1]))).toBe(5n * UNIT * BigInt(earning.size));
        }),
        { numRuns: 15 },
      );
      await auditLedger(bed().database);
    });
  });
}
