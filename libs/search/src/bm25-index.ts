// Full-text search over entries of weighted fields. It knows terms and numbers only: what an entry is, its owner knows.
import { Postings } from './postings.js';

/** How soon more of the same term stops counting more. */
export const K1 = 1.2;
/** How much a long entry is held against it, 0 to 1. */
export const B = 0.75;

export interface Field {
  readonly terms: readonly string[];
  /** How many times over each term of the field counts, in frequency and in length. */
  readonly weight: number;
}

export interface Hit {
  /** The number that `add` gave. */
  readonly entry: number;
  readonly score: number;
}

/**
 * BM25: the sum over the query's terms of `idf(t) * tf / (k1 * (1 - b + b * length / averageLength) + tf)`, with
 * `idf(t) = ln(1 + (N - df + 0.5) / (df + 0.5))`. A term asked twice counts twice.
 *
 * Sources: S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", Foundations and Trends
 * in Information Retrieval 3(4), 2009, section 3.4, for the formula; S. Robertson, H. Zaragoza, M. Taylor, "Simple BM25
 * Extension to Multiple Weighted Fields", CIKM 2004, for summing weighted fields into tf and length. The 1 inside the
 * logarithm keeps terms that most entries hold from counting against an entry.
 */
export class Bm25Index {
  readonly #postings = new Map<string, Postings>();
  readonly #lengths: number[] = [];
  #totalLength = 0;

  get size(): number {
    return this.#lengths.length;
  }

  /** Adds an entry and answers with its number; the first is 0. */
  add(fields: readonly Field[]): number {
    const entry = this.#lengths.length;
    const frequencies = new Map<string, number>();
    let length = 0;
    for (const { terms, weight } of fields) {
      length += terms.length * weight;
      for (const term of terms) frequencies.set(term, (frequencies.get(term) ?? 0) + weight);
    }
    for (const [term, frequency] of frequencies) {
      const postings = this.#postings.get(term) ?? new Postings();
      this.#postings.set(term, postings);
      postings.push(entry, frequency);
    }
    this.#lengths.push(length);
    this.#totalLength += length;
    return entry;
  }

  /** How much a term tells apart: high when few entries hold it, highest when none does. */
  inverseFrequency(term: string): number {
    const holding = this.#postings.get(term)?.length ?? 0;
    return Math.log(1 + (this.size - holding + 0.5) / (holding + 0.5));
  }

  /** The best entries that hold at least one of the terms, best first; of equal ones the one added earlier. */
  search(terms: readonly string[], limit: number): Hit[] {
    const averageLength = this.#totalLength / Math.max(1, this.size);
    const scores = new Float64Array(this.size);
    for (const term of terms) {
      const postings = this.#postings.get(term);
      if (postings === undefined) continue;
      const idf = this.inverseFrequency(term);
      for (const [entry, frequency] of postings) {
        const lengthNorm = 1 - B + (B * (this.#lengths[entry] ?? 0)) / averageLength;
        scores[entry] = (scores[entry] ?? 0) + (idf * frequency) / (K1 * lengthNorm + frequency);
      }
    }
    const hits: Hit[] = [];
    scores.forEach((score, entry) => {
      if (score > 0) hits.push({ entry, score });
    });
    return hits.sort((a, b) => b.score - a.score || a.entry - b.entry).slice(0, limit);
  }
}
