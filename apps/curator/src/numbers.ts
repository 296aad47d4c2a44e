// When a number's text and a JavaScript number are the same number. Everything that reads numbers asks here, so that none is rounded unseen.

const NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** JSON's way to write a number. */
export const isNumberText = (text: string): boolean => NUMBER.test(text);

/**
 * The number that a text in JSON's way to write numbers stands for, or undefined when no number does: NaN, infinity, and every
 * number that would be rounded. A double is what its shortest text says (0.1), or a longer text of its own digits
 * (0.10000000000000001); an integer that is written out must come out again digit by digit.
 */
export function numberFromText(text: string): number | undefined {
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  const sure = String(value) === text || (text.length <= SURE_LENGTH && !/[eE]/.test(text));
  if (!sure) {
    const written = decimalOf(text);
    if (written === undefined) return undefined;
    const writtenOut = Number.isInteger(value) && !/[eE]/.test(text);
    const same =
      isSame(written, decimalOf(String(value))) || (!writtenOut && isSame(written, ownDigits(value, written)));
    if (!same) return undefined;
  }
  return value === 0 ? 0 : value;
}

/** The number that is exactly this integer, and is written as it, or undefined. */
export function numberFromInteger(integer: bigint): number | undefined {
  const value = numberFromText(String(integer));
  return value !== undefined && BigInt(value) === integer ? value : undefined;
}

/** Whether the value is a whole multiple of the divisor (above zero), both as they are written in decimals: 19.99 is one of 0.01. */
export function isMultipleOf(value: number, divisor: number): boolean {
  if (Number.isSafeInteger(value) && Number.isSafeInteger(divisor)) return value % divisor === 0;
  const [one, other] = [decimalOf(String(value)), decimalOf(String(divisor))];
  if (one === undefined || other === undefined || other.digits === '') return false;
  if (one.digits === '') return true;
  const least = Math.min(one.exponent, other.exponent);
  const places = (decimal: Decimal): number => decimal.digits.length + decimal.exponent - least;
  if (Math.max(places(one), places(other)) <= SURE_LENGTH) {
    const scaled = ({ digits, exponent }: Decimal): number => Number(`${digits}e${exponent - least}`);
    return scaled(one) % scaled(other) === 0;
  }
  const scaled = ({ digits, exponent }: Decimal): bigint => BigInt(digits) * 10n ** BigInt(exponent - least);
  return scaled(one) % scaled(other) === 0n;
}

/** Why a number is refused, in words for the one who sent it. */
export const tooPrecise = (text: string): string =>
  `is the number ${text.slice(0, 40)}, which would be rounded (15 digits are always exact, integers up to 2^53); send it as text`;

/** Up to 15 digits, every decimal number is told apart by doubles. */
const SURE_LENGTH = 15;
/** Most digits that toPrecision() writes; more than this no double of a practical size needs. */
const DIGITS_MAX = 100;

/** digits * 10^exponent, without zeros at either end of the digits; zero has no digits. */
interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

function decimalOf(text: string): Decimal | undefined {
  const parts = NUMBER.exec(text);
  if (parts === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts;
  const all = `${whole}${fraction}`.replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  if (digits === '') return { negative: false, digits, exponent: 0 };
  return { negative: sign === '-', digits, exponent: Number(exponent) - fraction.length + all.length - digits.length };
}

const isSame = (one: Decimal, other: Decimal | undefined): boolean =>
  one.digits === other?.digits && one.exponent === other.exponent && one.negative === other.negative;

const ownDigits = (value: number, { digits }: Decimal): Decimal | undefined =>
  digits.length === 0 || digits.length > DIGITS_MAX ? undefined : decimalOf(value.toPrecision(digits.length));
