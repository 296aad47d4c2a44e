// A file of payments: CSV with the columns to and amount, and memo and key where wanted. Every row is read before any is paid.
import { AppError, WalletId } from '@labmesh/contracts';
import { parse } from 'csv-parse/sync';
import { wrongAmount } from '../arguments/amount.js';
import { KEY } from './intent-key.js';

export interface Payment {
  readonly to: string;
  readonly amount: string;
  readonly memo?: string;
  readonly idempotencyKey: string;
}

const COLUMNS = ['to', 'amount', 'memo', 'key'] as const;
type Column = (typeof COLUMNS)[number];

const MEMO_MAX = 140;
/** Problems that are told at once. */
const TOLD_MAX = 5;

interface Read {
  readonly record: Readonly<Partial<Record<Column, string>>>;
  readonly line: number;
}

/**
 * @param keyOf the key of a row that has none, by its number from 1
 * @throws AppError invalid_input that names the lines
 */
export function paymentsIn(text: string, keyOf: (row: number) => string): Payment[] {
  const rows = recordsIn(text);
  if (rows.length === 0) throw refused('there is no payment in it');
  const problems = rows.flatMap(({ record, line }) => problemsOf(record).map((what) => `line ${line}: ${what}`));
  if (problems.length > 0) {
    const more = problems.length > TOLD_MAX ? `; and ${problems.length - TOLD_MAX} more` : '';
    throw refused(`${problems.slice(0, TOLD_MAX).join('; ')}${more}`);
  }
  return rows.map(({ record: { to = '', amount = '', memo = '', key = '' } }, index) => ({
    to,
    amount,
    ...(memo === '' ? {} : { memo }),
    idempotencyKey: key === '' ? keyOf(index + 1) : key,
  }));
}

function recordsIn(text: string): Read[] {
  try {
    const read: unknown = parse(text, {
      bom: true,
      columns: columnsOf,
      info: true,
      skip_empty_lines: true,
      trim: true,
    });
    return (read as Array<{ record: Read['record']; info: { lines: number } }>).map(({ record, info }) => ({
      record,
      line: info.lines,
    }));
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw refused((thrown as Error).message, thrown);
  }
}

function columnsOf(header: readonly string[]): Column[] {
  const names = header.map((name) => name.toLowerCase());
  const unknown = names.find((name) => !(COLUMNS as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw refused(`there is no column “${unknown}” here; the columns are ${COLUMNS.join(', ')}`);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw refused(`the column ${twice} is there twice`);
  const missing = ['to', 'amount'].find((name) => !names.includes(name));
  if (missing !== undefined) throw refused(`its first line must name the column ${missing}`);
  return names as Column[];
}

function problemsOf({ to = '', amount = '', memo = '', key = '' }: Read['record']): string[] {
  const problems: string[] = [];
  if (!WalletId.safeParse(to).success) problems.push(`“${to}” is no wallet id`);
  const wrong = wrongAmount(amount);
  if (wrong !== undefined) problems.push(`the amount “${amount}” cannot be paid. ${wrong.replace(/\.$/, '')}`);
  if (memo.length > MEMO_MAX) problems.push(`its memo has more than ${MEMO_MAX} characters`);
  if (key !== '' && (key.length < KEY.least || key.length > KEY.most))
    problems.push(`its key must have ${KEY.least} to ${KEY.most} characters`);
  return problems;
}

const refused = (why: string, cause?: unknown): AppError =>
  new AppError('invalid_input', `Cannot pay from this file: ${why}. Nothing was paid.`, { cause });
