// Whether work grows with its input or faster: by how many times more processor time the large one takes. Time on the clock
// would be the machine's and its neighbours' as well.

/** Of the small one: what disturbs it makes the ratio too good. What disturbs the large one makes it too bad, so once may do. */
const SMALL_TRIES_MIN = 3;
const TRIES_MAX = 10;
/** Microseconds. What takes less is quick, whatever the ratio. */
const QUICK = 500;

interface Work {
  small(): void;
  large(): void;
  /** A ratio below this is good: no more is tried. */
  readonly enough: number;
}

/** Work of `large` over work of `small`, both the least of several tries: what else this process does only ever adds. */
export function growthOf({ small, large, enough }: Work): number {
  small();
  let [leastSmall, leastLarge] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let tries = 1; tries < SMALL_TRIES_MIN; tries += 1) leastSmall = Math.min(leastSmall, microsOf(small));
  for (let tries = 1; ; tries += 1) {
    leastSmall = Math.min(leastSmall, microsOf(small));
    leastLarge = Math.min(leastLarge, microsOf(large));
    const ratio = leastLarge / Math.max(leastSmall, QUICK);
    if (ratio < enough || tries === TRIES_MAX) return ratio;
  }
}

function microsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
