// What DuckDB's values become in a row: exact numbers, ISO 8601 times, lists and objects. What JSON cannot hold is refused by column and row.

import { AppError } from '@labmesh/contracts';
import type { WireRow, WireType, WireValue } from '../engine/wire.js';
import { numberFromInteger, numberFromText, tooPrecise } from '../numbers.js';
import { type Json, WEIGHT_MAX } from '../rows.js';
import { isoDate, isoDuration, isoTimestamp } from './iso-time.js';
import { parseJson, reason } from './json.js';
import { badColumn, type FileColumn, type Leaf } from './parquet-schema.js';

/** How a column is asked for, and what its values are. */
export interface ColumnReader {
  /** SQL expression. */
  readonly select: string;
  /** @throws AppError invalid_input naming column and row, too_large when all values together weigh more than WEIGHT_MAX. */
  readonly read: (value: WireValue, row: number) => Json;
}

type Read = ColumnReader['read'];

/** Weighs what the columns of one file hold together. */
export class ValueReaders {
  private weight = 0;

  /** @param format as its name is written */
  constructor(
    private readonly format = 'Parquet',
    private readonly weightMax = WEIGHT_MAX,
  ) {}

  /** @throws AppError unsupported_format when rows cannot hold the column's type. */
  of(column: FileColumn, type: WireType, select: string): ColumnReader {
    const plan = new ColumnPlan(column, { format: this.format, weigh: (weight) => this.add(weight) });
    const reader = plan.reader(type, select, 0);
    plan.refuseLeftOver();
    return reader;
  }

  private add(weight: number): void {
    this.weight += weight;
    if (this.weight > this.weightMax)
      throw new AppError('too_large', `Cannot take ${this.format} that unpacks to more than ${this.weightMax} bytes.`);
  }
}

class ColumnPlan {
  private nextLeaf = 0;

  constructor(
    private readonly column: FileColumn,
    private readonly of: { readonly format: string; readonly weigh: (weight: number) => void },
  ) {}

  reader(type: WireType, sql: string, depth: number): ColumnReader {
    const { select, read } = this.filled(type, sql, depth);
    return {
      select,
      read: (value, row) => {
        this.of.weigh(typeof value === 'string' ? value.length : 8);
        return value === null ? null : read(value, row);
      },
    };
  }

  /** DuckDB and the file agree on how many leaves there are. */
  refuseLeftOver(): void {
    if (this.nextLeaf !== this.column.leaves.length) throw this.unsupported('its structure is unusual');
  }

  private filled(type: WireType, sql: string, depth: number): ColumnReader {
    const { name, keyType, valueType, entryTypes } = type;
    if (keyType !== undefined && valueType !== undefined) return this.map([keyType, valueType], sql, depth);
    if (entryTypes !== undefined) return this.struct(type, sql, depth);
    if (valueType !== undefined) return this.list(valueType, sql, depth);
    const leaf = this.column.leaves[this.nextLeaf];
    this.nextLeaf += 1;
    return this.scalar(name, sql, leaf);
  }

  private list(type: WireType, sql: string, depth: number): ColumnReader {
    const item = `v${depth}`;
    const { select, read } = this.reader(type, item, depth + 1);
    return {
      select: select === item ? sql : `list_transform(${sql}, lambda ${item}: ${select})`,
      read: (value, row) => (value as WireRow).map((inner) => read(inner, row)),
    };
  }

  private struct({ entryNames = [], entryTypes = [] }: WireType, sql: string, depth: number): ColumnReader {
    const fields = entryTypes.map((entry, index) => {
      // By its place: DuckDB does not tell upper from lower case.
      const field = this.reader(entry, `struct_extract_at(${sql}, ${index + 1})`, depth);
      return { ...field, name: entryNames[index] ?? '' };
    });
    return {
      select: `CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack(${packed(fields)}) END`,
      read: (value, row) => {
        const values = value as WireRow;
        return Object.fromEntries(fields.map(({ name, read }, index) => [name, read(values[index] ?? null, row)]));
      },
    };
  }

