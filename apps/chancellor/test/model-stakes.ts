// Stakes as a child would write them: what is in, until when it is locked, what is asked back and when it comes.
import type { Books } from './model-books.js';

export type StakeStep =
  | {
      readonly do: 'stake';
      readonly wallet: number;
      readonly micro: bigint;
      readonly days: number;
      readonly key: number;
    }
  | { readonly do: 'unstake'; readonly of: number; readonly micro: bigint | null; readonly key: number }
  | { readonly do: 'days'; readonly days: number };

export const COOL_DOWN_DAYS = 2;

interface Stake {
  readonly wallet: number;
  readonly micro: bigint;
  readonly lockedUntil: number;
  asked: bigint;
}

interface Unstaking {
  readonly wallet: number;
  readonly micro: bigint;
  readonly due: number;
  readonly input: string;
  back: boolean;
}

export class StakesModel {
  readonly stakes: Stake[] = [];
  readonly #unstakings = new Map<string, Unstaking>();
  #today = 0;

  constructor(private readonly books: Books) {}

  run(step: StakeStep): string[] {
    switch (step.do) {
      case 'stake':
        return [this.#stake(step)];
      case 'unstake':
        return [this.#unstake(step)];
      case 'days':
        this.#today += step.days;
        for (const each of this.#unstakings.values()) this.#bringBack(each);
        return [];
    }
  }

  /** What is in, also what cools down. */
  stakedOf(wallet: number): bigint {
    const into = this.stakes.filter((one) => one.wallet === wallet).reduce((sum, { micro }) => sum + micro, 0n);
    const back = [...this.#unstakings.values()].filter((one) => one.wallet === wallet && one.back);
    return into - back.reduce((sum, { micro }) => sum + micro, 0n);
  }

  #stake({ wallet, micro, days, key }: Extract<StakeStep, { do: 'stake' }>): string {
    return this.books.once(wallet, key, `stake ${micro} ${days}`, { micro }, () => {
      const forbidden = this.books.forbids(wallet);
      if (forbidden !== undefined) return forbidden;
      if (this.books.has(wallet) < micro) return 'insufficient_funds';
      this.books.add(wallet, -micro);
      this.stakes.push({ wallet, micro, lockedUntil: this.#today + days, asked: 0n });
      return 'posted';
    });
  }

  #unstake({ of, micro, key }: Extract<StakeStep, { do: 'unstake' }>): string {
    if (micro === 0n) return 'amount_not_positive';
    const stake = this.stakes[of] as Stake;
    const input = `${of} ${micro}`;
    const earlier = this.#unstakings.get(`${stake.wallet} ${key}`);
    if (earlier !== undefined) {
      if (earlier.input !== input) return 'key_reused';
      this.#bringBack(earlier);
      return 'posted';
    }
    if (stake.lockedUntil > this.#today) return 'locked';
    const left = stake.micro - stake.asked;
    if (left === 0n || (micro ?? left) > left) return 'too_much';
    stake.asked += micro ?? left;
    const due = this.#today + COOL_DOWN_DAYS;
    this.#unstakings.set(`${stake.wallet} ${key}`, {
      wallet: stake.wallet,
      micro: micro ?? left,
      due,
      input,
      back: false,
    });
    return 'posted';
  }

  #bringBack(unstaking: Unstaking): void {
    if (unstaking.back || unstaking.due > this.#today || !this.books.isOpen(unstaking.wallet)) return;
    unstaking.back = true;
    this.books.add(unstaking.wallet, unstaking.micro);
  }
}
