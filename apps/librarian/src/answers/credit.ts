// How much of a question a text holds: its words, rare ones weighing more, or less of words that mean the same.
import { SYNONYM_SHARE, type Understood } from './understood.js';

interface Part {
  readonly place: number;
  readonly share: number;
}

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

  /** From 0 to 1, of these terms together. */
  of(...texts: readonly (readonly string[])[]): number {
    if (this.#whole === 0) return 0;
    const held = new Float64Array(this.#weights.length);
    for (const terms of texts)
      for (const term of terms)
        for (const { place, share } of this.#parts.get(term) ?? []) held[place] = Math.max(held[place] ?? 0, share);
    let sum = 0;
    for (const [place, weight] of this.#weights.entries()) sum += weight * (held[place] ?? 0);
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
