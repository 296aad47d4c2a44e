// Times as ISO 8601 text, to the last digit that was stored. Nothing is rounded: a time beyond what a calendar here reaches is undefined.

/** `2020-01-01`; years outside of 0 to 9999 have six digits and a sign. */
export const isoDate = (days: number): string | undefined => isoSeconds(BigInt(days) * 86_400n)?.split('T')[0];

/** `2020-01-01T00:00:00.123456`, of units since 1970 of which `digits` decimal digits make a second. */
export function isoTimestamp(units: bigint, digits: number): string | undefined {
  const perSecond = 10n ** BigInt(digits);
  const fraction = ((units % perSecond) + perSecond) % perSecond;
  const seconds = isoSeconds((units - fraction) / perSecond);
  return seconds === undefined ? undefined : `${seconds}.${String(fraction).padStart(digits, '0')}`;
}

/** `P14M3DT1.5S`. */
export function isoDuration({ months, days, micros }: { months: number; days: number; micros: bigint }): string {
  const [sign, units] = micros < 0n ? ['-', -micros] : ['', micros];
  const fraction = String(units % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `P${months}M${days}DT${sign}${units / 1_000_000n}${fraction === '' ? '' : `.${fraction}`}S`;
}

function isoSeconds(seconds: bigint): string | undefined {
  const date = new Date(Number(seconds) * 1_000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace('.000Z', '');
}
