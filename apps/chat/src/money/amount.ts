// Amounts of $webxos: decimal strings outside, whole millionths inside. Never a float: what is summed here is money.
import { AMOUNT_DECIMALS, AMOUNT_MAX_MICRO, amountToMicro, microToAmount } from '@labmesh/contracts';

export const CURRENCY = '$webxos';

/** "-5.25" -> -5250000n: a change too. Expects what the lab answers. */
export const microOf = (amount: string): bigint =>
  amount.startsWith('-') ? -amountToMicro(amount.slice(1)) : amountToMicro(amount);

export const amountOf = microToAmount;

/** "-1234567.5" -> "−1,234,567.50": for people. */
export function grouped(amount: string): string {
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.');
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${amount.startsWith('-') ? '−' : ''}${digits}.${fraction.padEnd(2, '0')}`;
}

/** With its sign, also where it is positive: a change of a balance. */
export const signed = (amount: string): string => (amount.startsWith('-') ? grouped(amount) : `+${grouped(amount)}`);

export type Typed = { readonly amount: string } | { readonly problem: string };

/** What somebody typed, as the lab takes it; digits may be grouped as the page groups them. */
export function typedAmount(text: string): Typed {
  const given = text.trim();
  const bare = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(given) ? given.replaceAll(',', '') : given;
  if (bare === '') return { problem: 'Say how much.' };
  if (!/^\d+(\.\d+)?$/.test(bare)) return { problem: 'Write digits, and a point before parts of one: 12.5' };
  const [whole = '0', fraction = ''] = bare.split('.');
  if (fraction.length > AMOUNT_DECIMALS) return { problem: `At most ${AMOUNT_DECIMALS} digits after the point.` };
  const amount = `${whole.replace(/^0+(?=\d)/, '')}${fraction === '' ? '' : `.${fraction}`}`;
  if (whole.length > 20 || microOf(amount) > AMOUNT_MAX_MICRO)
    return { problem: `At most ${grouped(amountOf(AMOUNT_MAX_MICRO))}.` };
  if (microOf(amount) === 0n) return { problem: 'More than nothing.' };
  return { amount };
}

/** For drawing only: as near as a pixel needs. */
export const drawn = (micro: bigint): number => Number(micro) / 10 ** AMOUNT_DECIMALS;
