// Numbers of claims and reports, exact: decimals as they are written, compared as whole numbers of the same scale. Never a double.

/** Of a claim or a report, as the contract lets it through: digits, perhaps a sign and a point. */
export type Decimal = string;

interface Scaled {
  readonly digits: bigint;
  /** Digits after the point. */
  readonly scale: number;
}

function scaledOf(text: Decimal): Scaled {
  const [whole = '', fraction = ''] = text.split('.');
  return { digits: BigInt(`${whole}${fraction}`), scale: fraction.length };
}

const atScale = ({ digits, scale }: Scaled, wanted: number): bigint => digits * 10n ** BigInt(wanted - scale);

/** All at one scale, so that they may be compared and added. */
function aligned(texts: readonly Decimal[]): { numbers: bigint[]; scale: number } {
  const scaled = texts.map(scaledOf);
  const scale = Math.max(0, ...scaled.map((one) => one.scale));
  return { numbers: scaled.map((one) => atScale(one, scale)), scale };
}

function textOf({ digits, scale }: Scaled): Decimal {
  const [sign, all] = digits < 0n ? ['-', -digits] : ['', digits];
  const padded = all.toString().padStart(scale + 1, '0');
  const fraction = padded.slice(padded.length - scale).replace(/0+$/, '');
  const whole = padded.slice(0, padded.length - scale);
  return scale === 0 || fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}

/** One way to write a number: no zeros that say nothing, no minus zero. */
export const plain = (text: Decimal): Decimal => textOf(scaledOf(text));

/** Below zero, zero or above it, as the first is less, equal or more. */
export function compare(one: Decimal, other: Decimal): number {
  const [a = 0n, b = 0n] = aligned([one, other]).numbers;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether the two differ by the tolerance at most. */
export function isWithin(one: Decimal, other: Decimal, tolerance: Decimal): boolean {
  const [a = 0n, b = 0n, most = 0n] = aligned([one, other, tolerance]).numbers;
  return (a < b ? b - a : a - b) <= most;
}

/** The middle of an odd number of values, or halfway between the two in the middle: exact, whatever their order. */
export function middleOf(values: readonly Decimal[]): Decimal {
  const { numbers, scale } = aligned(values);
  const sorted = numbers.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new Error('nothing has no middle');
  // Half of a sum is five tenths of it: one digit more.
  return textOf({ digits: (low + high) * 5n, scale: scale + 1 });
}
