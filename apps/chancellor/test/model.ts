// The ledger as a child would write it: holds, what was paid, and with the other parts of the model what is staked and earned. In
// micro-$webxos.
import { Books, UNKEPT } from './model-books.js';
import { type RewardStep, RewardsModel } from './model-rewards.js';
import { type StakeStep, StakesModel } from './model-stakes.js';

export type Step =
  | { readonly do: 'pay'; readonly from: number; readonly to: number; readonly micro: bigint; readonly key: number }
  | { readonly do: 'hold'; readonly from: number; readonly to: number; readonly micro: bigint; readonly key: number }
  | {
      readonly do: 'capture';
      readonly of: number;
      readonly micro: bigint | null;
      readonly final: boolean;
      readonly key: number;
    }
  | { readonly do: 'release'; readonly of: number; readonly key: number }
  | { readonly do: 'reverse'; readonly of: number; readonly micro: bigint | null; readonly key: number }
  | { readonly do: 'expire'; readonly of: number }
  | { readonly do: 'freeze'; readonly wallet: number; readonly on: boolean }
  | { readonly do: 'close'; readonly wallet: number }
  | { readonly do: 'batch'; readonly from: number; readonly linked: boolean; readonly items: readonly Item[] }
  | StakeStep
  | RewardStep;

export interface Item {
  readonly to: number;
  readonly micro: bigint;
  readonly key: number;
}

interface Held {
  readonly from: number;
  readonly to: number;
  readonly micro: bigint;
  captured: bigint;
  released: bigint;
  expired: boolean;
}

interface Paid {
  readonly from: number;
  readonly to: number;
  readonly micro: bigint;
  reversed: bigint;
}

export class Model {
  readonly holds: Held[] = [];
  readonly paid: Paid[] = [];
  readonly books: Books;
  readonly stakes: StakesModel;
  readonly rewards: RewardsModel;

  /** @param strangers what others have staked, whose wallets are older */
  constructor(balances: bigint[], pool: bigint, strangers: readonly bigint[]) {
    this.books = new Books(balances);
    this.stakes = new StakesModel(this.books);
    this.rewards = new RewardsModel(this.books, pool, () => [
      ...strangers.map((micro) => ({ wallet: undefined, micro })),
      ...balances.map((_, wallet) => ({ wallet, micro: this.stakes.stakedOf(wallet) })),
    ]);
  }

