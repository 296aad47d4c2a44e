// Which Parquet type carries a column: from what its rows hold, so that text stays text and integers stay integers.
// What no single type carries without loss becomes JSON text.

import { quoteName } from '../engine/engine-session.js';
import { columnType } from '../schemas/columns.js';
import { type Shape, seen } from '../schemas/shape.js';
import { lowerAscii } from './parquet-schema.js';

/**
 * DuckDB type of a place, or undefined when only JSON text holds it: mixtures of types, objects whose keys
 * differ, empty objects, names that DuckDB confuses.
 */
export function duckType(shape: Shape): string | undefined {
  if (shape.open) return undefined;
  if (shape.objects > 0) return kinds(shape) === 1 ? structType(shape) : undefined;
  if (shape.lists > 0) return kinds(shape) === 1 ? listType(shape.items) : undefined;
  const type = columnType(shape);
  switch (type) {
    case 'string':
      return 'VARCHAR';
    case 'integer':
      return 'BIGINT';
    case 'number':
      return 'DOUBLE';
    case 'boolean':
      return 'BOOLEAN';
    case 'json':
      return undefined;
  }
}

const kinds = (shape: Shape): number =>
  [shape.strings, shape.integers + shape.fractions, shape.booleans, shape.lists, shape.objects].filter(
    (count) => count > 0,
  ).length;

function listType(items: Shape | undefined): string | undefined {
  const type = items === undefined ? 'VARCHAR' : duckType(items);
  return type === undefined ? undefined : `${type}[]`;
}

function structType(shape: Shape): string | undefined {
  const fields = [...shape.fields];
  if (fields.length === 0 || !distinctNames(fields.map(([name]) => name))) return undefined;
  const types = fields.map(([name, field]) => {
    const type = seen(field) === shape.objects ? duckType(field) : undefined;
    return type === undefined ? undefined : `${quoteName(name)} ${type}`;
  });
  return types.includes(undefined) ? undefined : `STRUCT(${types.join(', ')})`;
}

const distinctNames = (names: readonly string[]): boolean =>
  names.every(isWritableName) && new Set(names.map(lowerAscii)).size === names.length;

/** Names that DuckDB writes as they are. */
export const isWritableName = (name: string): boolean => name !== '' && !name.includes('\0');
