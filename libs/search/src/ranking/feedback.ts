// Words that the best entries share with each other, and with others that are about the same, reorder what was found. They never
// bring in an entry that holds no word of the question.
import type { EntryField } from '../parts/part.js';
import type { Candidate } from './best.js';
import { Counts, Places } from './places.js';
import { saturated } from './rank-part.js';
import type { View, ViewTerm } from './view.js';

/** How many of the best are taken as being about the question; each counts by its rank: 1, 1/2, 1/3 and so on. */
const BEST = 5;
/** How many of their terms count. */
const TERMS = 30;
/** A term of one entry alone can lift no other; one that was asked for may lift that entry. */
const ENTRIES_MIN = 2;

/** A term and its share; shares sum to 1. */
export interface FedTerm {
  readonly term: ViewTerm;
  readonly share: number;
}

/** An entry with its terms, so that they are read once. */
export interface ReadCandidate extends Candidate {
  readonly fields: readonly EntryField[];
}

/**
 * The terms that speak for the best entries: each entry's saturated frequencies times inverse frequency, weighed by its rank.
 * Sources: J. J. Rocchio, "Relevance feedback in information retrieval", in: The SMART Retrieval System, 1971; V. Lavrenko,
 * W. B. Croft, "Relevance-based language models", SIGIR 2001, for taking the best for relevant, weighed; bounded to few terms as
 * in N. Abdul-Jaleel et al., "UMass at TREC 2004", RM3.
 */
export function fedTerms(view: View, best: readonly ReadCandidate[], asked: ReadonlySet<string>): FedTerm[] {
  const weights = new Map<string, number>();
  for (const [rank, { part: at, entry, fields }] of best.slice(0, BEST).entries()) {
    const part = view.parts[at]?.part;
    if (part === undefined) continue;
    const ordinals = [...new Set(fields.flatMap((field) => field.ordinals))];
    const places = new Map(ordinals.map((ordinal, place) => [ordinal, place]));
    counted(fields, places, new Counts(ordinals.length, view.weighing.weight.length)).take(
      (place, frequencies, offset) => {
        const weight = saturated(view.weighed(frequencies, offset, { part, entry })) / (rank + 1);
        const term = part.termAt(ordinals[place] ?? 0);
        weights.set(term, (weights.get(term) ?? 0) + weight);
      },
    );
  }
  const weighed = heaviest(view, weights, asked);
  const sum = weighed.reduce((total, { weight }) => total + weight, 0);
  return weighed.map(({ term, weight }) => ({ term, share: weight / sum }));
}

/** The heaviest terms, heaviest first. None is looked up that could not be among them even if a single entry held it. */
function heaviest(view: View, weights: ReadonlyMap<string, number>, asked: ReadonlySet<string>) {
  const most = view.inverseFrequency(1);
  const best: { readonly term: ViewTerm; readonly weight: number }[] = [];
  for (const [text, raw] of [...weights].sort(([, a], [, b]) => b - a)) {
    const least = best[TERMS - 1]?.weight ?? 0;
    if (raw * most < least) break;
    const term = view.term(text);
    const weight = raw * term.inverseFrequency;
    if (weight < least || (term.count < ENTRIES_MIN && !asked.has(text))) continue;
    best.push({ term, weight });
    best.sort((a, b) => b.weight - a.weight || (a.term.term < b.term.term ? -1 : 1));
    best.length = Math.min(best.length, TERMS);
  }
  return best;
}

function counted(fields: readonly EntryField[], places: ReadonlyMap<number, number>, counts: Counts): Counts {
  for (const { field, ordinals } of fields)
    for (let at = 0; at < ordinals.length; at += 1) {
      const place = places.get(ordinals[at] ?? 0);
      if (place !== undefined) counts.add(place, field);
    }
  return counts;
}

/** Scores entries for the fed terms: their BM25 scores, each by its share. */
export class FedScores {
  readonly #places: Places;
  readonly #counts: Counts;

  constructor(
    private readonly view: View,
    private readonly terms: readonly FedTerm[],
  ) {
    this.#places = new Places(terms.map(({ term }) => term));
    this.#counts = new Counts(terms.length, view.weighing.weight.length);
  }

  of({ part: at, entry, fields }: ReadCandidate): number {
    const part = this.view.parts[at]?.part;
    if (part === undefined) return 0;
    let sum = 0;
    counted(fields, this.#places.in(at), this.#counts).take((place, frequencies, offset) => {
      const { share = 0, term } = this.terms[place] ?? {};
      const score = saturated(this.view.weighed(frequencies, offset, { part, entry }));
      sum += share * (term?.inverseFrequency ?? 0) * score;
    });
    return sum;
  }
}
