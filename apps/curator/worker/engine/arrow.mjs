// Arrow IPC files: their values as they are stored, column by column, as the plain values that DuckDB's become (values.mjs), and back.
// The library's own getters would round times and decimals, so the stored values are read here.
import { readFileSync, writeFileSync } from 'node:fs';
import { loadArrow } from './decoder.mjs';

const ROWS_MAX = 2_048;
const SECOND_UNITS = [1n, 1_000n, 1_000_000n, 1_000_000_000n];
const UNIT_DIGITS = [0, 3, 6, 9];
const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** What cannot be read, by its type. */
class Unsupported extends Error {
  constructor(type) {
    super(`Unsupported: its type is ${type}, which rows cannot hold`);
  }
}

export class ArrowFile {
  #batches;
  #schema;
  #readers = [];
  #rows = 0;
  #at = 0;

  static async open(file) {
    const { RecordBatchReader } = await loadArrow();
    const opened = new ArrowFile();
    const reader = RecordBatchReader.from(readFileSync(file)).open();
    opened.#schema = reader.schema;
    opened.#batches = reader[Symbol.iterator]();
    return opened;
  }

  header() {
    const { fields, metadata } = this.#schema;
    const types = fields.map(({ name, type }) => named(name, () => plainType(type)));
    return {
      names: fields.map(nameOf),
      types,
      json: fields.map((field) => field.metadata.get('labmesh') === 'json'),
      metadata: Object.fromEntries(metadata),
    };
  }

