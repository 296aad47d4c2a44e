// What one question looks at: the parts of its shelves, and numbers over these alone.
import type { FieldSpec } from '../fields.js';
import type { FoundTerm, Part } from '../parts/part.js';
import type { FieldWeighing } from '../parts/posting-list.js';

export interface PartOfView {
  readonly shelf: string;
  readonly part: Part;
}

export interface Sums {
  readonly entryCount: number;
  /** Of each field. */
  readonly lengthSums: ArrayLike<number>;
}

/** What is known of a term in the view. */
export interface ViewTerm {
  readonly term: string;
  /** In each part; undefined where it holds none. */
  readonly found: readonly (FoundTerm | undefined)[];
  /** Entries that hold it. */
  readonly count: number;
  readonly inverseFrequency: number;
}

export class View {
  readonly weighing: FieldWeighing;
  readonly entryCount: number;

  constructor(
    readonly parts: readonly PartOfView[],
    specs: readonly FieldSpec[],
    sums: readonly Sums[],
  ) {
    this.entryCount = sums.reduce((sum, { entryCount }) => sum + entryCount, 0);
    const averages = specs.map((_, field) => {
      const terms = sums.reduce((sum, { lengthSums }) => sum + (lengthSums[field] ?? 0), 0);
      return terms / Math.max(1, this.entryCount);
    });
    this.weighing = {
      weight: Float64Array.from(specs, ({ weight }) => weight),
      base: Float64Array.from(specs, ({ lengthShare }) => 1 - lengthShare),
      slope: Float64Array.from(specs, ({ lengthShare }, field) => lengthShare / Math.max(averages[field] ?? 0, 1e-9)),
    };
  }

  term(term: string): ViewTerm {
    const found = this.parts.map(({ part }) => part.find(term));
    let count = 0;
    for (const [at, each] of found.entries())
      if (each !== undefined) count += this.parts[at]?.part.liveCountOf(each) ?? 0;
    return { term, found, count, inverseFrequency: this.inverseFrequency(count) };
  }

  /**
   * How much a term tells apart: `ln(1 + (N - n + 0.5) / (n + 0.5))`, highest when nothing holds it.
   * Source: S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", Foundations and Trends in
   * Information Retrieval 3(4), 2009, section 3.1; the 1 keeps terms that most entries hold from counting against an entry.
   */
  inverseFrequency(count: number): number {
    return Math.log(1 + (this.entryCount - count + 0.5) / (count + 0.5));
  }

  /** A term's weighed frequency in an entry, as postings give it, from its frequencies by field that begin at `offset`. */
  weighed(frequencies: ArrayLike<number>, offset: number, { part, entry }: { part: Part; entry: number }): number {
    const { weight, base, slope } = this.weighing;
    let sum = 0;
    for (let field = 0; field < weight.length; field += 1) {
      const frequency = frequencies[offset + field] ?? 0;
      if (frequency === 0) continue;
      const norm = (base[field] ?? 0) + (slope[field] ?? 0) * (part.lengths[field]?.[entry] ?? 0);
      sum += ((weight[field] ?? 0) * frequency) / norm;
    }
    return sum;
  }
}
