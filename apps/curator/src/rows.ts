// What a row may hold, whatever format it came from: plain JSON values that every format can carry without loss.
// Nothing here knows a format.
import { AppError } from '@labmesh/contracts';
import { numberFromText, tooPrecise } from './numbers.js';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Row = { [key: string]: Json };

export interface CheckedRows {
  readonly rows: Row[];
  /** About the size of the rows as JSON text, in bytes: what caches and limits count. */
  readonly weight: number;
}

export const ROWS_MAX = 250_000;
export const COLUMNS_MAX = 2_000;
/** Deepest nesting of lists and objects inside a row. */
export const NESTING_MAX = 40;
/** Most bytes that rows may weigh once unpacked; a packed file can hold far more than its own size. */
export const WEIGHT_MAX = 32 * 1024 * 1024;

const HALF_PAIR = /\p{Surrogate}/u;

/**
 * Takes what a parser gave and answers it as rows, changed in place where JSON has one value in two spellings:
 * big integers that a number holds exactly become numbers, and -0 becomes 0.
 * @throws AppError invalid_input for what is not a list of objects, or a value that cannot survive every format
 *   (NaN, infinity, an integer a number cannot hold, half a surrogate pair, the key `__proto__`);
 *   too_large above ROWS_MAX, COLUMNS_MAX, NESTING_MAX or WEIGHT_MAX.
 */
export function checkRows(parsed: unknown): CheckedRows {
  if (!Array.isArray(parsed)) {
    throw new AppError('invalid_input', 'Cannot read the data as rows: it must be a list of objects, one per row.');
  }
  if (parsed.length > ROWS_MAX) {
    throw new AppError(
      'too_large',
      `Cannot take ${parsed.length} rows: a dataset holds at most ${ROWS_MAX}. Split it.`,
    );
  }
  const walk = new Walk();
  parsed.forEach((row: unknown, index) => {
    if (!isPlainObject(row)) throw refused(`row ${index}`, `is not an object but ${kindOf(row)}`);
    walk.object(row, `row ${index}`, 0);
  });
  return { rows: parsed as Row[], weight: walk.weight };
}

/** True for an object as JSON knows it: no array, Date, Buffer or Map. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

class Walk {
  weight = 0;

  object(value: Record<string, unknown>, place: string, depth: number): void {
    const keys = Object.keys(value);
    if (depth > NESTING_MAX) throw refused(place, `is nested deeper than ${NESTING_MAX}`, 'too_large');
    if (depth === 0 && keys.length > COLUMNS_MAX)
      throw refused(place, `has more than ${COLUMNS_MAX} columns`, 'too_large');
    this.add(2);
    for (const key of keys) {
      if (key === '__proto__') throw refused(place, 'has the key "__proto__", which is not allowed');
      this.text(key, `${place}, a key`);
      value[key] = this.value(value[key], `${place}/${key}`, depth + 1);
    }
  }

  private list(value: unknown[], place: string, depth: number): void {
    if (depth > NESTING_MAX) throw refused(place, `is nested deeper than ${NESTING_MAX}`, 'too_large');
    this.add(2);
    for (let index = 0; index < value.length; index += 1) {
      value[index] = this.value(value[index], `${place}/${index}`, depth + 1);
    }
  }

  private value(value: unknown, place: string, depth: number): unknown {
    switch (typeof value) {
      case 'string':
        this.text(value, place);
        return value;
      case 'boolean':
        this.add(5);
        return value;
      case 'number':
      case 'bigint':
        this.add(10);
        return numberAt(value, place);
      default:
    }
    if (value === null) this.add(5);
    else if (Array.isArray(value)) this.list(value, place, depth);
    else if (isPlainObject(value)) this.object(value, place, depth);
    else throw refused(place, `is ${kindOf(value)}, which JSON does not know`);
    return value;
  }

  private text(value: string, place: string): void {
    this.add(value.length + 3);
    if (HALF_PAIR.test(value)) throw refused(place, 'holds half of a surrogate pair, which is no character');
  }

  private add(bytes: number): void {
    this.weight += bytes;
    if (this.weight > WEIGHT_MAX) {
      throw new AppError('too_large', `Cannot take data that unpacks to more than ${WEIGHT_MAX} bytes. Split it.`);
    }
  }
}

function numberAt(value: number | bigint, place: string): number {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw refused(place, `is ${String(value)}, which JSON does not know`);
  const number = typeof value === 'number' ? value : numberFromText(String(value));
  if (number === undefined) throw refused(place, tooPrecise(String(value)));
  return number === 0 ? 0 : number;
}

const refused = (place: string, why: string, code: 'invalid_input' | 'too_large' = 'invalid_input'): AppError =>
  new AppError(code, `Cannot take the data: ${place.slice(0, 200)} ${why}.`);

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? (value.constructor?.name ?? 'an object') : `a ${typeof value}`;
}
