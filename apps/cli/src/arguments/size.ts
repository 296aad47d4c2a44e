// Amounts of memory and disk as people type them.
import { InvalidArgumentError } from 'commander';

const MEGABYTES: Readonly<Record<string, number>> = { M: 1, G: 1_024, T: 1_024 * 1_024 };

/** "512M", "4G", "1.5G" or "2T" in MiB; a bare number is MiB. */
export function megabytesOf(text: string): number {
  const [, digits, unit = 'M'] =
    /^(\d{1,9}(?:\.\d{1,3})?)([MGT])(?:i?B)?$/.exec(/[a-z]$/i.test(text) ? text : `${text}M`) ?? [];
  const amount = digits === undefined ? Number.NaN : Number(digits) * (MEGABYTES[unit] ?? 1);
  if (Number.isSafeInteger(amount)) return amount;
  throw new InvalidArgumentError('Give whole MiB, or a size such as 512M, 4G, 1.5G or 2T.');
}
