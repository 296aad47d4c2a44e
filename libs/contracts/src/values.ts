// Values that several contracts share: ids, amounts, times. Amounts are decimal strings on the wire, integers inside.
import { z } from 'zod';
import { PERMISSIONS, ROLES } from './permissions.js';

export const WalletId = z
  .string()
  .regex(/^wal_[0-9a-f-]{36}$/, 'a wallet id looks like wal_ and a UUID')
  .describe('Wallet id, such as wal_0199…');
/** An account of the ledger: a wallet's (what it may pay with, has staked, has set aside) or the lab's. */
export const AccountId = z
  .string()
  .regex(/^(wal_[0-9a-f-]{36}(\.staked|\.held)?|issuance|rewards|treasury)$/, 'not an account')
  .describe('A wallet id, one with .staked or .held, or issuance, rewards, treasury');
export const DatasetId = z
  .string()
  .regex(/^ds_[A-Za-z0-9-]{1,60}$/, 'a dataset id looks like ds_ and letters, digits or dashes')
  .describe('Dataset id, as list_available_datasets gives it');
/** Something for people to read, in characters at most and at least. What shows nothing to them is refused. */
export const words = (most: number, least = 1) =>
  z
    .string()
    .min(least)
    .max(most)
    .refine(
      (text) => text === '' || /[^\p{Z}\p{Cc}\p{Cf}]/u.test(text),
      'is blank: write something that people can read',
    );
export const RoleName = z.enum(ROLES);
export const PermissionName = z.enum(PERMISSIONS);
export const Timestamp = z.iso.datetime().describe('UTC, ISO 8601');

/** Digits after the point of 1 $webxos. */
export const AMOUNT_DECIMALS = 6;
const MICRO = 10n ** BigInt(AMOUNT_DECIMALS);
/** Largest amount or balance: a signed 64-bit integer of micro-$webxos. */
export const AMOUNT_MAX_MICRO = 2n ** 63n - 1n;

const NOT_AN_AMOUNT =
  'an amount is a decimal number in quotes with at most 6 digits after the point, such as "5" or "0.25"';
const TOO_LARGE = 'the most is 9223372036854.775807';
export const Amount = z
  .string(NOT_AN_AMOUNT)
  .regex(/^\d{1,13}(\.\d{1,6})?$/, {
    error: ({ input }) => (/^\d{14,}(\.\d{1,6})?$/.test(String(input)) ? TOO_LARGE : NOT_AN_AMOUNT),
    abort: true,
  })
  .refine((amount) => amountToMicro(amount) <= AMOUNT_MAX_MICRO, TOO_LARGE)
  .describe('Amount of $webxos as a decimal string, at most 6 digits after the point');
export const SignedAmount = z
  .string()
  .regex(/^-?\d{1,13}(\.\d{1,6})?$/)
  .describe('Change of a balance in $webxos, negative when it left the wallet');

/** "5.25" -> 5250000n. Expects what `Amount` accepts. */
export function amountToMicro(amount: string): bigint {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(whole) * MICRO + BigInt(fraction.padEnd(AMOUNT_DECIMALS, '0'));
}

/** 5250000n -> "5.25"; always at least two digits after the point: 5000000n -> "5.00". */
export function microToAmount(micro: bigint): string {
  const sign = micro < 0n ? '-' : '';
  const absolute = micro < 0n ? -micro : micro;
  const fraction = (absolute % MICRO)
    .toString()
    .padStart(AMOUNT_DECIMALS, '0')
    .replace(/0{1,4}$/, '');
  return `${sign}${absolute / MICRO}.${fraction}`;
}
