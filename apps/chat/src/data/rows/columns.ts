// The columns of a table of rows: their order, what they hold in words, and what one cell shows.
import type { Row, RowSchema } from '../dataset.js';

export interface Column {
  readonly name: string;
  /** What it holds, in words: "whole number or null". */
  readonly type: string;
  /** Numbers stand to the right. */
  readonly numeric: boolean;
  /** Every row has it. */
  readonly required: boolean;
  readonly nullable: boolean;
  readonly description: string | undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const WORDS: Readonly<Record<string, string>> = {
  integer: 'whole number',
  number: 'number',
  string: 'text',
  boolean: 'true or false',
  array: 'list',
  object: 'object',
};

const MANY: Readonly<Record<string, string>> = {
  integer: 'whole numbers',
  number: 'numbers',
  string: 'texts',
  boolean: 'true or false',
  array: 'lists',
  object: 'objects',
  null: 'nulls',
};

const TIMES: Readonly<Record<string, string>> = { 'date-time': 'time', date: 'date', time: 'time of day' };

/** The columns that the schema names, then those that only rows have. */
export function columnsOf(schema: RowSchema | null, rows: readonly Row[]): readonly Column[] {
  const properties = isObject(schema?.properties) ? schema.properties : {};
  const required = new Set(Array.isArray(schema?.required) ? schema.required : []);
  const names = new Set(Object.keys(properties));
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  return [...names].map((name) => {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return columnOf(name, isObject(property) ? property : guessed(name, rows), required.has(name));
  });
}

function columnOf(name: string, schema: Record<string, unknown>, required: boolean): Column {
  const types = typesOf(schema);
  const kinds = types.filter((type) => type !== 'null');
  const nullable = types.includes('null');
  const type = kinds.map((kind) => typeWords(kind, schema)).join(' or ') || (nullable ? '' : 'anything');
  return {
    name,
    type: nullable ? (type === '' ? 'null' : `${type} or null`) : type,
    numeric: kinds.length > 0 && kinds.every((kind) => kind === 'number' || kind === 'integer'),
    required,
    nullable,
    description: typeof schema.description === 'string' ? schema.description : undefined,
  };
}

function typesOf({ type, anyOf }: Record<string, unknown>): string[] {
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return type.map(String);
  if (Array.isArray(anyOf)) return [...new Set(anyOf.filter(isObject).flatMap(typesOf))];
  return [];
}

function typeWords(kind: string, schema: Record<string, unknown>): string {
  if (kind === 'string') return TIMES[String(schema.format)] ?? (Array.isArray(schema.enum) ? choices(schema.enum) : 'text');
  if (kind !== 'array' || !isObject(schema.items)) return WORDS[kind] ?? kind;
  const items = typesOf(schema.items).map((item) => MANY[item] ?? item);
  return items.length === 0 ? 'list' : `list of ${items.join(' or ')}`;
}

const choices = (values: readonly unknown[]): string => `one of ${values.length}`;

/** Rows whose column no schema names. */
function guessed(name: string, rows: readonly Row[]): Record<string, unknown> {
  const types = new Set<string>();
  for (const row of rows) if (Object.hasOwn(row, name)) types.add(typeOf(row[name]));
  return { type: [...types] };
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

/** Characters of a cell; the whole value is a key away. */
const CELL_MAX = 80;

export interface Cell {
  readonly state: 'value' | 'null' | 'missing' | 'empty';
  readonly text: string;
  readonly cut: boolean;
}

/** What a cell shows of a row's value: null, a missing member and an empty text are three things. */
export function cellOf(row: Row, name: string): Cell {
  if (!Object.hasOwn(row, name)) return { state: 'missing', text: 'missing', cut: false };
  const value = row[name];
  if (value === null || value === undefined) return { state: 'null', text: 'null', cut: false };
  if (value === '') return { state: 'empty', text: 'empty', cut: false };
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const line = text.replaceAll(/\s+/g, ' ');
  return { state: 'value', text: line.slice(0, CELL_MAX), cut: line.length > CELL_MAX };
}

/** The whole value as text, objects and lists indented. */
export const wholeText = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : String(value);
