// Sums of square roots, compared exactly: never by floating point. Two that are equal are found to be equal, however they are written.
// Roots of whole numbers whose products are no squares are linearly independent over the fractions (Besicovitch, 1940), so a sum
// is zero only where those that belong together cancel; any other sum is told from zero by enough digits.
import { type Fraction, greatestDivisor } from './fraction.js';

/** `factor` times the root of `of`, which is not negative. */
export interface Root {
  readonly factor: Fraction;
  readonly of: bigint;
}

/** Digits, in bits, of the first look; it decides all but what is equal or nearly so. */
const FIRST_BITS = 64n;

/** Less than zero when the sum of `a` is less than that of `b`, zero when they are equal. */
export function comparedRoots(a: readonly Root[], b: readonly Root[]): number {
  const terms = wholeTerms([...a, ...b.map(({ factor, of }) => ({ factor: { ...factor, above: -factor.above }, of }))]);
  if (terms.size === 0) return 0;
  const atFirst = signAt(terms, FIRST_BITS);
  if (atFirst !== undefined) return atFirst;
  const independent = merged(terms);
  if (independent.size === 0) return 0;
  for (let bits = 2n * FIRST_BITS; ; bits *= 2n) {
    const sign = signAt(independent, bits);
    if (sign !== undefined) return sign;
  }
}

/** The square of the sum, rounded down: for reading, not for deciding. No factor is negative. */
export function squareOfSum(roots: readonly Root[]): bigint {
  const below = commonBelow(roots);
  const [least, most] = boundsAt(wholeTerms(roots), FIRST_BITS);
  const scale = (below << FIRST_BITS) ** 2n;
  const [low, high] = [(least * least) / scale, (most * most) / scale];
  // They differ only next to a whole number, which the sum then is as nearly as can be shown.
  return low === high ? low : high;
}

/** The largest whole number whose square is not more than this, by Newton's method. Expects no negative. */
export function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

const commonBelow = (roots: readonly Root[]): bigint =>
  roots.reduce((common, { factor: { below } }) => (common / greatestDivisor(common, below)) * below, 1n);

/** By what is under the root: whole factors, all made larger by the same. */
function wholeTerms(roots: readonly Root[]): Map<bigint, bigint> {
  const below = commonBelow(roots);
  const terms = new Map<bigint, bigint>();
  for (const { factor, of } of roots) add(terms, of, factor.above * (below / factor.below));
  return terms;
}

function add(terms: Map<bigint, bigint>, of: bigint, factor: bigint): void {
  const sum = (terms.get(of) ?? 0n) + factor;
  if (sum === 0n || of === 0n) terms.delete(of);
  else terms.set(of, sum);
}

/** The sign of the sum, if so many bits after the point tell it. */
function signAt(terms: ReadonlyMap<bigint, bigint>, bits: bigint): number | undefined {
  const [least, most] = boundsAt(terms, bits);
  if (least > 0n) return 1;
  if (most < 0n) return -1;
  return least === 0n && most === 0n ? 0 : undefined;
}

/** The sum lies between these, both times two to the power of `bits`. */
function boundsAt(terms: ReadonlyMap<bigint, bigint>, bits: bigint): [least: bigint, most: bigint] {
  let [least, most] = [0n, 0n];
  for (const [of, factor] of terms) {
    const scaled = of << (2n * bits);
    const low = squareRoot(scaled);
    const high = low * low === scaled ? low : low + 1n;
    least += factor * (factor > 0n ? low : high);
    most += factor * (factor > 0n ? high : low);
  }
  return [least, most];
}

/** Roots that are fractions of one another become one: the root of n is (root of mn) / m times the root of m, where mn is a square. */
function merged(terms: ReadonlyMap<bigint, bigint>): Map<bigint, bigint> {
  const classes = new Map<bigint, Fraction>();
  for (const [of, factor] of terms) {
    const [first, times] = relativeOf(of, classes.keys());
    const { above, below } = classes.get(first) ?? { above: 0n, below: 1n };
    classes.set(first, { above: above * times.below + factor * times.above * below, below: below * times.below });
  }
  return wholeTerms([...classes].map(([of, factor]) => ({ factor, of })));
}

function relativeOf(of: bigint, firsts: Iterable<bigint>): [first: bigint, times: Fraction] {
  for (const first of firsts) {
    const root = squareRoot(first * of);
    if (root * root === first * of) return [first, { above: root, below: first }];
  }
  return [of, { above: 1n, below: 1n }];
}
