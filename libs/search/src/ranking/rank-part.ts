// Ranks the entries of a part, a window of entries at a time: lists whose bounds together cannot lift an entry among the best are
// only asked about entries that the other lists brought up, and windows that cannot hold one of the best are not read at all.
import type { Part } from '../parts/part.js';
import { type DecodedBlock, decodedBlock, type FieldWeighing, type PostingList } from '../parts/posting-list.js';
import type { Best } from './best.js';

/** How soon more of the same term stops counting more. */
export const K1 = 1.6;

/** `(k1 + 1) * tf / (k1 + tf)`: from a weighed frequency to what it counts. */
export const saturated = (frequency: number): number => ((K1 + 1) * frequency) / (K1 + frequency);

/** Entries of a window. */
const WINDOW = 2_048;
/** A sum of bounds may be rounded below a sum of scores; by less than this. */
const ROUNDING = 1 + 1e-9;
const NONE = 0xffffffff;

/** A term of the question in the part. */
export interface RankedTerm {
  readonly list: PostingList;
  /** What its saturated frequency is multiplied by. */
  readonly factor: number;
}

/** What was done, for tests that compare: time would tell of the machine too. */
export interface Work {
  postings: number;
}

export interface Ranking {
  readonly weighing: FieldWeighing;
  readonly best: Best;
  readonly work: Work;
  /** Entries that count; all when left out. Removed ones never do. */
  readonly counts?: (entry: number) => boolean;
}

/** Reads a list forward. */
class Cursor {
  readonly #decoded: DecodedBlock = decodedBlock();
  readonly #bounds: Float64Array;
  #block = -1;
  #at = 0;
  #count = 0;
  /** The first block that may reach into the window. */
  #windowBlock = 0;

  constructor(
    private readonly term: RankedTerm,
    private readonly part: Part,
    private readonly ranking: Ranking,
  ) {
    const { list, factor } = term;
    this.#bounds = new Float64Array(list.blockCount);
    for (let block = 0; block < list.blockCount; block += 1)
      this.#bounds[block] = factor * saturated(list.bound(block, ranking.weighing)) * ROUNDING;
  }

