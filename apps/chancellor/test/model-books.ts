// What all parts of the model share: what wallets have to spend, which are frozen or closed, and what each key was answered.

interface Kept {
  readonly input: string;
  answer: string;
}

/** What a request moves, as far as it is looked at before its key is. */
interface Moves {
  readonly from?: number;
  readonly to?: number;
  readonly micro?: bigint | null;
}

/** Never kept under a key. */
export const UNKEPT = ['amount_not_positive', 'same_wallet', 'key_reused'];

export class Books {
  readonly #frozen = new Set<number>();
  readonly #closed = new Set<number>();
  readonly kept = new Map<string, Kept>();

  constructor(readonly balances: bigint[]) {}

  /** What is not kept first, then the key, then the request itself. */
  once(owner: number, key: number, input: string, { from, to, micro }: Moves, run: () => string): string {
    if (micro !== undefined && micro !== null && micro <= 0n) return 'amount_not_positive';
    if (from !== undefined && from === to) return 'same_wallet';
    const kept = this.kept.get(`${owner} ${key}`);
    if (kept !== undefined) return kept.input === input ? kept.answer : 'key_reused';
    const answer = run();
    this.kept.set(`${owner} ${key}`, { input, answer });
    return answer;
  }

  /** Why the wallets' states forbid it; a closed payer is told before a closed payee, and both before a frozen payer. */
  forbids(from: number, to = from): string | undefined {
    return this.isShut(from, to) ?? (this.#frozen.has(from) ? 'from_frozen' : undefined);
  }

  /** The same of what moves out of a frozen wallet too. */
  isShut(from: number, to = from): string | undefined {
    if (this.#closed.has(from)) return 'from_closed';
    return this.#closed.has(to) ? 'to_closed' : undefined;
  }

  /** @returns posted, or that it is closed, and stays so */
  freeze(wallet: number, on: boolean): string {
    if (this.#closed.has(wallet)) return 'is_closed';
    if (on) this.#frozen.add(wallet);
    else this.#frozen.delete(wallet);
    return 'posted';
  }

  close(wallet: number): void {
    this.#frozen.delete(wallet);
    this.#closed.add(wallet);
  }

  isOpen(wallet: number): boolean {
    return !this.#frozen.has(wallet) && !this.#closed.has(wallet);
  }

  isClosed(wallet: number): boolean {
    return this.#closed.has(wallet);
  }

  has(wallet: number): bigint {
    return this.balances[wallet] ?? 0n;
  }

  add(wallet: number, micro: bigint): void {
    this.balances[wallet] = this.has(wallet) + micro;
  }
}