  /** Keys become text, as JSON has no other. */
  private map(types: readonly [key: WireType, value: WireType], sql: string, depth: number): ColumnReader {
    const entry = `v${depth}`;
    const key = this.reader(types[0], `struct_extract(${entry}, 'key')`, depth + 1);
    const value = this.reader(types[1], `struct_extract(${entry}, 'value')`, depth + 1);
    return {
      select: `list_transform(map_entries(${sql}), lambda ${entry}: struct_pack(${packed([key, value])}))`,
      read: (entries, row) => {
        const members = new Map<string, Json>();
        for (const item of entries as WireRow) {
          const [name = null, held = null] = item as WireRow;
          const text = this.keyText(key.read(name, row), row);
          if (members.has(text)) throw this.wrong(row, `it has the key "${text.slice(0, 100)}" twice`);
          members.set(text, value.read(held, row));
        }
        return Object.fromEntries(members);
      },
    };
  }

  private keyText(key: Json, row: number): string {
    if (key !== null && typeof key !== 'object') return String(key);
    throw this.wrong(row, 'a key is no text, number, truth value or time');
  }

  private scalar(type: string, sql: string, leaf: Leaf | undefined): ColumnReader {
    if (type === 'VARCHAR' || type === 'JSON' || type.startsWith('ENUM'))
      return { select: `CAST(${sql} AS VARCHAR)`, read: this.text(leaf?.json === true) };
    const read = this.readers[type.startsWith('DECIMAL') ? 'DECIMAL' : type];
    if (read === undefined) throw this.unsupported(`its type is ${type}, which rows cannot hold`);
    if (leaf?.utc !== true) return { select: sql, read };
    if (type !== 'TIMESTAMP_NS') throw this.unsupported('its times are in nanoseconds; write them in microseconds');
    return { select: sql, read: (value, row) => `${String(read(value, row))}Z` };
  }

  private text(json: boolean): Read {
    if (!json) return String;
    return (value, row) => {
      try {
        return parseJson(String(value));
      } catch (cause) {
        throw this.wrong(row, `its JSON cannot be read (${reason(cause)})`);
      }
    };
  }

  private readonly integer: Read = (value, row) =>
    this.exact(numberFromInteger(BigInt(value as number | bigint)), value, row);
  private readonly double: Read = (value, row) => {
    if (!Number.isFinite(value)) throw this.wrong(row, `it holds ${String(value)}, which JSON does not know`);
    return value === 0 ? 0 : (value as number);
  };
  private readonly decimal: Read = (value, row) => {
    const text = String(value);
    const [, whole] = /^(-?\d+)(?:\.0*)?$/.exec(text) ?? [];
    return this.exact(whole === undefined ? numberFromText(text) : numberFromInteger(BigInt(whole)), text, row);
  };

  private readonly readers: Readonly<Record<string, Read | undefined>> = {
    BOOLEAN: (value) => value === true,
    TINYINT: this.integer,
    SMALLINT: this.integer,
    INTEGER: this.integer,
    BIGINT: this.integer,
    HUGEINT: this.integer,
    UTINYINT: this.integer,
    USMALLINT: this.integer,
    UINTEGER: this.integer,
    UBIGINT: this.integer,
    UHUGEINT: this.integer,
    FLOAT: this.double,
    DOUBLE: this.double,
    DECIMAL: this.decimal,
    DATE: (value, row) => this.reached(isoDate(value as number), row),
    TIMESTAMP: (value, row) => this.reached(isoTimestamp(value as bigint, 6), row),
    TIMESTAMP_NS: (value, row) => this.reached(isoTimestamp(value as bigint, 9), row),
    'TIMESTAMP WITH TIME ZONE': (value, row) => `${this.reached(isoTimestamp(value as bigint, 6), row)}Z`,
    TIME: String,
    // Parquet holds such times in UTC.
    'TIME WITH TIME ZONE': (value) => String(value).replace(/\+00$/, 'Z'),
    INTERVAL: (value) => {
      const [months, days, micros] = value as [number, number, bigint];
      return isoDuration({ months, days, micros });
    },
    UUID: String,
  };

  private exact(number: number | undefined, shown: unknown, row: number): number {
    if (number === undefined) throw this.wrong(row, `it ${tooPrecise(String(shown))}`);
    return number === 0 ? 0 : number;
  }

  private reached(time: string | undefined, row: number): string {
    if (time === undefined) throw this.wrong(row, 'its time is infinite, or too far away to be written');
    return time;
  }

  private wrong(row: number, why: string): AppError {
    return badColumn(this.column.name, `in row ${row} ${why}`, { code: 'invalid_input', format: this.of.format });
  }

  private unsupported(why: string): AppError {
    return badColumn(this.column.name, why, { format: this.of.format });
  }
}

const packed = (fields: ReadonlyArray<Pick<ColumnReader, 'select'>>): string =>
  fields.map(({ select }, index) => `f${index} := ${select}`).join(', ');
