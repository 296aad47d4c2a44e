// The ledger as a child would write it: balances, holds, what was paid, and what each key was answered. In micro-$webxos.

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
  | { readonly do: 'batch'; readonly from: number; readonly linked: boolean; readonly items: readonly Item[] };

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

interface Kept {
  readonly input: string;
  answer: string;
}

export class Model {
  readonly holds: Held[] = [];
  readonly paid: Paid[] = [];
  readonly #frozen = new Set<number>();
  readonly #kept = new Map<string, Kept>();

  constructor(readonly balances: bigint[]) {}

  /** What each request of the step is answered: posted, or the reason. */
  run(step: Step): string[] {
    switch (step.do) {
      case 'pay':
        return [this.#pay(step.from, step)];
      case 'hold':
        return [this.#once(step.from, step.key, `hold ${step.to} ${step.micro}`, step, () => this.#hold(step))];
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
        if (step.on) this.#frozen.add(step.wallet);
        else this.#frozen.delete(step.wallet);
        return [];
    }
  }

  /** What is left of a wallet's holds. */
  heldOf(wallet: number): bigint {
    return this.holds.filter((one) => one.from === wallet).reduce((sum, one) => sum + left(one), 0n);
  }

  /** What is not kept first, then the key, then the request itself. */
  #once(
    owner: number,
    key: number,
    input: string,
    { from, to, micro }: { from?: number; to?: number; micro?: bigint | null },
    run: () => string,
  ): string {
    if (micro !== undefined && micro !== null && micro <= 0n) return 'amount_not_positive';
    if (from !== undefined && from === to) return 'same_wallet';
    const kept = this.#kept.get(`${owner} ${key}`);
    if (kept !== undefined) return kept.input === input ? kept.answer : 'key_reused';
    const answer = run();
    this.#kept.set(`${owner} ${key}`, { input, answer });
    return answer;
  }

  #pay(from: number, item: Item): string {
    return this.#once(from, item.key, `pay ${item.to} ${item.micro}`, { from, ...item }, () => {
      if (this.#frozen.has(from)) return 'from_frozen';
      if (this.#has(from) < item.micro) return 'insufficient_funds';
      this.#move(from, item.to, item.micro);
      this.paid.push({ from, to: item.to, micro: item.micro, reversed: 0n });
      return 'posted';
    });
  }

  #hold({ from, to, micro }: { from: number; to: number; micro: bigint }): string {
    if (this.#frozen.has(from)) return 'from_frozen';
    if (this.#has(from) < micro) return 'insufficient_funds';
    this.#add(from, -micro);
    this.holds.push({ from, to, micro, captured: 0n, released: 0n, expired: false });
    return 'posted';
  }

  #capture({ of, micro, final, key }: Extract<Step, { do: 'capture' }>): string {
    const held = this.holds[of] as Held;
    return this.#once(held.to, key, `capture ${of} ${micro} ${final}`, { micro }, () => {
      if (this.#frozen.has(held.from)) return 'from_frozen';
      if (held.expired && held.captured < held.micro) return 'hold_expired';
      if (left(held) === 0n) return 'hold_closed';
      const amount = micro ?? left(held);
      if (amount > left(held)) return 'over_hold';
      held.captured += amount;
      this.#add(held.to, amount);
      this.paid.push({ from: held.from, to: held.to, micro: amount, reversed: 0n });
      if (final) this.#giveBack(held);
      return 'posted';
    });
  }

  #release({ of, key }: Extract<Step, { do: 'release' }>): string {
    const held = this.holds[of] as Held;
    return this.#once(held.to, key, `release ${of}`, {}, () => {
      if (held.expired && held.captured < held.micro) return 'hold_expired';
      if (left(held) === 0n) return 'hold_closed';
      this.#giveBack(held);
      return 'posted';
    });
  }

  #reverse({ of, micro, key }: Extract<Step, { do: 'reverse' }>): string {
    const paid = this.paid[of] as Paid;
    return this.#once(paid.to, key, `reverse ${of} ${micro}`, { micro }, () => {
      const rest = paid.micro - paid.reversed;
      const amount = micro ?? rest;
      if (rest === 0n || amount > rest) return 'over_reversed';
      if (this.#has(paid.to) < amount) return 'spent_by_receiver';
      paid.reversed += amount;
      this.#move(paid.to, paid.from, amount);
      return 'posted';
    });
  }

  #batch(from: number, items: readonly Item[], linked: boolean): string[] {
    if (!linked) return items.map((item) => this.#pay(from, item));
    const [balances, paid] = [[...this.balances], this.paid.length];
    const stored = items.map((item) => this.#kept.has(`${from} ${item.key}`));
    const answers = items.map((item) => this.#pay(from, item));
    const failed = answers.findIndex((answer) => answer !== 'posted');
    if (failed < 0) return answers;
    // As if nothing of it had happened: none but what was answered before, and the one that failed, says why.
    for (const [place, balance] of balances.entries()) this.balances[place] = balance;
    this.paid.length = paid;
    return answers.map((answer, place) => {
      const item = items[place] as Item;
      if (place === failed || stored[place] === true) return answer;
      if (UNKEPT.includes(answer)) return answer;
      const twin = items.findIndex((one) => one.key === item.key);
      const keeps = this.#kept.get(`${from} ${item.key}`) as Kept;
      if (place > failed && twin === failed && !UNKEPT.includes(answers[failed] ?? '')) return keeps.answer;
      keeps.answer = 'linked_failed';
      return 'linked_failed';
    });
  }

  #expire(of: number): void {
    const held = this.holds[of];
    if (held === undefined) return;
    held.expired = true;
    this.#giveBack(held);
  }

  #giveBack(held: Held): void {
    this.#add(held.from, left(held));
    held.released += left(held);
  }

  #has(wallet: number): bigint {
    return this.balances[wallet] ?? 0n;
  }

  #add(wallet: number, micro: bigint): void {
    this.balances[wallet] = this.#has(wallet) + micro;
  }

  #move(from: number, to: number, micro: bigint): void {
    this.#add(from, -micro);
    this.#add(to, micro);
  }
}

const UNKEPT = ['amount_not_positive', 'same_wallet', 'key_reused'];

const left = (held: Held): bigint => held.micro - held.captured - held.released;
