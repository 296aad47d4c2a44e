// The best so many of all that is offered: a heap whose first is the worst that is kept.

export interface Candidate {
  /** Place of its part in the view. */
  readonly part: number;
  readonly entry: number;
  readonly score: number;
}

/** Best first; of equal ones the one of the earlier part, then the earlier entry. */
export const byRank = (a: Candidate, b: Candidate): number => b.score - a.score || a.part - b.part || a.entry - b.entry;

export class Best {
  readonly #heap: Candidate[] = [];

  constructor(private readonly limit: number) {}

  /** What scores less is not among the best; what scores as much may be. */
  get threshold(): number {
    return this.#heap.length < this.limit ? Number.NEGATIVE_INFINITY : (this.#heap[0]?.score ?? 0);
  }

  offer(candidate: Candidate): void {
    const heap = this.#heap;
    if (heap.length < this.limit) {
      heap.push(candidate);
      for (let at = heap.length - 1; at > 0; ) {
        const above = (at - 1) >> 1;
        if (byRank(heap[above] as Candidate, candidate) >= 0) break;
        heap[at] = heap[above] as Candidate;
        heap[above] = candidate;
        at = above;
      }
    } else if (byRank(candidate, heap[0] as Candidate) < 0) {
      heap[0] = candidate;
      this.#sink();
    }
  }

  sorted(): Candidate[] {
    return this.#heap.toSorted(byRank);
  }

  #sink(): void {
    const heap = this.#heap;
    for (let at = 0; ; ) {
      let worst = at;
      for (const below of [2 * at + 1, 2 * at + 2])
        if (below < heap.length && byRank(heap[below] as Candidate, heap[worst] as Candidate) > 0) worst = below;
      if (worst === at) return;
      [heap[at], heap[worst]] = [heap[worst] as Candidate, heap[at] as Candidate];
      at = worst;
    }
  }
}
