// How flat formats carry a column: what a cell's text stands for, and what no text stands for.
import { z } from 'zod';
import { type Shape, seen } from './shape.js';

export const Column = z.object({
  name: z.string(),
  /** `json`: the cell holds JSON text. */
  type: z.enum(['string', 'integer', 'number', 'boolean', 'json']),
  /** Some rows do not have it. */
  absent: z.boolean(),
  /** Some rows hold null there. */
  nullable: z.boolean(),
});
export type Column = z.infer<typeof Column>;

/** Columns of the rows that have this shape, in order. */
export const columnsOf = (shape: Shape): Column[] =>
  [...shape.fields].map(([name, field]) => ({
    name,
    type: columnType(field),
    absent: seen(field) < shape.objects,
    nullable: field.nulls > 0,
  }));

/** A column of one kind of scalar has its type; lists, objects and mixtures are JSON text. */
export function columnType(field: Shape): Column['type'] {
  const numbers = field.integers + field.fractions;
  const kinds = [field.strings, numbers, field.booleans, field.lists + field.objects].filter(
    (count) => count > 0,
  ).length;
  if (kinds > 1 || field.lists + field.objects > 0) return 'json';
  if (numbers > 0) return field.fractions > 0 || field.beyondSafe ? 'number' : 'integer';
  return field.booleans > 0 ? 'boolean' : 'string';
}
