// JSON Schema 2020-12 by ajv, for schemas that users give: bounded in size, depth, patterns and time.
// Fetches nothing: a reference must be inside the schema itself.
import { AppError } from '@labmesh/contracts';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { isPlainObject } from '../formats/rows.js';
import { DIALECT, type JsonSchema } from './inference.js';
import { patternProblem } from './patterns.js';
import { timeboxed } from './timebox.js';

export interface RowError {
  /** Counted from 0. */
  readonly row: number;
  /** JSON pointer inside the row. */
  readonly path: string;
  readonly message: string;
}

export interface Verdict {
  readonly valid: boolean;
  readonly rowsChecked: number;
  readonly invalidRows: number;
  /** The first ones, in the order of the rows. */
  readonly errors: readonly RowError[];
}

const SCHEMA_BYTES_MAX = 64 * 1024;
const SCHEMA_DEPTH_MAX = 32;
const TIME_MAX_MS = 2_000;

// Knows the dialect and nothing of users: schemas are only checked with it, never added.
const dialect = new Ajv2020({ strict: false, logger: false });

/**
 * Checks every row, to the end, and keeps the first `maxErrors` errors.
 * @throws AppError invalid_input when the schema itself is wrong, too large, refers elsewhere, or takes too long.
 */
export function validateRows(schema: JsonSchema, rows: readonly unknown[], maxErrors: number): Verdict {
  checkSize(schema);
  return timeboxed(() => judge(compile(schema), rows, maxErrors), {
    limitMs: TIME_MAX_MS,
    tooSlow: () =>
      new AppError(
        'invalid_input',
        `Cannot check the rows: this schema takes longer than ${TIME_MAX_MS} ms. Use simpler patterns and fewer alternatives.`,
      ),
  });
}

/** @throws AppError invalid_input naming the place in the schema that is wrong. */
export function checkSchema(schema: JsonSchema): void {
  validateRows(schema, [], 1);
}

function checkSize(schema: JsonSchema): void {
  if (depthOf(schema, 0) > SCHEMA_DEPTH_MAX) throw badSchema(`it is nested deeper than ${SCHEMA_DEPTH_MAX}`);
  const bytes = Buffer.byteLength(JSON.stringify(schema));
  if (bytes > SCHEMA_BYTES_MAX) throw badSchema(`it is ${bytes} bytes long, ${SCHEMA_BYTES_MAX} is the most`);
}

function depthOf(value: unknown, depth: number): number {
  if (depth > SCHEMA_DEPTH_MAX || (!Array.isArray(value) && !isPlainObject(value))) return depth;
  return Object.values(value).reduce<number>((deepest, inner) => Math.max(deepest, depthOf(inner, depth + 1)), depth);
}

function compile(schema: JsonSchema): ValidateFunction {
  if (schema.$schema !== undefined && schema.$schema !== DIALECT) {
    throw badSchema(
      `its $schema is ${JSON.stringify(schema.$schema)?.slice(0, 100)}, and the one known here is "${DIALECT}"`,
    );
  }
  if (!dialect.validateSchema(schema)) {
    const [first] = dialect.errors ?? [];
    throw badSchema(`at ${first?.instancePath || 'its root'} it ${first?.message ?? 'is wrong'}`);
  }
  // One compiler per schema: an $id that a user chose must not be known to the next one.
  const ajv = new Ajv2020({
    strict: false,
    logger: false,
    allErrors: true,
    validateSchema: false,
    meta: false,
    code: { regExp: guardedRegExp },
  });
  ajvFormats.default(ajv, { mode: 'fast' });
  try {
    return ajv.compile(schema);
  } catch (cause) {
    if (cause instanceof AppError || !(cause instanceof Error)) throw cause;
    throw badSchema(`${cause.message.slice(0, 200)}; references must be inside the schema itself`, cause);
  }
}

const guardedRegExp = Object.assign(
  (pattern: string, flags: string): RegExp => {
    const problem = patternProblem(pattern);
    if (problem !== undefined) throw badSchema(`the pattern ${JSON.stringify(pattern.slice(0, 60))}: ${problem}`);
    try {
      return new RegExp(pattern, flags);
    } catch (cause) {
      throw badSchema(`the pattern ${JSON.stringify(pattern.slice(0, 60))} is no regular expression`, cause);
    }
  },
  { code: 'new RegExp' },
);

function judge(validate: ValidateFunction, rows: readonly unknown[], maxErrors: number): Verdict {
  const errors: RowError[] = [];
  let invalidRows = 0;
  rows.forEach((row, index) => {
    if (fits(validate, row)) return;
    invalidRows += 1;
    const room = maxErrors - errors.length;
    if (room > 0) errors.push(...(validate.errors ?? []).slice(0, room).map((error) => rowError(index, error)));
  });
  return { valid: invalidRows === 0, rowsChecked: rows.length, invalidRows, errors };
}

function fits(validate: ValidateFunction, row: unknown): boolean {
  try {
    return validate(row) === true;
  } catch (cause) {
    if (cause instanceof RangeError) throw badSchema('a reference leads to itself without end', cause);
    throw cause;
  }
}

function rowError(row: number, { instancePath, message = 'does not fit', params, keyword }: ErrorObject): RowError {
  const extra: unknown = keyword === 'additionalProperties' ? params.additionalProperty : params.unevaluatedProperty;
  const allowed =
    keyword === 'enum' && Array.isArray(params.allowedValues)
      ? `: ${JSON.stringify(params.allowedValues).slice(0, 200)}`
      : '';
  return {
    row,
    path: instancePath,
    message: `${message}${typeof extra === 'string' ? ` ("${extra}")` : ''}${allowed}`.slice(0, 500),
  };
}

const badSchema = (why: string, cause?: unknown): AppError =>
  new AppError('invalid_input', `Cannot use the schema: ${why}.`, { cause });
