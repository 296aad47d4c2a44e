// Every operation of the ledger in random order, against a model in memory: the same answers, the same balances, clean books.
import { AppError, microToAmount, type Principal } from '@labmesh/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bed } from './bed.js';
import { Model, type Step } from './model.js';

const START = [1_000n, 500n, 1n, 0n];
const wallet = fc.nat(3);
const micro = fc.oneof(fc.bigInt(0n, 3n), fc.bigInt(1n, 600n));
const some = fc.option(micro, { freq: 2 });
const key = fc.nat(15);
const of = fc.nat(9);
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

/** The real ledger, asked as the model is: by places, not by ids. */
class Real {
  readonly #holds: string[] = [];
  readonly #paid: { id: string; to: number }[] = [];
  readonly #held: { from: number; to: number }[] = [];

  constructor(
    private readonly bed: Bed,
    private readonly owners: readonly Principal[],
  ) {}

  async run(step: Step): Promise<string[]> {
    const { ledger, statuses, database } = this.bed;
    switch (step.do) {
      case 'pay': {
        const input = { to: this.#who(step.to).walletId, ...asked(step) };
        return [await this.#paying(step.from, step.to, () => ledger.transfer(input, this.#who(step.from)))];
      }
      case 'batch':
        return await this.#batch(step);
      case 'reverse': {
        const { id, to } = this.#paid[step.of] as { id: string; to: number };
        return [await answered(() => ledger.reverse({ transactionId: id, ...asked(step) }, this.#who(to)))];
      }
      case 'freeze': {
        const input = { walletId: this.#who(step.wallet).walletId, reason: 'as the model' };
        await (step.on ? statuses.freeze(input) : statuses.unfreeze(input));
        return [];
      }
      case 'expire':
        await database.pool.query(
          `UPDATE chancellor.holds SET expires_at = clock_timestamp() - interval '1 second' WHERE id = $1`,
          [this.#holds[step.of] ?? ''],
        );
        return [];
      default:
        return [await this.#held_(step)];
    }
  }

  async #held_(step: Extract<Step, { do: 'hold' | 'capture' | 'release' }>): Promise<string> {
    const { holds } = this.bed;
    if (step.do === 'hold') {
      const input = { to: this.#who(step.to).walletId, ...asked(step) };
      return await answered(async () => {
        const { holdId, replayed } = await holds.hold(input, this.#who(step.from));
        if (!replayed) {
          this.#holds.push(holdId);
          this.#held.push({ from: step.from, to: step.to });
        }
      });
    }
    const holdId = this.#holds[step.of] as string;
    const { from, to } = this.#held[step.of] as { from: number; to: number };
    if (step.do === 'release') return await answered(() => holds.release({ holdId, ...asked(step) }, this.#who(to)));
    const input = { holdId, final: step.final, ...asked(step) };
    return await this.#paying(from, to, () => holds.capture(input, this.#who(to)));
  }

  async #batch({ from, linked, items }: Extract<Step, { do: 'batch' }>): Promise<string[]> {
    const transfers = items.map((one) => ({
      to: this.#who(one.to).walletId,
      ...asked(one),
      amount: amount(one.micro),
    }));
    const { outcomes } = await this.bed.ledger.batch({ linked, transfers }, this.#who(from));
    for (const [place, { replayed, transactionId }] of outcomes.entries())
      if (transactionId !== undefined && !replayed) this.#paid.push({ id: transactionId, to: items[place]?.to ?? 0 });
    return outcomes.map((one) => one.outcome);
  }

  #paying(
    _from: number,
    to: number,
    run: () => Promise<{ transactionId: string; replayed: boolean }>,
  ): Promise<string> {
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

async function answered(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return 'posted';
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return (error.details as { reason?: string } | undefined)?.reason ?? ofInput(error);
  }
}

/** Refused before the ledger saw it. */
const ofInput = (error: AppError): string => (error.message.includes('for itself') ? 'same_wallet' : error.message);

const asksForNothing = (step: Step, model: Model): boolean =>
  ((step.do === 'capture' || step.do === 'release' || step.do === 'expire') && step.of >= model.holds.length) ||
  (step.do === 'reverse' && step.of >= model.paid.length);

export function modelSuite(bed: () => Bed, numRuns: number): void {
  describe('the ledger against a model', () => {
    it('answers every random sequence of operations as the model, and holds the same money', async () => {
      const { owner, balance, verification } = bed();
      await fc.assert(
        fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 40 }), async (steps) => {
          const owners = await Promise.all(START.map((start) => owner(start)));
          const [model, real] = [new Model([...START]), new Real(bed(), owners)];
          for (const step of steps) {
            // The model refuses a hold for oneself by its amount first, the tool by the wallet.
            if (step.do === 'hold' && step.from === step.to) continue;
            if (asksForNothing(step, model)) continue;
            expect(
              await real.run(step),
              JSON.stringify(step, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
            ).toEqual(model.run(step));
          }
          const shown = await Promise.all(owners.map((who) => balance({ limit: 0 }, who)));
          expect(shown.map((one) => one.balance)).toEqual(model.balances.map(amount));
          expect(shown.map((one) => one.held)).toEqual(model.balances.map((_, place) => amount(model.heldOf(place))));
        }),
        { numRuns },
      );
      expect((await verification.verify()).checks.filter((one) => one.wrong > 0)).toEqual([]);
    });
  });
}
