// How many bins a histogram has, and how wide they are. Sources: D. Freedman and P. Diaconis, "On the histogram as a density
// estimator", 1981; H. A. Sturges, "The choice of a class interval", 1926, where the middle half of the values is one value.

export interface Bins {
  readonly rule: 'Freedman-Diaconis' | 'Sturges' | 'one value';
  readonly from: number;
  /** Of each bin; the last one holds its upper end too. */
  readonly width: number;
  readonly bins: number;
}

export interface Histogram extends Bins {
  readonly counts: readonly number[];
}

const BINS_MAX = 50;

export function binsOf({
  least,
  most,
  quartiles,
  count,
}: {
  least: number;
  most: number;
  quartiles: readonly [number, number];
  count: number;
}): Bins {
  const range = most - least;
  if (!(range > 0) || !Number.isFinite(range)) return { rule: 'one value', from: least, width: 1, bins: 1 };
  const wanted = (2 * (quartiles[1] - quartiles[0])) / Math.cbrt(count);
  const rule = wanted > 0 ? 'Freedman-Diaconis' : 'Sturges';
  const bins = wanted > 0 ? Math.ceil(range / wanted) : Math.ceil(Math.log2(count)) + 1;
  const bounded = Math.max(1, Math.min(BINS_MAX, bins));
  return { rule, from: least, width: range / bounded, bins: bounded };
}