  /** What each request of the step is answered: posted, or the reason. */
  run(step: Step): string[] {
    switch (step.do) {
      case 'pay':
        return [this.#pay(step.from, step)];
      case 'hold':
        return [this.books.once(step.from, step.key, `hold ${step.to} ${step.micro}`, step, () => this.#hold(step))];
      case 'capture':
        return [this.#capture(step)];
      case 'release':
        return [this.#release(step)];
      case 'reverse':
        return [this.#reverse(step)];
      case 'batch':
        return this.#batch(step.from, step.items, step.linked);
      case 'expire':
        this.#expire(step.of);
        return [];
      case 'freeze':
        return [this.books.freeze(step.wallet, step.on)];
      case 'close':
        return [this.#close(step.wallet)];
      case 'stake':
      case 'unstake':
      case 'days':
        return this.stakes.run(step);
      case 'epoch':
        // It ends a day later.
        this.stakes.run({ do: 'days', days: 1 });
        return this.rewards.run(step);
      case 'contribute':
      case 'fund':
        return this.rewards.run(step);
    }
  }

  /** What is left of a wallet's holds. */
  heldOf(wallet: number): bigint {
    return this.holds.filter((one) => one.from === wallet).reduce((sum, one) => sum + left(one), 0n);
  }

  #pay(from: number, item: Item): string {
    return this.books.once(from, item.key, `pay ${item.to} ${item.micro}`, { from, ...item }, () => {
      const forbidden = this.books.forbids(from, item.to);
      if (forbidden !== undefined) return forbidden;
      if (this.books.has(from) < item.micro) return 'insufficient_funds';
      this.#move(from, item.to, item.micro);
      this.paid.push({ from, to: item.to, micro: item.micro, reversed: 0n });
      return 'posted';
    });
  }

  #hold({ from, to, micro }: { from: number; to: number; micro: bigint }): string {
    const forbidden = this.books.forbids(from, to);
    if (forbidden !== undefined) return forbidden;
    if (this.books.has(from) < micro) return 'insufficient_funds';
    this.books.add(from, -micro);
    this.holds.push({ from, to, micro, captured: 0n, released: 0n, expired: false });
    return 'posted';
  }

  #capture({ of, micro, final, key }: Extract<Step, { do: 'capture' }>): string {
    const held = this.holds[of] as Held;
    return this.books.once(held.to, key, `capture ${of} ${micro} ${final}`, { micro }, () => {
      const forbidden = this.books.forbids(held.from, held.to);
      if (forbidden !== undefined) return forbidden;
      if (held.expired && held.captured < held.micro) return 'hold_expired';
      if (left(held) === 0n) return 'hold_closed';
      const amount = micro ?? left(held);
      if (amount > left(held)) return 'over_hold';
      held.captured += amount;
      this.books.add(held.to, amount);
      this.paid.push({ from: held.from, to: held.to, micro: amount, reversed: 0n });
      if (final) this.#giveBack(held);
      return 'posted';
    });
  }

  #release({ of, key }: Extract<Step, { do: 'release' }>): string {
    const held = this.holds[of] as Held;
    return this.books.once(held.to, key, `release ${of}`, {}, () => {
      const shut = this.books.isShut(held.from);
      if (shut !== undefined) return shut;
      if (held.expired && held.captured < held.micro) return 'hold_expired';
      if (left(held) === 0n) return 'hold_closed';
      this.#giveBack(held);
      return 'posted';
    });
  }

  #reverse({ of, micro, key }: Extract<Step, { do: 'reverse' }>): string {
    const paid = this.paid[of] as Paid;
    return this.books.once(paid.to, key, `reverse ${of} ${micro}`, { micro }, () => {
      const shut = this.books.isShut(paid.to, paid.from);
      if (shut !== undefined) return shut;
      const rest = paid.micro - paid.reversed;
      const amount = micro ?? rest;
      if (rest === 0n || amount > rest) return 'over_reversed';
      if (this.books.has(paid.to) < amount) return 'spent_by_receiver';
      paid.reversed += amount;
      this.#move(paid.to, paid.from, amount);
      return 'posted';
    });
  }

  #batch(from: number, items: readonly Item[], linked: boolean): string[] {
    if (!linked) return items.map((item) => this.#pay(from, item));
    const [balances, paid] = [[...this.books.balances], this.paid.length];
    const stored = items.map((item) => this.books.kept.has(`${from} ${item.key}`));
    const answers = items.map((item) => this.#pay(from, item));
    const failed = answers.findIndex((answer) => answer !== 'posted');
    if (failed < 0) return answers;
    // As if nothing of it had happened: none but what was answered before, and the one that failed, says why.
    for (const [place, balance] of balances.entries()) this.books.balances[place] = balance;
    this.paid.length = paid;
    return answers.map((answer, place) => {
      const item = items[place] as Item;
      if (place === failed || stored[place] === true) return answer;
      if (UNKEPT.includes(answer)) return answer;
      const twin = items.findIndex((one) => one.key === item.key);
      const keeps = this.books.kept.get(`${from} ${item.key}`) as { answer: string };
      if (place > failed && twin === failed && !UNKEPT.includes(answers[failed] ?? '')) return keeps.answer;
      keeps.answer = 'linked_failed';
      return 'linked_failed';
    });
  }

  #close(wallet: number): string {
    const promised = this.holds.some((one) => one.to === wallet && left(one) > 0n);
    const remains = this.books.has(wallet) + this.heldOf(wallet) + this.stakes.stakedOf(wallet);
    if (!this.books.isClosed(wallet) && (promised || remains > 0n)) return 'not_empty';
    this.books.close(wallet);
    return 'posted';
  }

  #expire(of: number): void {
    const held = this.holds[of];
    if (held === undefined) return;
    held.expired = true;
    this.#giveBack(held);
  }

  #giveBack(held: Held): void {
    this.books.add(held.from, left(held));
    held.released += left(held);
  }

  #move(from: number, to: number, micro: bigint): void {
    this.books.add(from, -micro);
    this.books.add(to, micro);
  }
}

const left = (held: Held): bigint => held.micro - held.captured - held.released;
