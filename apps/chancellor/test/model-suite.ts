// Every operation that moves money in random order, against a model in memory: the same answers, the same balances, clean books.
import { AppError, microToAmount, type Principal } from '@labmesh/contracts';
import type { Database } from '@labmesh/db';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { REWARDS } from '../src/ledger/accounts.js';
import { chancellorOver } from './bed.js';
import { Model, type Step } from './model.js';
import { REWARD, type RewardStep } from './model-rewards.js';
import { COOL_DOWN_DAYS, type StakeStep } from './model-stakes.js';
import { DAY_SECONDS, stakingOver, UNIT } from './staking-bed.js';

const START = [1_000n, 500n, 1n, 0n];
const POOL = 350n;
/** Longer than a sequence lasts: an epoch ends where a step says so. */
const EPOCH_DAYS = 80;
const wallet = fc.nat(3);
const micro = fc.oneof(fc.bigInt(0n, 3n), fc.bigInt(1n, 600n));
const some = fc.option(micro, { freq: 2 });
const key = fc.nat(15);
const of = fc.nat(99);
const item = fc.record({ to: wallet, micro, key });

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pay' as const), from: wallet, to: wallet, micro, key }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('hold' as const), from: wallet, to: wallet, micro, key }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('capture' as const), of, micro: some, final: fc.boolean(), key }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const), of, key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reverse' as const), of, micro: some, key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), of }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('freeze' as const), wallet, on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), wallet }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('stake' as const), wallet, micro, days: fc.constantFrom(0, 1), key }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('unstake' as const), of, micro: some, key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('days' as const), days: fc.constantFrom(1, COOL_DOWN_DAYS) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('contribute' as const), wallet, event: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fund' as const), wallet, micro, key }) },
  { weight: 1, arbitrary: fc.constant({ do: 'epoch' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('batch' as const),
      from: wallet,
      linked: fc.boolean(),
      items: fc.array(item, { minLength: 1, maxLength: 5 }),
    }),
  },
);

export type ModelBed = Awaited<ReturnType<typeof everythingOver>>;

export async function everythingOver(database: Database) {
  const earning = await stakingOver(database);
  await earning.set({
    'staking.cool_down': `${COOL_DOWN_DAYS * DAY_SECONDS}`,
    // Of a citizen, whose rate is a half.
    'rewards.dataset_contributed': microToAmount(2n * REWARD.micro),
    'rewards.dataset_contributed.per_day': `${REWARD.perDay}`,
    'rewards.epoch_yield': microToAmount(REWARD.yieldMicro),
    'rewards.epoch_length': `${EPOCH_DAYS * DAY_SECONDS}`,
  });
  return { database, books: chancellorOver(database), earning, clock: new Days(earning.clock) };
}

/** Days of the clock that stakes and epochs go by, far ahead of the ledger's: all that was staked was so when an epoch began. */
class Days {
  #ahead = 200;

  constructor(private readonly clock: { ahead(seconds: number): Promise<void> }) {}

  async pass(days: number): Promise<void> {
    this.#ahead += days;
    await this.clock.ahead(this.#ahead * DAY_SECONDS);
  }
}

/** The real lab, asked as the model is: by places, not by ids. */
class Real {
  readonly #holds: string[] = [];
  readonly #paid: { id: string; to: number }[] = [];
  readonly #held: { to: number }[] = [];
  readonly #stakes: { id: string; wallet: number }[] = [];
  /** All events are of one day. */
  readonly #day = new Date(Date.now() + 60_000);
  readonly #run = uuidv7();

  constructor(
    private readonly bed: ModelBed,
    private readonly owners: readonly Principal[],
  ) {}

