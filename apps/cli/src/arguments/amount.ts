// Amounts of $webxos as people type them. The lab checks them again; here a wrong one is refused before anybody is asked to confirm.
import { AMOUNT_DECIMALS, Amount } from '@labmesh/contracts';
import { InvalidArgumentError } from 'commander';

/** As the contract has it: "2.5", never "2,5" or "1e3". */
export function amountOf(text: string): string {
  const wrong = wrongAmount(text);
  if (wrong !== undefined) throw new InvalidArgumentError(wrong);
  return text;
}

/** What is wrong with it, as a sentence; undefined where nothing is. */
export function wrongAmount(text: string): string | undefined {
  const read = Amount.safeParse(text);
  if (!read.success) {
    const shaped = /^\d+(\.\d{1,6})?$/.test(text);
    return shaped
      ? 'It is more than an account can hold: the most is 9223372036854.775807.'
      : `It must be a number such as 5 or 0.25, with at most ${AMOUNT_DECIMALS} digits after the point.`;
  }
  return /[1-9]/.test(text) ? undefined : 'It must be more than 0.';
}
