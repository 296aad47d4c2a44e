// A parameter of the lab: its value in words, and what is wrong with one that is typed.
import { plural } from '../../ui/figures.js';
import { CURRENCY, grouped, microOf } from '../amount.js';

export const KINDS = ['amount', 'seconds', 'basis_points', 'count', 'rate'] as const;
export type Kind = (typeof KINDS)[number];

export interface Parameter {
  readonly parameter: string;
  readonly value: string;
  readonly kind: Kind;
  readonly least: string;
  readonly most: string;
  readonly meaning: string;
}

export interface Parameters {
  readonly version: number;
  readonly daoEnabled: boolean;
  readonly parameters: readonly Parameter[];
}

const UNITS = [
  { seconds: 86_400, one: 'day' },
  { seconds: 3_600, one: 'hour' },
  { seconds: 60, one: 'minute' },
] as const;

/** "604800" -> "7 days"; what is no whole number of a larger unit stays in seconds. */
export function secondsText(value: string): string {
  const seconds = Number(value);
  const unit = UNITS.find((each) => seconds >= each.seconds && seconds % each.seconds === 0);
  return unit ? plural(seconds / unit.seconds, unit.one) : plural(seconds, 'second');
}

/** Basis points as percent, exactly: "425" -> "4.25 %". */
function percentText(value: string): string {
  const points = value.padStart(3, '0');
  const parts = points.slice(-2).replace(/0+$/, '');
  return `${Number(points.slice(0, -2)).toLocaleString('en')}${parts === '' ? '' : `.${parts}`} %`;
}

export function inWords(kind: Kind, value: string): string {
  switch (kind) {
    case 'amount':
      return `${grouped(value)} ${CURRENCY}`;
    case 'seconds':
      return secondsText(value);
    case 'basis_points':
      return percentText(value);
    case 'rate':
      return `× ${value}`;
    case 'count':
      return Number(value).toLocaleString('en');
    default:
      return kind satisfies never;
  }
}

const isWhole = (kind: Kind): boolean => kind === 'seconds' || kind === 'basis_points' || kind === 'count';

/** What is wrong with a value that was typed; undefined when the lab will take it. */
export function problemWith({ kind, least, most }: Parameter, typed: string): string | undefined {
  const text = typed.trim();
  if (text === '') return 'Say which value.';
  if (isWhole(kind) && !/^\d{1,13}$/.test(text)) return 'A whole number.';
  if (!/^\d{1,13}(\.\d{1,6})?$/.test(text)) return 'Digits, and a point before parts of one.';
  const value = microOf(text);
  return value < microOf(least) || value > microOf(most) ? boundsText({ kind, least, most }) : undefined;
}

export const boundsText = ({ kind, least, most }: Pick<Parameter, 'kind' | 'least' | 'most'>): string =>
  `From ${least} to ${most}: ${inWords(kind, least)} to ${inWords(kind, most)}.`;

export const UNIT_OF: Readonly<Record<Kind, string>> = {
  amount: CURRENCY,
  seconds: 'seconds',
  basis_points: 'hundredths of a percent',
  count: 'a count',
  rate: 'a factor',
};
