// Exact fractions of whole numbers. Nothing here is ever rounded but by `floorOf`, which says so.

export interface Fraction {
  readonly above: bigint;
  /** More than zero. */
  readonly below: bigint;
}

export const ZERO: Fraction = { above: 0n, below: 1n };

export const whole = (above: bigint): Fraction => ({ above, below: 1n });

/** `below` is more than zero. */
export function fraction(above: bigint, below: bigint): Fraction {
  const common = greatestDivisor(above < 0n ? -above : above, below);
  return { above: above / common, below: below / common };
}

export const plus = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.above * b.below + b.above * a.below, a.below * b.below);

/** Less than zero when `a` is less, more than zero when it is more. */
export function compared(a: Fraction, b: Fraction): number {
  return signOf(a.above * b.below - b.above * a.below);
}

/** The whole part of what is not negative. */
export const floorOf = ({ above, below }: Fraction): bigint => above / below;

export function greatestDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b];
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}

export const signOf = (value: bigint): number => (value < 0n ? -1 : value > 0n ? 1 : 0);
