// Learns what each sign of an answer counts, so that what is built in can be measured on questions that it was not learnt on.

/** A row's numbers, and whether it is of the first kind. */
export interface Row {
  readonly x: readonly number[];
  readonly is: boolean;
}

export interface Learnt {
  readonly weights: readonly number[];
  readonly threshold: number;
}

const STEPS = 1_500;
const RATE = 1;
/** Ridge, for a row. */
const RIDGE = 0.02;

/** Logistic regression by gradient descent, over numbers of mean 0 and deviation 1; nothing in it is random. */
export function learnt(rows: readonly Row[]): Learnt {
  const width = rows[0]?.x.length ?? 0;
  const columns = Array.from({ length: width }, (_, at) => rows.map(({ x }) => x[at] ?? 0));
  const means = columns.map((column) => mean(column));
  const deviations = columns.map((column, at) => Math.sqrt(mean(column.map((x) => (x - (means[at] ?? 0)) ** 2))) || 1);
  const scaled = rows.map(({ x, is }) => ({
    x: x.map((value, at) => (value - (means[at] ?? 0)) / (deviations[at] ?? 1)),
    is,
  }));
  let weights: number[] = columns.map(() => 0);
  let bias = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const errors = scaled.map(({ x, is }) => 1 / (1 + Math.exp(-bias - dot(x, weights))) - Number(is));
    bias -= RATE * mean(errors);
    weights = weights.map(
      (weight, at) =>
        weight - RATE * (mean(errors.map((error, row) => error * (scaled[row]?.x[at] ?? 0))) + RIDGE * weight),
    );
  }
  const own = weights.map((weight, at) => weight / (deviations[at] ?? 1));
  return { weights: own, threshold: bias - dot(means, own) };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
