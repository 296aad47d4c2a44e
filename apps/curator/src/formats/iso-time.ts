// Times as ISO 8601 text, to the last digit that was stored. Nothing is rounded: a time beyond what a calendar here reaches is undefined.

/** What DuckDB has for infinity, above zero. Of nanoseconds, it may be a time of the year 2262 as well. */
const [ENDLESS_DAYS, ENDLESS, NANO_DIGITS] = [2 ** 31 - 1, 2n ** 63n - 1n, 9];
const CYCLE = 146_097n * 86_400n;

/** `2020-01-01`; years outside of 0 to 9999 have a sign and six digits, or more. Undefined for infinity. */
export const isoDate = (days: number): string | undefined =>
  Math.abs(days) >= ENDLESS_DAYS ? undefined : isoSeconds(BigInt(days) * 86_400n).split('T')[0];

/** `2020-01-01T00:00:00.123456`, of units since 1970 of which `digits` decimal digits make a second. */
export function isoTimestamp(units: bigint, digits: number): string | undefined {
  if (digits < NANO_DIGITS && (units >= ENDLESS || units <= -ENDLESS)) return undefined;
  const perSecond = 10n ** BigInt(digits);
  const fraction = ((units % perSecond) + perSecond) % perSecond;
  const seconds = isoSeconds((units - fraction) / perSecond);
  return `${seconds}.${String(fraction).padStart(digits, '0')}`;
}

/** `P14M3DT1.5S`. */
export function isoDuration({ months, days, micros }: { months: number; days: number; micros: bigint }): string {
  const [sign, units] = micros < 0n ? ['-', -micros] : ['', micros];
  const fraction = String(units % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `P${months}M${days}DT${sign}${units / 1_000_000n}${fraction === '' ? '' : `.${fraction}`}S`;
}

/** The calendar repeats itself every 400 years, so years that no Date reaches are counted from one that it does. */
function isoSeconds(seconds: bigint): string {
  const within = ((seconds % CYCLE) + CYCLE) % CYCLE;
  const date = new Date(Number(within) * 1_000);
  const year = date.getUTCFullYear() + 400 * Number((seconds - within) / CYCLE);
  const rest = date.toISOString().slice(4, -'.000Z'.length);
  if (year >= 0 && year <= 9_999) return `${String(year).padStart(4, '0')}${rest}`;
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}${rest}`;
}
