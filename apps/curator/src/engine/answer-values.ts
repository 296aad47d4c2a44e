// What SQL answers, as JSON: exact, or as text where a JSON number would round it. One form for a whole column, which the answer names.
import { isoDate, isoDuration, isoTimestamp } from '../formats/iso-time.js';
import { parseJson } from '../formats/json.js';
import { numberFromInteger, numberFromText } from '../numbers.js';
import type { Json } from '../rows.js';
import type { WireRow, WireType, WireValue } from './wire.js';

export const COLUMN_FORMS = ['number', 'boolean', 'text', 'json', 'base64'] as const;
export type ColumnForm = (typeof COLUMN_FORMS)[number];

export interface AnswerColumn {
  readonly name: string;
  /** DuckDB's. */
  readonly type: string;
  readonly as: ColumnForm;
}

export interface Answer {
  readonly columns: AnswerColumn[];
  /** Values in the order of the columns. */
  readonly rows: Json[][];
}

/** A number in digits that no JSON number holds, or that is none. */
class Digits {
  constructor(readonly text: string) {}
}
type Exact = null | boolean | number | string | Digits | Exact[] | { [key: string]: Exact };

/** @param types of the columns, in their order */
export function answerOf(names: readonly string[], types: readonly WireType[], rows: readonly WireRow[]): Answer {
  const columns = types.map((type, index) =>
    column(
      type,
      rows.map((row) => row[index] ?? null),
    ),
  );
  return {
    columns: columns.map(({ as }, index) => ({ name: names[index] ?? '', type: types[index]?.name ?? '', as })),
    rows: rows.map((_, row) => columns.map(({ values }) => values[row] ?? null)),
  };
}

function column(type: WireType, values: readonly WireValue[]): { as: ColumnForm; values: Json[] } {
  const form = formOf(type);
  const exact = values.map((value) => exactValue(value, type));
  if (form !== 'number' && form !== 'json') return { as: form, values: exact as Json[] };
  if (!exact.some(holdsDigits)) return { as: form, values: exact as Json[] };
  return {
    as: 'text',
    values: exact.map((value) => (value === null ? null : form === 'json' ? jsonText(value) : textOf(value))),
  };
}

const NUMBERS = /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\)|BIGNUM)$/;

function formOf({ name, valueType, entryTypes, memberTypes }: WireType): ColumnForm {
  if ([valueType, entryTypes, memberTypes].some((inner) => inner !== undefined) || name === 'JSON') return 'json';
  if (NUMBERS.test(name)) return 'number';
  if (name === 'BOOLEAN') return 'boolean';
  return name === 'BLOB' ? 'base64' : 'text';
}

function exactValue(value: WireValue, type: WireType): Exact {
  if (value === null) return null;
  if (type.keyType !== undefined) return mapOf(value as readonly WireRow[], type);
  if (type.valueType !== undefined) {
    const { valueType } = type;
    return (value as WireRow).map((item) => exactValue(item, valueType));
  }
  if (type.entryTypes !== undefined) return structOf(value as WireRow, type);
  if (type.memberTypes !== undefined) {
    const [tag, held = null] = value as WireRow;
    const member = type.memberTypes[type.memberTags?.indexOf(String(tag)) ?? -1];
    return { [String(tag)]: member === undefined ? null : exactValue(held, member) };
  }
  return NUMBERS.test(type.name) ? exactNumber(value) : scalarOf(value, type.name);
}

function structOf(values: WireRow, { entryNames = [], entryTypes = [] }: WireType): Exact {
  const held = entryTypes.map((type, index) => exactValue(values[index] ?? null, type));
  const named = entryNames.every((name) => name !== '') && new Set(entryNames).size === entryNames.length;
  return named ? Object.fromEntries(entryNames.map((name, index) => [name, held[index] ?? null])) : held;
}

/** Keys become text, as JSON has no other; a map whose keys are no scalars is a list of pairs. */
function mapOf(entries: readonly WireRow[], { keyType, valueType }: WireType): Exact {
  if (keyType === undefined || valueType === undefined) return null;
  const pairs = entries.map(
    ([key = null, value = null]) => [exactValue(key, keyType), exactValue(value, valueType)] as const,
  );
  const scalar = pairs.every(([key]) => typeof key !== 'object' || key instanceof Digits);
  return scalar
    ? Object.fromEntries(pairs.map(([key, value]) => [textOf(key), value]))
    : pairs.map((pair) => [...pair]);
}

function exactNumber(value: WireValue): Exact {
  if (typeof value === 'bigint') return numberFromInteger(value) ?? new Digits(String(value));
  if (typeof value === 'number') return Number.isFinite(value) ? value : new Digits(String(value));
  const text = String(value);
  const [, whole] = /^(-?\d+)(?:\.0*)?$/.exec(text) ?? [];
  return (whole === undefined ? numberFromText(text) : numberFromInteger(BigInt(whole))) ?? new Digits(text);
}

const FRACTION_DIGITS: Readonly<Record<string, number>> = {
  TIMESTAMP_S: 0,
  TIMESTAMP_MS: 3,
  TIMESTAMP: 6,
  TIMESTAMP_NS: 9,
  'TIMESTAMP WITH TIME ZONE': 6,
};

function scalarOf(value: WireValue, type: string): Exact {
  if (typeof value === 'boolean') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  const digits = FRACTION_DIGITS[type];
  if (digits !== undefined) return `${timeOf(value as bigint, digits)}${type.endsWith('ZONE') ? 'Z' : ''}`;
  switch (type) {
    case 'DATE':
      return isoDate(value as number) ?? endless(value as number);
    case 'INTERVAL': {
      const [months, days, micros] = value as [number, number, bigint];
      return isoDuration({ months, days, micros });
    }
    case 'JSON':
      return jsonOf(String(value));
    default:
      return String(value);
  }
}

const timeOf = (units: bigint, digits: number): string =>
  isoTimestamp(units, digits)?.replace(/\.0$/, '') ?? endless(units);
const endless = (units: bigint | number): string => (units < 0 ? '-infinity' : 'infinity');

function jsonOf(text: string): Exact {
  try {
    return parseJson(text);
  } catch {
    return new Digits(text);
  }
}

const holdsDigits = (value: Exact): boolean =>
  value instanceof Digits ||
  (typeof value === 'object' && value !== null && Object.values(value).some((inner: Exact) => holdsDigits(inner)));

const textOf = (value: Exact): string => (value instanceof Digits ? value.text : String(value));

/** JSON text with all digits; what is no number of JSON is a text in it. */
function jsonText(value: Exact): string {
  if (value instanceof Digits)
    return /^[-[{"\d]/.test(value.text) && !value.text.includes('Infinity') ? value.text : JSON.stringify(value.text);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}:${jsonText(inner)}`)
    .join(',')}}`;
}
