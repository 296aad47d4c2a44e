// Kinds of parameters: what a value is written like. A value is a whole number of the smallest unit inside, a decimal number outside.
import { AMOUNT_DECIMALS, microToAmount } from '@labmesh/contracts';

/** amount: $webxos; rate: a factor; basis_points: hundredths of a percent. */
export type ParameterKind = 'amount' | 'seconds' | 'basis_points' | 'count' | 'rate';

export interface ParameterSpec {
  readonly kind: ParameterKind;
  /** What every lab begins with. This and the bounds are in the smallest unit. */
  readonly initial: bigint;
  readonly least: bigint;
  readonly most: bigint;
  /** The least once the DAO is on: what would lock its members out is refused then. */
  readonly leastOfDao?: bigint;
  readonly meaning: string;
}

export const MICRO = 10n ** BigInt(AMOUNT_DECIMALS);

const isDecimal = (kind: ParameterKind): boolean => kind === 'amount' || kind === 'rate';

/** The value in the smallest unit; undefined when it is not written as its kind is. Nothing is rounded. */
export function readValue(kind: ParameterKind, text: string): bigint | undefined {
  if (!isDecimal(kind)) return /^\d{1,15}$/.test(text) ? BigInt(text) : undefined;
  const parts = /^(\d{1,13})(?:\.(\d{1,6}))?$/.exec(text);
  if (parts === null) return undefined;
  return BigInt(parts[1] ?? '0') * MICRO + BigInt((parts[2] ?? '').padEnd(AMOUNT_DECIMALS, '0'));
}

export const writeValue = (kind: ParameterKind, value: bigint): string =>
  isDecimal(kind) ? microToAmount(value) : value.toString();

/** How a value of the kind is written, for those who wrote it otherwise. */
export const FORM: Readonly<Record<ParameterKind, string>> = {
  amount: 'an amount of $webxos with at most 6 digits after the point, such as 2.5',
  rate: 'a factor with at most 6 digits after the point, such as 1.2',
  seconds: 'a whole number of seconds',
  basis_points: 'a whole number of basis points, 100 to the percent',
  count: 'a whole number',
};
