// What a CSV's cells may be, and what the columns of a CSV from elsewhere are: by the schema given with it, else by its text.
import type { Column } from '../schemas/columns.js';
import { expectedColumn } from '../schemas/expected-column.js';
import type { JsonSchema } from '../schemas/inference.js';
import { isNumberText, numberFromText } from './rows.js';

/** The word null without quotes. */
export const NULL_WORD = Symbol('null');
/** A cell: its text, null when it is empty and without quotes, or the bare word null. */
export type Cell = string | null | typeof NULL_WORD;

export interface CsvTable {
  readonly names: readonly string[];
  readonly records: readonly (readonly Cell[])[];
}

/** How to read each column of a table that does not come with its columns. */
export const guessColumns = (table: CsvTable, schema: JsonSchema | undefined): Column[] =>
  table.names.map((name, index) =>
    guessColumn(name, { schema, cells: table.records.map((record) => record[index] ?? null) }),
  );

function guessColumn(
  name: string,
  { cells, schema }: { cells: readonly Cell[]; schema: JsonSchema | undefined },
): Column {
  const texts = cells.filter((cell) => typeof cell === 'string');
  const hasEmpty = cells.includes(null);
  const hasWord = cells.includes(NULL_WORD);
  const expected = schema === undefined ? undefined : expectedColumn(schema, name);
  if (expected === undefined) {
    return { name, type: typeOfTexts(texts), absent: hasEmpty && hasWord, nullable: hasEmpty || hasWord };
  }
  const { types, nullable, required } = expected;
  // With both in the column, the empty cells are what the bare words are not.
  return { name, type: typeOfExpected(types, texts), absent: !required && (!nullable || hasWord), nullable };
}

function typeOfExpected(types: ReadonlySet<string>, texts: readonly string[]): Column['type'] {
  const [only] = types;
  if (types.size === 0) return typeOfTexts(texts);
  if (types.size === 1 && (only === 'string' || only === 'integer' || only === 'number' || only === 'boolean'))
    return only;
  if ([...types].every((type) => type === 'integer' || type === 'number')) return 'number';
  return types.has('string') && !texts.every(isJsonText) ? 'string' : 'json';
}

/** The type that every text fits; `string` unless it is sure, so that 007 or a long id stays what it was. */
function typeOfTexts(texts: readonly string[]): Column['type'] {
  if (texts.length === 0) return 'string';
  if (texts.every((text) => text === 'true' || text === 'false')) return 'boolean';
  if (texts.every((text) => isNumberText(text, 'number') && numberFromText(text) !== undefined)) {
    return texts.every((text) => isNumberText(text, 'integer') && Number.isSafeInteger(Number(text)))
      ? 'integer'
      : 'number';
  }
  return texts.every((text) => /^[[{]/.test(text) && isJsonText(text)) ? 'json' : 'string';
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
