// From the shape of rows to the JSON Schema that describes them. Says what was seen, forbids nothing more.
import { AppError } from '@labmesh/contracts';
import { COLUMNS_MAX } from '../rows.js';
import { type Shape, seen } from './shape.js';

export type JsonSchema = Record<string, unknown>;

export const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** JSON Schema (2020-12) of one row: types as seen, null where there was one, required what every row has. */
export function inferSchema(shape: Shape): JsonSchema {
  if (shape.fields.size > COLUMNS_MAX) {
    throw new AppError(
      'too_large',
      `Cannot take rows with ${shape.fields.size} different columns: ${COLUMNS_MAX} is the most.`,
    );
  }
  return { $schema: DIALECT, type: 'object', ...fieldsOf(shape) };
}

function schemaOf(shape: Shape): JsonSchema {
  const types = typesOf(shape);
  if (types.length === 0) return {};
  return {
    type: types.length === 1 ? types[0] : types,
    ...(shape.objects > 0 && !shape.open ? fieldsOf(shape) : {}),
    ...(shape.items === undefined || shape.open ? {} : { items: schemaOf(shape.items) }),
  };
}

function fieldsOf(shape: Shape): JsonSchema {
  const fields = [...shape.fields];
  return {
    properties: Object.fromEntries(fields.map(([key, field]) => [key, schemaOf(field)])),
    required: fields.filter(([, field]) => seen(field) === shape.objects).map(([key]) => key),
  };
}

function typesOf(shape: Shape): string[] {
  const types: Array<[string, boolean]> = [
    ['string', shape.strings > 0],
    ['number', shape.fractions > 0],
    ['integer', shape.integers > 0 && shape.fractions === 0],
    ['boolean', shape.booleans > 0],
    ['object', shape.objects > 0],
    ['array', shape.lists > 0],
    ['null', shape.nulls > 0],
  ];
  return types.filter(([, present]) => present).map(([type]) => type);
}
