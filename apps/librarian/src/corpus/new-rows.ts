// Rows that any replica stores, taken by this process as they become visible. It knows no table.
interface Page<T> {
  readonly rows: readonly T[];
  readonly more: boolean;
}

/** Rows numbered in the order in which they became visible: each is taken once, in that order, however many calls overlap. */
export class NewRows<T extends { readonly sequence: number }> {
  #last = 0;

  constructor(private readonly newerThan: (sequence: number) => Promise<Page<T>>) {}

  async take(add: (row: T) => void): Promise<void> {
    for (let more = true; more; ) {
      const page = await this.newerThan(this.#last);
      for (const row of page.rows) {
        // An overlapping call may have been faster, and gone further.
        if (row.sequence <= this.#last) continue;
        add(row);
        this.#last = row.sequence;
      }
      more = page.more;
    }
  }
}
