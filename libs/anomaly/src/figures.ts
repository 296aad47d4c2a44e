// The figures of a model on rows it has not learned from. The same as the trainer's figures.py, so that the two can be compared.

export interface Scored {
  readonly value: number;
  readonly normal: boolean;
}

export interface Figures {
  readonly rows: number;
  readonly normalRows: number;
  readonly falseAlarmRate: number;
  /** The following need both normal rows and others. */
  readonly auc?: number;
  readonly f1?: number;
  readonly precision?: number;
  readonly recall?: number;
  readonly recallAt1PercentFalseAlarms?: number;
}

const share = (part: number, whole: number): number => part / Math.max(whole, 1);

export function figuresOf(scored: readonly Scored[], threshold: number): Figures {
  const normal = scored.filter((one) => one.normal).map(({ value }) => value);
  const attacks = scored.filter((one) => !one.normal).map(({ value }) => value);
  const above = (values: readonly number[], limit: number): number => values.filter((value) => value > limit).length;
  const falseAlarms = above(normal, threshold);
  const figures = { rows: scored.length, normalRows: normal.length, falseAlarmRate: share(falseAlarms, normal.length) };
  if (normal.length === 0 || attacks.length === 0) return figures;
  const found = above(attacks, threshold);
  const precision = share(found, found + falseAlarms);
  const recall = share(found, attacks.length);
  return {
    ...figures,
    auc: auc(normal, attacks),
    f1: (2 * precision * recall) / Math.max(precision + recall, 1e-12),
    precision,
    recall,
    recallAt1PercentFalseAlarms: share(above(attacks, quantile(normal, 0.99)), attacks.length),
  };
}

/** Chance that an attack scores higher than a normal row; ties count half. */
function auc(normal: readonly number[], attacks: readonly number[]): number {
  const all = [
    ...normal.map((value) => ({ value, attack: 0 })),
    ...attacks.map((value) => ({ value, attack: 1 })),
  ].sort((a, b) => a.value - b.value);
  let below = 0;
  let won = 0;
  for (let at = 0; at < all.length; ) {
    let end = at;
    let ties = 0;
    let tiedAttacks = 0;
    for (; end < all.length && all[end]?.value === all[at]?.value; end++) {
      tiedAttacks += all[end]?.attack ?? 0;
      ties += 1;
    }
    const tiedNormal = ties - tiedAttacks;
    won += tiedAttacks * (below + tiedNormal / 2);
    below += tiedNormal;
    at = end;
  }
  return won / (normal.length * attacks.length);
}

/** Between the two nearest values, in proportion. */
export function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * at;
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}
