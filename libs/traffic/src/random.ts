// Chance from a seed: the same seed gives the same traffic on every machine.

export type Random = ReturnType<typeof seeded>;

export function seeded(seed: number) {
  let state = seed >>> 0;
  /** From 0 to below 1 (mulberry32). */
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  const pick = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T;
  return {
    next,
    /** Both ends included. */
    whole,
    pick,
    chance: (probability: number): boolean => next() < probability,
    /** About normal, from the sum of uniform ones. */
    normal: (mean: number, spread: number): number => {
      let sum = 0;
      for (let at = 0; at < 6; at++) sum += next();
      return mean + (sum - 3) * Math.SQRT2 * spread;
    },
    /** Times and sizes: most small, some large. */
    logNormal(median: number, spread: number): number {
      return median * Math.exp(this.normal(0, spread));
    },
    some: <T>(of: readonly T[], many: number): T[] => Array.from({ length: many }, () => pick(of)),
    hex: (digits: number): string => Array.from({ length: digits }, () => whole(0, 15).toString(16)).join(''),
    weighted: <T>(of: ReadonlyArray<readonly [number, T]>): T => {
      let left = next() * of.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, value] of of) {
        left -= weight;
        if (left < 0) return value;
      }
      return (of.at(-1) as readonly [number, T])[1];
    },
  };
}

export const uuid = ({ hex, pick }: Random): string =>
  `${hex(8)}-${hex(4)}-7${hex(3)}-${pick(['8', '9', 'a', 'b'])}${hex(3)}-${hex(12)}`;