  next() {
    const rows = [];
    while (rows.length < ROWS_MAX) {
      if (this.#at >= this.#rows && !this.#nextBatch()) break;
      const at = this.#at;
      rows.push(this.#readers.map((read) => read(at)));
      this.#at += 1;
    }
    return rows;
  }

  #nextBatch() {
    const { done, value: batch } = this.#batches.next();
    if (done) return false;
    this.#rows = batch.numRows;
    this.#at = 0;
    this.#readers = batch.data.children.map(readerOf);
    return true;
  }
}

function named(column, work) {
  try {
    return work();
  } catch (error) {
    if (error instanceof Unsupported) error.message = `${JSON.stringify(column)} ${error.message}`;
    throw error;
  }
}

const wrap = (type) => (type.children ?? []).map(({ type: inner }) => plainType(inner));

/** The library reads an empty name as none. */
const nameOf = ({ name }) => name ?? '';

/** As DuckDB names it. */
function plainType(type) {
  const kind = type.constructor.name.replace(/\d+$|Signed|_$/g, '');
  switch (type.typeId) {
    case 1:
      return { name: 'VARCHAR' };
    case 2:
      return {
        name: `${type.isSigned ? '' : 'U'}${{ 8: 'TINYINT', 16: 'SMALLINT', 32: 'INTEGER', 64: 'BIGINT' }[type.bitWidth]}`,
      };
    case 3:
      if (type.precision === 0) throw new Unsupported('a half float');
      return { name: type.precision === 1 ? 'FLOAT' : 'DOUBLE' };
    case 5:
    case 20:
      return { name: 'VARCHAR' };
    case 6:
      return { name: 'BOOLEAN' };
    case 7:
      return { name: `DECIMAL(${type.precision},${type.scale})` };
    case 8:
      return { name: 'DATE' };
    case 9:
      return { name: 'TIME' };
    case 10:
      return timestampType(type);
    case 12:
    case 16:
      return { name: 'LIST', valueType: wrap(type)[0] };
    case 13:
      return { name: 'STRUCT', entryNames: type.children.map(nameOf), entryTypes: wrap(type) };
    case 17: {
      const [key, value] = type.children[0].type.children;
      return { name: 'MAP', keyType: plainType(key.type), valueType: plainType(value.type) };
    }
    case -1:
      return plainType(type.dictionary);
    default:
      throw new Unsupported(`${kind || 'unknown'} (${String(type).slice(0, 40)})`);
  }
}

function timestampType({ unit, timezone }) {
  const zoned = timezone !== null && timezone !== undefined && timezone !== '';
  if (unit === 3) return { name: 'TIMESTAMP_NS', utc: zoned };
  return { name: zoned ? 'TIMESTAMP WITH TIME ZONE' : 'TIMESTAMP' };
}

/** Reads the value in a row of one portion of a column. */
function readerOf(data) {
  const read = filledReaderOf(data);
  if (data.typeId === 1) return () => null;
  return (row) => (data.getValid(row) ? read(row) : null);
}

function filledReaderOf(data) {
  const { type, values, valueOffsets, children } = data;
  switch (data.typeId) {
    case 2:
    case 3:
      return (row) => values[row];
    case 5:
    case 20:
      return (row) => decoder.decode(values.subarray(Number(valueOffsets[row]), Number(valueOffsets[row + 1])));
    case 6:
      return (row) => ((values[row >> 3] >> (row & 7)) & 1) === 1;
    case 7:
      return (row) => decimalText(values, row, type);
    case 8:
      return type.unit === 0 ? (row) => values[row] : (row) => daysOf(values, row);
    case 9:
      return (row) => timeText(values[row], type);
    case 10:
      return timestampReader(values, type);
    case 12: {
      const item = readerOf(children[0]);
      return (row) => range(Number(valueOffsets[row]), Number(valueOffsets[row + 1]), item);
    }
    case 16: {
      const item = readerOf(children[0]);
      return (row) => range(row * type.listSize, (row + 1) * type.listSize, item);
    }
    case 13: {
      const fields = children.map(readerOf);
      return (row) => fields.map((field) => field(row));
    }
    case 17: {
      const entry = readerOf(children[0]);
      return (row) => range(Number(valueOffsets[row]), Number(valueOffsets[row + 1]), entry);
    }
    case -1:
      return dictionaryReader(data);
    default:
      return () => null;
  }
}

const range = (from, to, item) => Array.from({ length: to - from }, (_, index) => item(from + index));

function dictionaryReader({ values, dictionary }) {
  const portions = dictionary.data.map((portion) => ({ length: portion.length, read: readerOf(portion) }));
  return (row) => {
    let at = Number(values[row]);
    for (const { length, read } of portions) {
      if (at < length) return read(at);
      at -= length;
    }
    throw new Error('a value is not in the dictionary of its column');
  };
}

function timestampReader(values, { unit }) {
  const factor = unit === 3 ? 1n : SECOND_UNITS[2] / SECOND_UNITS[unit];
  return (row) => BigInt(values[row]) * factor;
}

const DAY_MS = 86_400_000n;
function daysOf(values, row) {
  const ms = BigInt(values[row]);
  if (ms % DAY_MS !== 0n) throw new Error('a date is not a whole day');
  return Number(ms / DAY_MS);
}

function timeText(value, { unit }) {
  const units = BigInt(value);
  const seconds = Number(units / SECOND_UNITS[unit]);
  const fraction = units % SECOND_UNITS[unit];
  const two = (number) => String(number).padStart(2, '0');
  const digits =
    UNIT_DIGITS[unit] === 0 || fraction === 0n ? '' : `.${String(fraction).padStart(UNIT_DIGITS[unit], '0')}`;
  return `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${digits}`;
}

function decimalText(values, row, { bitWidth, scale }) {
  const words = bitWidth / 32;
  let units = 0n;
  for (let word = words - 1; word >= 0; word -= 1) units = (units << 32n) | BigInt(values[row * words + word]);
  units = BigInt.asIntN(bitWidth, units);
  const digits = String(units < 0n ? -units : units).padStart(Math.max(scale, 0) + 1, '0');
  const whole = scale > 0 ? `${digits.slice(0, -scale)}.${digits.slice(-scale)}` : `${digits}${'0'.repeat(-scale)}`;
  return `${units < 0n ? '-' : ''}${whole}`;
}

/** Writes rows, which are lists in the order of the columns, into one file. */
export async function writeArrow({ file, columns, metadata, rows }) {
  const arrow = await loadArrow();
  const fields = columns.map(({ name, type, json }) =>
    arrow.Field.new({
      name,
      type: arrowType(arrow, type),
      nullable: true,
      metadata: json ? new Map([['labmesh', 'json']]) : undefined,
    }),
  );
  const schema = new arrow.Schema(fields, new Map(Object.entries(metadata)));
  if (rows.length === 0) {
    writeFileSync(file, arrow.tableToIPC(new arrow.Table(schema), 'file'), { mode: 0o600 });
    return;
  }
  const children = fields.map(({ type }, index) =>
    dataOf(
      arrow,
      type,
      rows.map((row) => row[index] ?? null),
    ),
  );
  const data = arrow.makeData({ type: new arrow.Struct(fields), length: rows.length, nullCount: 0, children });
  const writer = arrow.RecordBatchFileWriter.writeAll([new arrow.RecordBatch(schema, data)]);
  writeFileSync(file, writer.toUint8Array(true), { mode: 0o600 });
}

function arrowType(arrow, { name, valueType, entryNames, entryTypes }) {
  const field = (called, type) => arrow.Field.new({ name: called, type: arrowType(arrow, type), nullable: true });
  if (entryTypes !== undefined)
    return new arrow.Struct(entryTypes.map((type, index) => field(entryNames[index], type)));
  if (valueType !== undefined) return new arrow.List(field('item', valueType));
  switch (name) {
    case 'BIGINT':
      return new arrow.Int64();
    case 'DOUBLE':
      return new arrow.Float64();
    case 'BOOLEAN':
      return new arrow.Bool();
    default:
      return new arrow.Utf8();
  }
}

/** One column's values in Arrow's layout: what is there, and then the values one after the other. */
function dataOf(arrow, type, values) {
  const nullBitmap = new Uint8Array((values.length + 7) >> 3);
  let nullCount = 0;
  values.forEach((value, row) => {
    if (value === null) nullCount += 1;
    else nullBitmap[row >> 3] |= 1 << (row & 7);
  });
  return arrow.makeData({ type, length: values.length, nullCount, nullBitmap, ...bodyOf(arrow, type, values) });
}

function bodyOf(arrow, type, values) {
  switch (type.typeId) {
    case 2:
      return { data: BigInt64Array.from(values, (value) => BigInt(value ?? 0)) };
    case 3:
      return { data: Float64Array.from(values, (value) => value ?? 0) };
    case 6: {
      const data = new Uint8Array((values.length + 7) >> 3);
      values.forEach((value, row) => {
        if (value === true) data[row >> 3] |= 1 << (row & 7);
      });
      return { data };
    }
    case 12: {
      const child = dataOf(
        arrow,
        type.children[0].type,
        values.flatMap((value) => value ?? []),
      );
      return { valueOffsets: offsetsOf(values.map((value) => value?.length ?? 0)), child };
    }
    case 13: {
      const children = type.children.map(({ type: inner, name }) =>
        dataOf(
          arrow,
          inner,
          values.map((value) => value?.[name] ?? null),
        ),
      );
      return { children };
    }
    default: {
      const texts = values.map((value) => Buffer.from(value ?? ''));
      return { valueOffsets: offsetsOf(texts.map(({ length }) => length)), data: Buffer.concat(texts) };
    }
  }
}

function offsetsOf(lengths) {
  const offsets = new Int32Array(lengths.length + 1);
  lengths.forEach((length, row) => {
    offsets[row + 1] = offsets[row] + length;
  });
  return offsets;
}