  async run(step: Step): Promise<string[]> {
    const { ledger } = this.bed.books;
    switch (step.do) {
      case 'pay': {
        const input = { to: this.#who(step.to).walletId, ...asked(step) };
        return [await this.#paying(step.to, () => ledger.transfer(input, this.#who(step.from)))];
      }
      case 'batch':
        return await this.#batch(step);
      case 'reverse': {
        const { id, to } = this.#paid[step.of] as { id: string; to: number };
        return [await answered(() => ledger.reverse({ transactionId: id, ...asked(step) }, this.#who(to)))];
      }
      case 'freeze':
      case 'close':
        return [await this.#status(step)];
      case 'expire':
        await this.bed.database.pool.query(
          `UPDATE chancellor.holds SET expires_at = clock_timestamp() - interval '1 second' WHERE id = $1`,
          [this.#holds[step.of] ?? ''],
        );
        return [];
      case 'stake':
      case 'unstake':
      case 'days':
        return await this.#staking(step);
      case 'contribute':
      case 'fund':
      case 'epoch':
        return await this.#rewards(step);
      default:
        return [await this.#held_(step)];
    }
  }

  #status(step: Extract<Step, { do: 'freeze' | 'close' }>): Promise<string> {
    const { statuses } = this.bed.books;
    const input = { walletId: this.#who(step.wallet).walletId, reason: 'as the model' };
    return answered(() => {
      if (step.do === 'close') return statuses.close(input, this.#who(step.wallet));
      return step.on ? statuses.freeze(input) : statuses.unfreeze(input);
    });
  }

  async #staking(step: StakeStep): Promise<string[]> {
    const { clock, database, earning } = this.bed;
    if (step.do === 'days') {
      await clock.pass(step.days);
      await earning.stakes.bringBackDue();
      return [];
    }
    if (step.do === 'unstake') {
      const { id, wallet } = this.#stakes[step.of] as { id: string; wallet: number };
      return [await answered(() => earning.stakes.unstake({ stakeId: id, ...asked(step) }, this.#who(wallet)))];
    }
    return [
      await answered(async () => {
        const input = { lockDays: step.days, ...asked(step) };
        const { stakeId, replayed } = await earning.stakes.stake(input, this.#who(step.wallet));
        if (replayed) return;
        this.#stakes.push({ id: stakeId, wallet: step.wallet });
        // The ledger's clock, by which it was locked, is not the one that is ahead.
        await database.pool.query(
          `UPDATE chancellor.stakes SET locked_until = chancellor.staking_clock() + $2 * interval '1 day' WHERE id = $1`,
          [stakeId, step.days],
        );
      }),
    ];
  }

  async #rewards(step: RewardStep): Promise<string[]> {
    const { rewards } = this.bed.earning;
    switch (step.do) {
      case 'contribute': {
        const of = {
          datasetId: `ds_${this.#run}_${step.event}`,
          version: 1,
          sha256: 'a'.repeat(64),
          rows: 1,
          bytes: 1,
        };
        await rewards.contributed({ ...of, walletId: this.#who(step.wallet).walletId }, this.#day);
        return [];
      }
      case 'fund':
        return [await answered(() => rewards.fund(asked(step), this.#who(step.wallet)))];
      case 'epoch':
        await this.#staking({ do: 'days', days: 1 });
        await this.bed.database.pool.query(
          `UPDATE chancellor.epochs SET ends_at = chancellor.staking_clock() - interval '10 seconds' WHERE closed_at IS NULL`,
        );
        await rewards.payDue();
        return [];
    }
  }

  async #held_(step: Extract<Step, { do: 'hold' | 'capture' | 'release' }>): Promise<string> {
    const { holds } = this.bed.books;
    if (step.do === 'hold') {
      const input = { to: this.#who(step.to).walletId, ...asked(step) };
      return await answered(async () => {
        const { holdId, replayed } = await holds.hold(input, this.#who(step.from));
        if (!replayed) {
          this.#holds.push(holdId);
          this.#held.push({ to: step.to });
        }
      });
    }
    const holdId = this.#holds[step.of] as string;
    const { to } = this.#held[step.of] as { to: number };
    if (step.do === 'release') return await answered(() => holds.release({ holdId, ...asked(step) }, this.#who(to)));
    const input = { holdId, final: step.final, ...asked(step) };
    return await this.#paying(to, () => holds.capture(input, this.#who(to)));
  }

  async #batch({ from, linked, items }: Extract<Step, { do: 'batch' }>): Promise<string[]> {
    const transfers = items.map((one) => ({
      to: this.#who(one.to).walletId,
      ...asked(one),
      amount: amount(one.micro),
    }));
    const { outcomes } = await this.bed.books.ledger.batch({ linked, transfers }, this.#who(from));
    for (const [place, { replayed, transactionId }] of outcomes.entries())
      if (transactionId !== undefined && !replayed) this.#paid.push({ id: transactionId, to: items[place]?.to ?? 0 });
    return outcomes.map((one) => one.outcome);
  }

  #paying(to: number, run: () => Promise<{ transactionId: string; replayed: boolean }>): Promise<string> {
    return answered(async () => {
      const { transactionId, replayed } = await run();
      if (!replayed) this.#paid.push({ id: transactionId, to });
    });
  }

  #who(place: number): Principal {
    return this.owners[place] as Principal;
  }
}

const amount = (value: bigint): string => microToAmount(value);

function asked(step: { key: number; micro: bigint }): { idempotencyKey: string; amount: string };
function asked(step: { key: number; micro?: bigint | null }): { idempotencyKey: string; amount?: string };
function asked(step: { key: number; micro?: bigint | null }) {
  const { key: number, micro: value } = step;
  return { idempotencyKey: `model-${number}`, ...(typeof value === 'bigint' ? { amount: amount(value) } : {}) };
}

/** Refusals that have no name, by what they say. */
const SAID: ReadonlyArray<readonly [string, RegExp]> = [
  ['amount_not_positive', /must be more than zero/],
  ['is_closed', /is closed, and stays so/],
  ['key_reused', /asked for something else before/],
  ['locked', /is locked until/],
  ['too_much', /not asked back yet/],
];

async function answered(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return 'posted';
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { reason } = (error.details ?? {}) as { reason?: string };
    return reason ?? SAID.find(([, words]) => words.test(error.message))?.[0] ?? error.message;
  }
}

/** The step with its place among what there is by now; undefined when there is nothing yet that it could be of. */
function placed(step: Step, model: Model): Step | undefined {
  if (!('of' in step)) return step;
  const there = { reverse: model.paid, unstake: model.stakes.stakes, capture: model.holds };
  const { length } = there[step.do === 'release' || step.do === 'expire' ? 'capture' : step.do];
  return length === 0 ? undefined : { ...step, of: step.of % length };
}

/** What others have staked since sequences of before; nothing of theirs is due or owed any more. */
async function strangers({ database, earning, clock }: ModelBed): Promise<bigint[]> {
  await clock.pass(COOL_DOWN_DAYS);
  await earning.stakes.bringBackDue();
  await earning.poolOf(1_000_000n * UNIT);
  await earning.rewards.payDue();
  await earning.poolOf(POOL);
  const { rows } = await database.pool.query<{ balance_micro: string }>(
    `SELECT balance_micro FROM chancellor.accounts WHERE kind = 'staked' AND balance_micro > 0 ORDER BY wallet_id`,
  );
  return rows.map((row) => BigInt(row.balance_micro));
}

export function modelSuite(bed: () => ModelBed, numRuns: number): void {
  describe('the lab’s money against a model', () => {
    it('answers every random sequence of operations as the model, and holds the same money', async () => {
      const { books, earning } = bed();
      await fc.assert(
        fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 80, size: 'max' }), async (steps) => {
          const others = await strangers(bed());
          const owners = await Promise.all(START.map((start) => books.owner(start)));
          const [model, real] = [new Model([...START], POOL, others), new Real(bed(), owners)];
          for (const drawn of steps) {
            const step = placed(drawn, model);
            if (step === undefined) continue;
            expect(
              await real.run(step),
              JSON.stringify(step, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
            ).toEqual(model.run(step));
          }
          const shown = await Promise.all(owners.map((who) => books.balance({ limit: 0 }, who)));
          const all = <T>(of: (wallet: number) => T): T[] => START.map((_, wallet) => of(wallet));
          expect(shown.map((one) => one.balance)).toEqual(all((wallet) => amount(model.books.has(wallet))));
          expect(shown.map((one) => one.held)).toEqual(all((wallet) => amount(model.heldOf(wallet))));
          expect(shown.map((one) => one.staked)).toEqual(all((wallet) => amount(model.stakes.stakedOf(wallet))));
          expect(await earning.balance(REWARDS)).toBe(model.rewards.pool);
        }),
        { numRuns },
      );
      expect((await books.verification.verify()).checks.filter((one) => one.wrong > 0)).toEqual([]);
    });
  });
}
