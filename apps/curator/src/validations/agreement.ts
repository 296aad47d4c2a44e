// When reports settle a claim: as many as it wants lie within its tolerance of each other. Of rows and wallets it knows nothing.
import { compare, type Decimal, isWithin, middleOf } from './decimals.js';

export interface Measured {
  /** In the order in which they came. */
  readonly place: number;
  readonly measured: Decimal;
}

export interface Settled<T extends Measured> {
  /** As many as were wanted, in their order. */
  readonly agreeing: readonly T[];
  /** The middle of what they measured. */
  readonly agreed: Decimal;
  readonly verdict: 'confirmed' | 'refuted';
}

export interface Wanted {
  readonly claimed: Decimal;
  readonly tolerance: Decimal;
  readonly reportsWanted: number;
}

/**
 * Those who settle it, each within the tolerance of each other; undefined while there are not enough. Where several sets would do,
 * it is the one whose members came first: who is paid follows from the order of the reports alone.
 */
export function settledBy<T extends Measured>(reports: readonly T[], wanted: Wanted): Settled<T> | undefined {
  const { tolerance, claimed, reportsWanted } = wanted;
  const inOrder = reports.toSorted((one, other) => one.place - other.place);
  // Values within a tolerance of each other are those from the least of them on, up to the tolerance.
  const agreeing = inOrder
    .map(({ measured: least }) =>
      inOrder
        .filter(({ measured }) => compare(measured, least) >= 0 && isWithin(measured, least, tolerance))
        .slice(0, reportsWanted),
    )
    .filter((set) => set.length === reportsWanted)
    .toSorted(firstCome)[0];
  if (agreeing === undefined) return undefined;
  const agreed = middleOf(agreeing.map(({ measured }) => measured));
  return { agreeing, agreed, verdict: isWithin(agreed, claimed, tolerance) ? 'confirmed' : 'refuted' };
}

/** By the first member that differs. */
function firstCome(one: readonly Measured[], other: readonly Measured[]): number {
  const at = one.findIndex(({ place }, index) => place !== other[index]?.place);
  return at < 0 ? 0 : (one[at]?.place ?? 0) - (other[at]?.place ?? 0);
}
