// Whether work grows with its input or faster: by how many times longer the large one takes, whoever else uses the machine.

const TRIES_MIN = 3;
const TRIES_MAX = 40;
/** Milliseconds. What takes less is quick, whatever the ratio. */
const QUICK_MS = 0.5;

interface Work {
  small(): void;
  large(): void;
  /** A ratio below this is good: no more is tried. */
  readonly enough: number;
}

/** Time of `large` over time of `small`, both the shortest of several tries: neighbours only ever make one longer. */
export function growthOf({ small, large, enough }: Work): number {
  small();
  let [shortSmall, shortLarge] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let tries = 1; ; tries += 1) {
    shortSmall = Math.min(shortSmall, msOf(small));
    shortLarge = Math.min(shortLarge, msOf(large));
    const ratio = shortLarge / Math.max(shortSmall, QUICK_MS);
    if (tries >= TRIES_MIN && (ratio < enough || tries === TRIES_MAX)) return ratio;
  }
}

function msOf(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}
