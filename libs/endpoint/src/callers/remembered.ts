// Answers that are good for a while: one question at a time about each, none while the answer is known. Failures are not kept.
import { boundedCache } from '@labmesh/runtime';
import type { LRUCache } from 'lru-cache';

export class Remembered<T extends object> {
  readonly #known: LRUCache<string, T>;
  readonly #asked = new Map<string, Promise<T>>();
  #hits = 0;
  #misses = 0;

  /** @param isGood whether an answer may be used now; it may turn bad before it is an answer at all */
  constructor(
    max: number,
    private readonly isGood: (answer: T) => boolean,
  ) {
    this.#known = boundedCache<T>(max);
  }

  /** How often an answer was there or on its way, and how often it had to be asked for. */
  get lookups(): { readonly hit: number; readonly miss: number } {
    return { hit: this.#hits, miss: this.#misses };
  }

  /** True when an answer is kept: it was good lately. */
  has(key: string): boolean {
    return this.#known.peek(key) !== undefined;
  }

  /** The answer itself where it is known, so that nobody waits for it. @throws what `ask` throws */
  get(key: string, ask: () => Promise<T>): T | Promise<T> {
    const known = this.#known.get(key);
    if (known !== undefined && this.#hit(known)) return known;
    const asked = this.#asked.get(key);
    if (asked === undefined) return this.#ask(key, ask);
    // It was asked before this caller came: what happened in between may have made it bad.
    return asked.then((answer) => (this.#hit(answer) ? answer : this.get(key, ask)));
  }

  forget(key: string): void {
    this.#known.delete(key);
    this.#asked.delete(key);
  }

  #hit(answer: T): boolean {
    const good = this.isGood(answer);
    if (good) this.#hits += 1;
    return good;
  }

  async #ask(key: string, ask: () => Promise<T>): Promise<T> {
    this.#misses += 1;
    const asked = ask();
    this.#asked.set(key, asked);
    try {
      const answer = await asked;
      if (this.#asked.get(key) === asked) this.#known.set(key, answer);
      return answer;
    } catch (error) {
      this.#known.delete(key);
      throw error;
    } finally {
      if (this.#asked.get(key) === asked) this.#asked.delete(key);
    }
  }
}
