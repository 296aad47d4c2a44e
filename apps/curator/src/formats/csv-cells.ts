// What a CSV's cells may be, and what the columns of a CSV from elsewhere are: by the schema given with it, else by its text.

import { isNumberText, numberFromText } from '../numbers.js';
import type { Column } from '../schemas/columns.js';
import { expectedColumn } from '../schemas/expected-column.js';
import type { JsonSchema } from '../schemas/inference.js';

/** The word null without quotes. */
export const NULL_WORD = Symbol('null');
/** A cell: its text, null when it is empty and without quotes, or the bare word null. */
export type Cell = string | null | typeof NULL_WORD;

export interface CsvTable {
  readonly names: readonly string[];
  readonly records: readonly (readonly Cell[])[];
  /** Indexes of the columns in which some cell, apart from the name, is in quotes. */
  readonly quoted: ReadonlySet<number>;
}

/** What all cells of a column may be, however many there are. */
export interface CellFacts {
  /** Cells that are neither empty nor the bare word null. */
  readonly texts: number;
  readonly hasEmpty: boolean;
  readonly hasWord: boolean;
  readonly quoted: boolean;
  readonly booleans: () => boolean;
  readonly numbers: () => boolean;
  readonly integers: () => boolean;
  readonly json: () => boolean;
  /** Each is a list or an object. */
  readonly nested: () => boolean;
  /** Some are a list, an object or a JSON text. */
  readonly someNested: () => boolean;
}

/** How to read each column of a table that does not come with its columns. */
export const guessColumns = (table: CsvTable, schema: JsonSchema | undefined): Column[] =>
  table.names.map((name, index) => {
    const cells = table.records.map((record) => record[index] ?? null);
    return guessColumn(name, factsOf(cells, table.quoted.has(index)), schema);
  });

function factsOf(cells: readonly Cell[], quoted: boolean): CellFacts {
  const texts = cells.filter((cell) => typeof cell === 'string');
  return {
    texts: texts.length,
    hasEmpty: cells.includes(null),
    hasWord: cells.includes(NULL_WORD),
    quoted,
    booleans: () => texts.every((text) => text === 'true' || text === 'false'),
    numbers: () => texts.every(isSurelyNumber),
    integers: () => texts.every((text) => Number.isSafeInteger(Number(text))),
    json: () => texts.every(isJsonText),
    nested: () => texts.every((text) => /^[[{]/.test(text) && isJsonText(text)),
    someNested: () => texts.some((text) => /^["[{]/.test(text)),
  };
}

export function guessColumn(name: string, facts: CellFacts, schema: JsonSchema | undefined): Column {
  const { hasEmpty, hasWord } = facts;
  const expected = schema === undefined ? undefined : expectedColumn(schema, name);
  if (expected === undefined) {
    return { name, type: typeOfTexts(facts), absent: hasEmpty && hasWord, nullable: hasEmpty || hasWord };
  }
  const { types, nullable, required } = expected;
  // With both in the column, the empty cells are what the bare words are not.
  return {
    name,
    type: typeOfExpected(types, facts),
    absent: !required && (!nullable || hasWord),
    nullable,
  };
}

function typeOfExpected(types: ReadonlySet<string>, facts: CellFacts): Column['type'] {
  const [only] = types;
  if (types.size === 0) return typeOfTexts(facts);
  if (types.size === 1 && (only === 'string' || only === 'integer' || only === 'number' || only === 'boolean'))
    return only;
  if ([...types].every((type) => type === 'integer' || type === 'number')) return 'number';
  return types.has('string') && !isJsonColumn(facts) ? 'string' : 'json';
}

/** Every text is JSON; and where they stand in quotes, some could be nothing else. */
const isJsonColumn = ({ json, quoted, someNested }: CellFacts): boolean => json() && (!quoted || someNested());

/** A number of a program's making: an exponent comes after one digit and perhaps a fraction, unlike the hash 713752e1. */
const PLAIN_NUMBER = /^-?(?:\d+(?:\.\d+)?|\d(?:\.\d+)?[eE][+-]?\d+)$/;

/**
 * The type that every text of the column fits. `string` unless it is sure, so that 007, a long id or a hash stays what it was,
 * and so does whatever stands in quotes, which is how numbers are told from texts that look like them.
 */
function typeOfTexts({ texts, quoted, booleans, numbers, integers, nested }: CellFacts): Column['type'] {
  if (texts === 0) return 'string';
  if (!quoted && booleans()) return 'boolean';
  if (!quoted && numbers()) return integers() ? 'integer' : 'number';
  return nested() ? 'json' : 'string';
}

const isSurelyNumber = (text: string): boolean =>
  PLAIN_NUMBER.test(text) && isNumberText(text) && numberFromText(text) !== undefined;

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
