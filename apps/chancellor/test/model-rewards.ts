// Rewards as a child would write them: each event judged once, what is owed paid in order as far as the pool goes, and at an epoch's
// end what is staked shares what there is.
import type { Books } from './model-books.js';

export type RewardStep =
  | { readonly do: 'contribute'; readonly wallet: number; readonly event: number }
  | { readonly do: 'fund'; readonly wallet: number; readonly micro: bigint; readonly key: number }
  | { readonly do: 'epoch' };

/** Of a citizen, all events on one day. */
export const REWARD = { micro: 100n, perDay: 2, yieldMicro: 90n } as const;

interface Owed {
  /** Undefined: a stranger to the model. */
  readonly wallet: number | undefined;
  readonly micro: bigint;
}

/** Who has staked what, in the order in which shares are owed. */
type Staked = ReadonlyArray<Owed>;

export class RewardsModel {
  readonly #judged = new Set<string>();
  readonly #owed: Owed[] = [];
  readonly #paidToday = new Map<number, number>();

  constructor(
    private readonly books: Books,
    public pool: bigint,
    private readonly staked: () => Staked,
  ) {}

  run(step: RewardStep): string[] {
    switch (step.do) {
      case 'contribute':
        this.#judge(step.wallet, step.event);
        this.#pay();
        return [];
      case 'fund':
        return [this.#fund(step)];
      case 'epoch':
        this.#share();
        this.#pay();
        return [];
    }
  }

  #judge(wallet: number, event: number): void {
    if (this.#judged.has(`${wallet} ${event}`)) return;
    this.#judged.add(`${wallet} ${event}`);
    const before = this.#paidToday.get(wallet) ?? 0;
    if (before >= REWARD.perDay) return;
    this.#paidToday.set(wallet, before + 1);
    this.#owed.push({ wallet, micro: REWARD.micro });
  }

  #fund({ wallet, micro, key }: Extract<RewardStep, { do: 'fund' }>): string {
    const answer = this.books.once(wallet, key, `fund ${micro}`, { micro }, () => {
      const forbidden = this.books.forbids(wallet);
      if (forbidden !== undefined) return forbidden;
      if (this.books.has(wallet) < micro) return 'insufficient_funds';
      this.books.add(wallet, -micro);
      this.pool += micro;
      return 'posted';
    });
    if (answer === 'posted') this.#pay();
    return answer;
  }

  #share(): void {
    const free = this.pool - this.#owed.reduce((sum, { micro }) => sum + micro, 0n);
    const budget = free < REWARD.yieldMicro ? free : REWARD.yieldMicro;
    if (budget <= 0n) return;
    const staked = this.staked().filter(({ micro }) => micro > 0n);
    const total = staked.reduce((sum, { micro }) => sum + micro, 0n);
    for (const { wallet, micro } of staked) {
      const share = (budget * micro) / total;
      if (share > 0n) this.#owed.push({ wallet, micro: share });
    }
  }

  /** What a closed wallet is owed lapses, and what comes after it is paid. */
  #pay(): void {
    for (let next = this.#owed[0]; next !== undefined && next.micro <= this.pool; next = this.#owed[0]) {
      this.#owed.shift();
      if (next.wallet !== undefined && this.books.isClosed(next.wallet)) {
        this.#paidToday.set(next.wallet, (this.#paidToday.get(next.wallet) ?? 0) - 1);
        continue;
      }
      this.pool -= next.micro;
      if (next.wallet !== undefined) this.books.add(next.wallet, next.micro);
    }
  }
}
