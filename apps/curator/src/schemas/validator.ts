// JSON Schema 2020-12 for schemas that users give: bounded in size, depth, patterns and time. Fetches nothing: a reference must be
// inside the schema itself.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CompiledSchema } from '@hyperjump/json-schema/experimental';
import { AppError } from '@labmesh/contracts';
import { isPlainObject } from '../rows.js';
import { badSchema } from './bad-schema.js';
import { DIALECT, type JsonSchema } from './inference.js';
import { Report, type Verdict } from './report.js';
import { simpleTest } from './simple-schema.js';
import { timeboxed } from './timebox.js';

const SCHEMA_BYTES_MAX = 64 * 1024;
const SCHEMA_DEPTH_MAX = 32;
/** For one look at the schema, or at some rows. */
const TIME_MAX_MS = 2_000;
/** For all rows. */
const TIME_ALL_MS = 20_000;
const SLICE_MS = 20;
const ROWS_A_LOOK = 64;

const TIMEBOX = {
  limitMs: TIME_MAX_MS,
  tooSlow: () =>
    new AppError(
      'invalid_input',
      `Cannot check the rows: this schema takes longer than ${TIME_MAX_MS} ms. Use simpler patterns and fewer alternatives.`,
    ),
};

/** The library, and the schema of schemas: loaded at the first check. */
const load = async () => {
  const [dialect, { fits, failuresOf }] = await Promise.all([import('./dialect.js'), import('./failures.js')]);
  return { ...dialect, fits, failuresOf, ofSchemas: await dialect.compileDialect() };
};
type Engine = Awaited<ReturnType<typeof load>>;
let loaded: Promise<Engine> | undefined;

/**
 * Checks every row, to the end: counts everything that does not fit, and keeps the first `maxErrors` errors.
 * @throws AppError invalid_input when the schema itself is wrong, too large, refers elsewhere, or takes too long.
 */
export function validateRows(schema: JsonSchema, rows: readonly unknown[], maxErrors: number): Promise<Verdict> {
  return validatePortions(schema, [rows], maxErrors);
}

/** The same for rows that come by the portion, more than are held at once. The time limit is for each portion. */
export async function validatePortions(
  schema: JsonSchema,
  portions: AsyncIterable<readonly unknown[]> | Iterable<readonly unknown[]>,
  maxErrors: number,
): Promise<Verdict> {
  checkForm(schema);
  loaded ??= load();
  const engine = await loaded;
  // In this order: what a time limit cuts off does not tidy up.
  engine.withoutFormats(() => timeboxed(() => checkKeywords(engine, schema), TIMEBOX));
  const compiled = await compiledOf(engine, schema);
  const judged = { engine, compiled, simple: simpleTest(schema) };
  const report = new Report(maxErrors);
  let first = 0;
  for await (const rows of portions) {
    await judge(judged, { rows, first }, report);
    first += rows.length;
  }
  return report.verdict(first);
}

/** @throws AppError invalid_input naming the place in the schema that is wrong. */
export async function checkSchema(schema: JsonSchema): Promise<void> {
  await validateRows(schema, [], 1);
}

function checkForm(schema: JsonSchema): void {
  if (depthOf(schema, 0) > SCHEMA_DEPTH_MAX) throw badSchema(`it is nested deeper than ${SCHEMA_DEPTH_MAX}`);
  const bytes = Buffer.byteLength(JSON.stringify(schema));
  if (bytes > SCHEMA_BYTES_MAX) throw badSchema(`it is ${bytes} bytes long, ${SCHEMA_BYTES_MAX} is the most`);
  const { $schema = DIALECT } = schema;
  if ($schema !== DIALECT && $schema !== `${DIALECT}#`)
    throw badSchema(`its $schema is ${JSON.stringify($schema).slice(0, 100)}, and the one known here is "${DIALECT}"`);
  // The library would learn the dialect, for everyone.
  if (declaresDialect(schema, true))
    throw badSchema('it declares a $vocabulary, which only the schema of a dialect does');
}

function depthOf(value: unknown, depth: number): number {
  if (depth > SCHEMA_DEPTH_MAX || (!Array.isArray(value) && !isPlainObject(value))) return depth;
  return Object.values(value).reduce<number>((deepest, inner) => Math.max(deepest, depthOf(inner, depth + 1)), depth);
}

function declaresDialect(value: unknown, isRoot: boolean): boolean {
  if (Array.isArray(value)) return value.some((inner) => declaresDialect(inner, false));
  if (!isPlainObject(value)) return false;
  if (isPlainObject(value.$vocabulary) && (isRoot || typeof value.$id === 'string')) return true;
  return Object.values(value).some((inner) => declaresDialect(inner, false));
}

function checkKeywords({ failuresOf, ofSchemas }: Engine, schema: JsonSchema): void {
  const failures = failuresOf(ofSchemas, schema);
  const [first] = failures.filter(({ message }) => !message.includes(' a schema in ')).concat(failures);
  if (first !== undefined) throw badSchema(`at ${first.path || 'its root'} it ${first.message}`);
}

async function compiledOf({ compileSchema }: Engine, schema: JsonSchema): Promise<CompiledSchema> {
  try {
    return await compileSchema(schema);
  } catch (cause) {
    if (cause instanceof AppError || !(cause instanceof Error)) throw cause;
    throw badSchema(`${cause.message.slice(0, 200)} References must be inside the schema itself`, cause);
  }
}

interface Judge {
  readonly engine: Engine;
  readonly compiled: CompiledSchema;
  /** Whether a row fits, where the schema is simple: the same answer, in a tenth of the time. */
  readonly simple: ((row: unknown) => boolean) | undefined;
}

interface Portion {
  readonly rows: readonly unknown[];
  /** Number of its first row. */
  readonly first: number;
}

/** In slices, between which the process does what else it has to do. */
async function judge(judged: Judge, portion: Portion, report: Report): Promise<void> {
  const { length } = portion.rows;
  const end = performance.now() + TIME_ALL_MS;
  for (let at = 0; at < length; ) {
    const begun = performance.now();
    if (begun > end) throw TIMEBOX.tooSlow();
    at = timeboxed(() => slice(judged, { ...portion, at, until: begun + SLICE_MS }, report), TIMEBOX);
    if (at < length) await nextTurn();
  }
}

function slice(
  judged: Judge,
  { rows, first, at, until }: Portion & { at: number; until: number },
  report: Report,
): number {
  const { simple } = judged;
  for (let row = at; row < rows.length; row += 1) {
    if (row % ROWS_A_LOOK === 0 && row > at && performance.now() > until) return row;
    const holds = simple === undefined ? fits(judged, rows[row]) : simple(rows[row]);
    if (!holds) report.add(first + row, judged.engine.failuresOf(judged.compiled, rows[row]));
  }
  return rows.length;
}

function fits({ engine, compiled }: Pick<Judge, 'engine' | 'compiled'>, row: unknown): boolean {
  try {
    return engine.fits(compiled, row);
  } catch (cause) {
    if (cause instanceof RangeError) throw badSchema('a reference leads to itself without end', cause);
    throw cause;
  }
}
