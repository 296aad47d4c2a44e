// How much of a question a text holds: its words, rare ones weighing more, or less of words that mean the same.
import { SYNONYM_SHARE, type Understood } from './understood.js';

interface Part {
  readonly place: number;
  readonly share: number;
}

/** Of each word of the question its share in a text. */
export type Holding = readonly number[];

export class Credit {
  readonly #weights: number[] = [];
  readonly #whole: number;
  readonly #parts = new Map<string, Part[]>();

  constructor(private readonly asked: Understood) {
    const add = (term: string, part: Part): void => {
      this.#parts.set(term, [...(this.#parts.get(term) ?? []), part]);
    };
    for (const [term, weight] of asked.weights) {
      const place = this.#weights.push(weight) - 1;
      add(term, { place, share: 1 });
      for (const other of asked.synonyms.get(term) ?? []) add(other, { place, share: SYNONYM_SHARE });
    }
    this.#whole = this.#weights.reduce((sum, weight) => sum + weight, 0);
  }

  /** From 0 to 1, of these terms. */
  of(terms: readonly string[]): number {
    return this.ofAll([this.holds(terms)]);
  }

  /** What these terms hold, to be weighed alone or with others. */
  holds(terms: readonly string[]): Holding {
    const held = new Array<number>(this.#weights.length).fill(0);
    for (const term of terms) {
      const parts = this.#parts.get(term);
      if (parts === undefined) continue;
      for (const { place, share } of parts) if (share > (held[place] ?? 0)) held[place] = share;
    }
    return held;
  }

  /** From 0 to 1, of all these together. */
  ofAll(holdings: readonly Holding[]): number {
    if (this.#whole === 0) return 0;
    let sum = 0;
    for (let place = 0; place < this.#weights.length; place += 1) {
      let most = 0;
      for (const held of holdings) most = Math.max(most, held[place] ?? 0);
      sum += (this.#weights[place] ?? 0) * most;
    }
    return sum / this.#whole;
  }

  /** From 0 to 1: how much of these terms is asked for. A heading that says nothing else is about just that. */
  focus(terms: readonly string[]): number {
    const distinct = new Set(terms);
    let sum = 0;
    for (const term of distinct) sum += this.asked.shares.get(term) ?? 0;
    return distinct.size === 0 ? 0 : sum / distinct.size;
  }
}
