// The parameters of a picture: how a form asks for each, what the rows of a dataset offer for it, and what was given as the tool takes it.
import type { Row } from '../dataset.js';

export interface Parameter {
  readonly name: string;
  readonly description: string;
  readonly kind: 'choice' | 'number' | 'date' | 'text';
  readonly choices: readonly string[];
  /** What is there before anybody types. */
  readonly preset: string;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function parametersOf(schemas: Readonly<Record<string, unknown>>): readonly Parameter[] {
  return Object.entries(schemas).map(([name, schema]) => {
    const { description, enum: choices, type, format, default: preset } = isObject(schema) ? schema : {};
    return {
      name,
      description: typeof description === 'string' ? description : '',
      kind: Array.isArray(choices)
        ? 'choice'
        : type === 'number' || type === 'integer'
          ? 'number'
          : format === 'date'
            ? 'date'
            : 'text',
      choices: Array.isArray(choices) ? choices.map(String) : [],
      preset: preset === undefined ? '' : String(preset),
    };
  });
}

/** Columns that hold what a parameter wants, where they are not called as it is. */
const ALSO: Readonly<Record<string, readonly string[]>> = { layer: ['identifier', 'name'], matrixSet: ['matrixSet'] };

/** What a row says for the parameters: a picture of a row is a click away. */
export function givenBy(row: Row, parameters: readonly Parameter[]): Readonly<Record<string, string>> {
  const given: Record<string, string> = {};
  for (const { name, kind } of parameters) {
    const column = [name, ...(ALSO[name] ?? [])].find((each) => Object.hasOwn(row, each));
    const value = column === undefined ? undefined : row[column];
    if (typeof value !== 'string' && typeof value !== 'number') continue;
    // A day of a time: "2026-01-31 00:41:06".
    given[name] = kind === 'date' ? String(value).slice(0, 10) : String(value);
  }
  return given;
}

/** How many parameters neither have a value from the start nor get one of the row: what somebody would have to know. */
export const unknownIn = (row: Row, parameters: readonly Parameter[]): number => {
  const given = givenBy(row, parameters);
  return parameters.filter(({ name, preset }) => preset === '' && !Object.hasOwn(given, name)).length;
};

/** Empty ones are left out: the source has a default, or says that it needs one. */
export function inputOf(values: Readonly<Record<string, string>>, parameters: readonly Parameter[]): Record<string, unknown> {
  const given = parameters
    .map(({ name, kind }) => [name, kind, (values[name] ?? '').trim()] as const)
    .filter(([, , value]) => value !== '');
  return Object.fromEntries(
    given.map(([name, kind, value]) => [name, kind === 'number' && Number.isFinite(Number(value)) ? Number(value) : value]),
  );
}
