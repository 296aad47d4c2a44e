// Words of a question that stand side by side in an entry as they do in the question say more than the same words apart.
import type { EntryField, Part } from '../parts/part.js';
import type { Candidate } from './best.js';
import { Counts, Places } from './places.js';
import { saturated } from './rank-part.js';
import type { View, ViewTerm } from './view.js';

/** What a pair counts beside a single word: directly one after the other, and within a few words in any order. */
const PHRASE_WEIGHT = 0.1;
const NEAR_WEIGHT = 0.05;
const NEAR_TERMS = 8;

/** Two terms that follow each other in the question, by their places in `terms`. */
interface Pair {
  readonly first: number;
  readonly second: number;
  readonly inverseFrequency: number;
}

/**
 * What an entry scores beyond its single words: for each pair of the question's neighbours, BM25's sum over how often the pair
 * occurs, with the lower of the two inverse frequencies.
 * Source: D. Metzler, W. B. Croft, "A Markov random field model for term dependencies", SIGIR 2005, sequential dependence.
 */
export class Nearness {
  readonly #pairs: readonly Pair[];
  readonly #byTerms = new Map<number, number>();
  readonly #places: Places;
  readonly #phrases: Counts;
  readonly #nears: Counts;
  /** Places of the question's terms in the field that is read, and which terms they are. */
  readonly #seenAt: number[] = [];
  readonly #seenTerms: number[] = [];

  /** @param sequence the question's terms as they follow each other, by their places in `terms` */
  constructor(
    private readonly view: View,
    private readonly terms: readonly ViewTerm[],
    sequence: readonly number[],
  ) {
    const pairs: Pair[] = [];
    for (const [at, second] of sequence.entries()) {
      const first = sequence[at - 1];
      if (first === undefined || first === second || this.#byTerms.has(this.#code(first, second))) continue;
      const inverse = [first, second].map((term) => terms[term]?.inverseFrequency ?? 0);
      this.#byTerms.set(this.#code(first, second), pairs.length);
      pairs.push({ first, second, inverseFrequency: Math.min(...inverse) });
    }
    this.#pairs = pairs;
    this.#places = new Places(terms);
    this.#phrases = new Counts(pairs.length, view.weighing.weight.length);
    this.#nears = new Counts(pairs.length, view.weighing.weight.length);
  }

  score({ part: at, entry }: Candidate, fields: readonly EntryField[], part: Part): number {
    if (this.#pairs.length === 0) return 0;
    const places = this.#places.in(at);
    for (const { field, ordinals } of fields) this.#count(field, ordinals, places);
    let sum = 0;
    const take = (counts: Counts, weight: number): void =>
      counts.take((pair, frequencies, offset) => {
        const score = saturated(this.view.weighed(frequencies, offset, { part, entry }));
        sum += weight * (this.#pairs[pair]?.inverseFrequency ?? 0) * score;
      });
    take(this.#phrases, PHRASE_WEIGHT);
    take(this.#nears, NEAR_WEIGHT);
    return sum;
  }

  #count(field: number, ordinals: readonly number[], places: ReadonlyMap<number, number>): void {
    const [seenAt, seenTerms] = [this.#seenAt, this.#seenTerms];
    seenAt.length = 0;
    seenTerms.length = 0;
    for (let at = 0; at < ordinals.length; at += 1) {
      const term = places.get(ordinals[at] ?? 0);
      if (term === undefined) continue;
      for (let back = seenAt.length - 1; back >= 0; back -= 1) {
        const distance = at - (seenAt[back] ?? 0);
        if (distance > NEAR_TERMS) break;
        const before = seenTerms[back] ?? 0;
        const forward = this.#byTerms.get(this.#code(before, term));
        if (forward !== undefined && distance === 1) this.#phrases.add(forward, field);
        if (forward !== undefined) this.#nears.add(forward, field);
        const backward = this.#byTerms.get(this.#code(term, before));
        if (backward !== undefined && backward !== forward) this.#nears.add(backward, field);
      }
      seenAt.push(at);
      seenTerms.push(term);
    }
  }

  #code(first: number, second: number): number {
    return first * this.terms.length + second;
  }
}
