// How long calls took over the last minutes, kept where they are measured: a few small tables of counts, no timer, no list of calls.
// A time is known to within 5 %: each count is of a range that is 9 % wide.

/** Minutes that are remembered: the one under way and those before it. */
export const RECENT_MINUTES = 5;
const MINUTE_MS = 60_000;
/** The first range ends here, milliseconds; each other one is as much wider as eight of them double. */
const FIRST_MS = 0.1;
const GROWTH = 2 ** (1 / 8);
/** The last range has everything beyond 6 minutes in it. */
const RANGES = 176;

/** Codes that are the lab's doing: refusals and wrong input are the caller's. */
const FAILURES: ReadonlySet<string> = new Set(['internal', 'unavailable', 'deadline_exceeded', 'upstream_failed']);

/** How often which range was met. */
export type Ranges = ReadonlyArray<readonly [range: number, count: number]>;

export interface RecentFigures {
  /** An agent, or `mcp` for whole requests at an endpoint. */
  readonly name: string;
  readonly calls: number;
  readonly failed: number;
  readonly ranges: Ranges;
}

interface Minute {
  at: number;
  failed: number;
  readonly counts: Uint32Array;
}

export class RecentCalls {
  readonly #minutes = new Map<string, Minute[]>();

  /** @param now milliseconds that only ever rise */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** One call that has ended; `outcome` is "ok" or an error code. */
  add(name: string, outcome: string, seconds: number): void {
    const minute = this.#minute(name);
    const range = rangeOf(seconds * 1_000);
    minute.counts[range] = (minute.counts[range] ?? 0) + 1;
    if (FAILURES.has(outcome)) minute.failed += 1;
  }

  figures(): RecentFigures[] {
    const oldest = this.#at() - RECENT_MINUTES + 1;
    return [...this.#minutes].flatMap(([name, all]) => {
      const minutes = all.filter(({ at }) => at >= oldest);
      const ranges = Array.from({ length: RANGES }, (_, range): [number, number] => [
        range,
        minutes.reduce((sum, { counts }) => sum + (counts[range] ?? 0), 0),
      ]).filter(([, count]) => count > 0);
      const calls = ranges.reduce((sum, [, count]) => sum + count, 0);
      return calls === 0 ? [] : [{ name, calls, failed: minutes.reduce((sum, { failed }) => sum + failed, 0), ranges }];
    });
  }

  #at(): number {
    return Math.floor(this.now() / MINUTE_MS);
  }

  #minute(name: string): Minute {
    let minutes = this.#minutes.get(name);
    if (minutes === undefined) {
      minutes = Array.from({ length: RECENT_MINUTES }, () => ({ at: -1, failed: 0, counts: new Uint32Array(RANGES) }));
      this.#minutes.set(name, minutes);
    }
    const at = this.#at();
    const minute = minutes[at % RECENT_MINUTES] as Minute;
    if (minute.at !== at) {
      minute.at = at;
      minute.failed = 0;
      minute.counts.fill(0);
    }
    return minute;
  }
}

const rangeOf = (ms: number): number =>
  ms <= FIRST_MS ? 0 : Math.min(RANGES - 1, Math.ceil(Math.log(ms / FIRST_MS) / Math.log(GROWTH)));

/** The middle of a range, milliseconds. */
const middleOf = (range: number): number => FIRST_MS * GROWTH ** (range - 0.5);

/** Ranges of several processes, or replicas, as one. */
export function sumOfRanges(all: readonly Ranges[]): Ranges {
  const sums = new Map<number, number>();
  for (const [range, count] of all.flat()) sums.set(range, (sums.get(range) ?? 0) + count);
  return [...sums].sort(([one], [other]) => one - other);
}

/** The time that a share of the calls, 0 to 1, did not pass: nearest rank, milliseconds. Null without calls. */
export function percentile(ranges: Ranges, share: number): number | null {
  const calls = ranges.reduce((sum, [, count]) => sum + count, 0);
  let rank = Math.max(1, Math.ceil(calls * share));
  for (const [range, count] of ranges) {
    rank -= count;
    if (rank <= 0) return middleOf(range);
  }
  return null;
}
