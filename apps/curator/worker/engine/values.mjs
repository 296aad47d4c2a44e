// DuckDB's values as plain ones that travel to the other process: null, truth values, numbers, bigint, texts, bytes and lists.
// Nothing is rounded or dropped on the way; what a value is, its column's type says.
import { duckdb } from './decoder.mjs';

const {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUnionValue,
  VARCHAR,
} = duckdb;

/** The type's SQL name, and what is inside of it. */
export function plainType(type) {
  const name = type.alias ?? type.toString();
  if ('keyType' in type) return { name, keyType: plainType(type.keyType), valueType: plainType(type.valueType) };
  if ('entryTypes' in type && 'entryNames' in type)
    return { name, entryNames: [...type.entryNames], entryTypes: type.entryTypes.map(plainType) };
  if ('memberTypes' in type)
    return { name, memberTags: [...type.memberTags], memberTypes: type.memberTypes.map(plainType) };
  if ('valueType' in type) return { name, valueType: plainType(type.valueType) };
  return { name };
}

/** Structs and maps are lists, in the order of their fields; times are counts of days or of the smallest unit. */
export function plainValue(value, type) {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue)
    return value.items.map((item) => plainValue(item, type.valueType));
  if (value instanceof DuckDBStructValue) return structValue(value, type);
  if (value instanceof DuckDBMapValue)
    return value.entries.map(({ key, value: held }) => [
      plainValue(key, type.keyType),
      plainValue(held, type.valueType),
    ]);
  if (value instanceof DuckDBUnionValue)
    return [value.tag, plainValue(value.value, type.memberTypes[type.memberTags.indexOf(value.tag)])];
  if (value instanceof DuckDBDateValue) return value.days;
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) return value.micros;
  if (value instanceof DuckDBTimestampNanosecondsValue) return value.nanos;
  if (value instanceof DuckDBTimestampMillisecondsValue) return value.millis;
  if (value instanceof DuckDBTimestampSecondsValue) return value.seconds;
  if (value instanceof DuckDBIntervalValue) return [value.months, value.days, value.micros];
  if (value instanceof DuckDBBlobValue) return value.bytes;
  return value.toString();
}

function structValue({ entries }, { entryNames, entryTypes }) {
  if (entryNames.includes('__proto__'))
    throw new Error('Invalid Input Error: a field of a STRUCT is named "__proto__"');
  return entryNames.map((name, index) => plainValue(entries[name] ?? null, entryTypes[index]));
}

/** About how many bytes it takes on its way. */
export function weightOf(value) {
  if (typeof value === 'string') return value.length;
  if (value instanceof Uint8Array) return value.length;
  return Array.isArray(value) ? value.reduce((sum, item) => sum + weightOf(item), 8) : 8;
}

/** Values of `?`, `$1` or `$name`: a list, or an object by name. Whole numbers are whole numbers, not doubles. */
export function bindParameters(statement, parameters) {
  if (parameters === undefined) return;
  const given = Object.entries(parameters);
  const values = given.map(([name, value]) => [name, integral(value), typeOf(value)]);
  if (Array.isArray(parameters))
    statement.bind(
      values.map(([, value]) => value),
      values.map(([, , type]) => type),
    );
  else
    statement.bind(
      Object.fromEntries(values.map(([name, value]) => [name, value])),
      Object.fromEntries(values.map(([name, , type]) => [name, type])),
    );
}

const integral = (value) => (Number.isSafeInteger(value) ? BigInt(value) : value);

function typeOf(value) {
  if (typeof value === 'boolean') return BOOLEAN;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BIGINT : DOUBLE;
  return typeof value === 'string' ? VARCHAR : undefined;
}
