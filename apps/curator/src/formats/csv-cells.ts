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

/** How to read each column of a table that does not come with its columns. */
export const guessColumns = (table: CsvTable, schema: JsonSchema | undefined): Column[] =>
  table.names.map((name, index) =>
    guessColumn(name, {
      schema,
      cells: table.records.map((record) => record[index] ?? null),
      quoted: table.quoted.has(index),
    }),
  );

function guessColumn(
  name: string,
  { cells, schema, quoted }: { cells: readonly Cell[]; schema: JsonSchema | undefined; quoted: boolean },
): Column {
  const texts = cells.filter((cell) => typeof cell === 'string');
  const hasEmpty = cells.includes(null);
  const hasWord = cells.includes(NULL_WORD);
  const expected = schema === undefined ? undefined : expectedColumn(schema, name);
  if (expected === undefined) {
    return { name, type: typeOfTexts(texts, quoted), absent: hasEmpty && hasWord, nullable: hasEmpty || hasWord };
  }
  const { types, nullable, required } = expected;
  // With both in the column, the empty cells are what the bare words are not.
  return {
    name,
    type: typeOfExpected(types, texts, quoted),
    absent: !required && (!nullable || hasWord),
    nullable,
  };
}

function typeOfExpected(types: ReadonlySet<string>, texts: readonly string[], quoted: boolean): Column['type'] {
  const [only] = types;
  if (types.size === 0) return typeOfTexts(texts, quoted);
  if (types.size === 1 && (only === 'string' || only === 'integer' || only === 'number' || only === 'boolean'))
    return only;
  if ([...types].every((type) => type === 'integer' || type === 'number')) return 'number';
  return types.has('string') && !isJsonColumn(texts, quoted) ? 'string' : 'json';
}

/** Every text is JSON; and where they stand in quotes, some could be nothing else. */
const isJsonColumn = (texts: readonly string[], quoted: boolean): boolean =>
  texts.every(isJsonText) && (!quoted || texts.some((text) => /^["[{]/.test(text)));

/** A number of a program's making: an exponent comes after one digit and perhaps a fraction, unlike the hash 713752e1. */
const PLAIN_NUMBER = /^-?(?:\d+(?:\.\d+)?|\d(?:\.\d+)?[eE][+-]?\d+)$/;

/**
 * The type that every text of the column fits. `string` unless it is sure, so that 007, a long id or a hash stays what it was,
 * and so does whatever stands in quotes, which is how numbers are told from texts that look like them.
 */
function typeOfTexts(texts: readonly string[], quoted: boolean): Column['type'] {
  if (texts.length === 0) return 'string';
  if (!quoted && texts.every((text) => text === 'true' || text === 'false')) return 'boolean';
  if (!quoted && texts.every(isSurelyNumber)) {
    return texts.every((text) => Number.isSafeInteger(Number(text))) ? 'integer' : 'number';
  }
  return texts.every((text) => /^[[{]/.test(text) && isJsonText(text)) ? 'json' : 'string';
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
