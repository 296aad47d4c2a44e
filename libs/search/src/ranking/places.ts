// Which ordinals of a part are terms of a question: made once per part, asked for every term of an entry.
import type { ViewTerm } from './view.js';

export class Places {
  readonly #byPart: (ReadonlyMap<number, number> | undefined)[] = [];

  constructor(private readonly terms: readonly ViewTerm[]) {}

  /** From a term's ordinal in the part to its place among the terms. */
  in(part: number): ReadonlyMap<number, number> {
    const known = this.#byPart[part];
    if (known !== undefined) return known;
    const places = new Map<number, number>();
    for (const [place, { found }] of this.terms.entries()) {
      const ordinal = found[part]?.ordinal;
      if (ordinal !== undefined) places.set(ordinal, place);
    }
    this.#byPart[part] = places;
    return places;
  }
}

/** Counts by row and field, of which few are not 0: used again and again, emptied by what was set. */
export class Counts {
  readonly #counts: Uint32Array;
  readonly #rows: number[] = [];

  constructor(
    rows: number,
    private readonly fields: number,
  ) {
    this.#counts = new Uint32Array(rows * fields);
  }

  add(row: number, field: number): void {
    const at = row * this.fields + field;
    const count = this.#counts[at] ?? 0;
    if (count === 0 && !this.#rows.includes(row)) this.#rows.push(row);
    this.#counts[at] = count + 1;
  }

  /** Visits the rows that were counted, in rising order, and empties them. The counts are the same array each time. */
  take(visit: (row: number, frequencies: Uint32Array, offset: number) => void): void {
    this.#rows.sort((a, b) => a - b);
    for (const row of this.#rows) {
      const at = row * this.fields;
      visit(row, this.#counts, at);
      this.#counts.fill(0, at, at + this.fields);
    }
    this.#rows.length = 0;
  }
}
