// What values a column holds, counted from the rows: JSON Schema, CSV cells and Parquet types all follow from it.
import type { Json, Row } from '../rows.js';

/** Counts of each kind of value seen in one place. */
export interface Shape {
  nulls: number;
  booleans: number;
  /** Integers, those beyond 2^53 included. */
  integers: number;
  /** Numbers with a fraction. */
  fractions: number;
  /** True when an integer is beyond 2^53, so that only a double can hold it. */
  beyondSafe: boolean;
  strings: number;
  lists: number;
  /** Shape of what the lists hold, all lists together. */
  items: Shape | undefined;
  objects: number;
  fields: Map<string, Shape>;
  /** True when there were too many fields or levels to follow: their shape is then unknown. */
  open: boolean;
}

/** Nested objects with more keys than this are dictionaries, not records. */
const NESTED_FIELDS_MAX = 200;
const LEVELS_MAX = 8;
/** Bounds the shape of rows in which every row brings new keys. */
const SHAPES_MAX = 20_000;

export const emptyShape = (): Shape => ({
  nulls: 0,
  booleans: 0,
  integers: 0,
  fractions: 0,
  beyondSafe: false,
  strings: 0,
  lists: 0,
  items: undefined,
  objects: 0,
  fields: new Map(),
  open: false,
});

/** The shape of rows that come one after another, more than are held at once. */
export class GrowingShape {
  readonly shape = emptyShape();
  readonly #counter = new Counter();

  add(row: Row): void {
    this.#counter.add(this.shape, row, 0);
  }
}

/** The shape of a row; its fields are the columns, in the order in which they first appear. */
export function shapeOf(rows: readonly Row[]): Shape {
  const shape = emptyShape();
  const counter = new Counter();
  for (const row of rows) counter.add(shape, row, 0);
  return shape;
}

/** How many values were seen there. */
export const seen = (shape: Shape): number =>
  shape.nulls + shape.booleans + shape.integers + shape.fractions + shape.strings + shape.lists + shape.objects;

class Counter {
  private shapes = 0;

  add(shape: Shape, value: Json, level: number): void {
    if (value === null) shape.nulls += 1;
    else if (typeof value === 'boolean') shape.booleans += 1;
    else if (typeof value === 'string') shape.strings += 1;
    else if (typeof value === 'number') addNumber(shape, value);
    else if (Array.isArray(value)) this.addList(shape, value, level);
    else this.addObject(shape, value, level);
  }

  private addList(shape: Shape, value: readonly Json[], level: number): void {
    shape.lists += 1;
    if (level >= LEVELS_MAX) shape.open = true;
    if (shape.open || value.length === 0) return;
    shape.items ??= emptyShape();
    for (const item of value) this.add(shape.items, item, level + 1);
  }

  private addObject(shape: Shape, value: Row, level: number): void {
    shape.objects += 1;
    if (level >= LEVELS_MAX) shape.open = true;
    if (shape.open) return;
    for (const [key, field] of Object.entries(value)) {
      const known = shape.fields.get(key) ?? this.addField(shape, key, level);
      if (known === undefined) return;
      this.add(known, field, level + 1);
    }
  }

  private addField(shape: Shape, key: string, level: number): Shape | undefined {
    this.shapes += 1;
    if (level > 0 && (shape.fields.size >= NESTED_FIELDS_MAX || this.shapes > SHAPES_MAX)) {
      shape.open = true;
      shape.fields.clear();
      return undefined;
    }
    const field = emptyShape();
    shape.fields.set(key, field);
    return field;
  }
}

function addNumber(shape: Shape, value: number): void {
  if (!Number.isInteger(value)) shape.fractions += 1;
  else {
    shape.integers += 1;
    if (!Number.isSafeInteger(value)) shape.beyondSafe = true;
  }
}