  /** No entry from `from` up to `to` scores more for this term. Windows are asked for in order. */
  boundIn(from: number, to: number): number {
    const { lasts, blockCount } = this.term.list;
    while (this.#windowBlock < blockCount && (lasts[this.#windowBlock] ?? 0) < from) this.#windowBlock += 1;
    let bound = 0;
    for (let block = this.#windowBlock; block < blockCount; block += 1) {
      bound = Math.max(bound, this.#bounds[block] ?? 0);
      if ((lasts[block] ?? 0) >= to - 1) break;
    }
    return bound;
  }

  /** Goes to the first entry from `from` on, and answers with it. */
  seek(from: number): number {
    const { lasts, blockCount } = this.term.list;
    if (this.#block < 0 || (lasts[this.#block] ?? 0) < from) {
      let block = Math.max(this.#block + 1, 0);
      while (block < blockCount && (lasts[block] ?? 0) < from) block += 1;
      if (block === blockCount) {
        this.#block = blockCount - 1;
        this.#at = this.#count;
        return NONE;
      }
      this.#read(block);
    }
    const { entries } = this.#decoded;
    while (this.#at < this.#count && (entries[this.#at] ?? NONE) < from) this.#at += 1;
    return this.#at < this.#count ? (entries[this.#at] ?? NONE) : NONE;
  }

  /** What the entry that it stands at scores for this term. */
  score(): number {
    return this.term.factor * saturated(this.#decoded.frequencies[this.#at] ?? 0);
  }

  next(): number {
    this.#at += 1;
    if (this.#at < this.#count) return this.#decoded.entries[this.#at] ?? NONE;
    if (this.#block + 1 >= this.term.list.blockCount) return NONE;
    this.#read(this.#block + 1);
    return this.#decoded.entries[0] ?? NONE;
  }

  #read(block: number): void {
    const { list } = this.term;
    list.weigh(block, { weighing: this.ranking.weighing, lengths: this.part.lengths }, this.#decoded);
    [this.#block, this.#at, this.#count] = [block, 0, list.countOf(block)];
    this.ranking.work.postings += this.#count;
  }
}

interface Bounded {
  readonly cursor: Cursor;
  /** Place of the term in the question: scores are summed in this order, whatever was read first. */
  readonly row: number;
  readonly bound: number;
}

/**
 * Offers every entry that may be among the best, with the sum of its terms' scores. The result is the same as of scoring all.
 *
 * Sources: H. Turtle, J. Flood, "Query evaluation: strategies and optimizations", Information Processing & Management 31(6), 1995
 * (MaxScore); S. Ding, T. Suel, "Faster top-k document retrieval using block-max indexes", SIGIR 2011, for bounds of blocks.
 */
export function rankPart(
  at: number,
  { part, terms }: { part: Part; terms: readonly RankedTerm[] },
  ranking: Ranking,
): void {
  const cursors = terms.map((term) => new Cursor(term, part, ranking));
  const window = new Window(at, part, terms.length);
  for (let from = 0; from < part.entryCount; from += WINDOW) {
    const to = Math.min(from + WINDOW, part.entryCount);
    const bounded = cursors
      .map((cursor, row): Bounded => ({ cursor, row, bound: cursor.boundIn(from, to) }))
      .filter(({ bound }) => bound > 0)
      .sort((a, b) => a.bound - b.bound || a.row - b.row);
    const { threshold } = ranking.best;
    let asked = 0;
    let askedBound = 0;
    for (const { bound } of bounded) {
      if (askedBound + bound >= threshold) break;
      askedBound += bound;
      asked += 1;
    }
    if (asked === bounded.length) continue;
    window.read(from, to, bounded.slice(asked));
    window.offer({ from, to, asked: bounded.slice(0, asked).reverse(), askedBound }, ranking);
  }
}

/** Scores of the entries of a window, by term. */
class Window {
  readonly #scores: Float64Array;
  readonly #sums = new Float64Array(WINDOW);

  constructor(
    private readonly at: number,
    private readonly part: Part,
    private readonly rows: number,
  ) {
    this.#scores = new Float64Array(rows * WINDOW);
  }

  read(from: number, to: number, lists: readonly Bounded[]): void {
    for (const { cursor, row } of lists) {
      const base = row * WINDOW - from;
      for (let entry = cursor.seek(from); entry < to; entry = cursor.next()) {
        const score = cursor.score();
        this.#scores[base + entry] = score;
        this.#sums[entry - from] = (this.#sums[entry - from] ?? 0) + score;
      }
    }
  }

  /** @param asked lists that were not read, the one with the highest bound first */
  offer(
    { from, to, asked, askedBound }: { from: number; to: number; asked: readonly Bounded[]; askedBound: number },
    { best, counts }: Ranking,
  ): void {
    for (let entry = from; entry < to; entry += 1) {
      const slot = entry - from;
      let sum = this.#sums[slot] ?? 0;
      if (sum === 0) continue;
      this.#sums[slot] = 0;
      let rest = askedBound;
      const hopeless = (): boolean => (sum + rest) * ROUNDING < best.threshold;
      const seen = this.part.dead[entry] === 0 && !hopeless() && (counts === undefined || counts(entry));
      let complete = seen;
      for (const { cursor, row, bound } of seen ? asked : []) {
        rest -= bound;
        if (cursor.seek(entry) === entry) {
          const score = cursor.score();
          this.#scores[row * WINDOW + slot] = score;
          sum += score;
        }
        if (hopeless()) {
          complete = false;
          break;
        }
      }
      const score = this.#take(slot);
      if (complete) best.offer({ part: this.at, entry, score });
    }
  }

  /** The sum over the terms in the question's order; the slot is empty afterwards. */
  #take(slot: number): number {
    let score = 0;
    for (let row = 0; row < this.rows; row += 1) {
      score += this.#scores[row * WINDOW + slot] ?? 0;
      this.#scores[row * WINDOW + slot] = 0;
    }
    return score;
  }
}
