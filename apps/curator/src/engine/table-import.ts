// A file of any size into a table that the engine reads, by way of JSON lines: exact, or refused with row and column. DuckDB reads with the types that the
// beginning has, while every byte is looked at beside it; where the whole file turns out otherwise, it reads again with the right ones.
import { rename } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import type { ReadHints } from '../formats/codec.js';
import { METADATA_KEY } from '../formats/parquet-metadata.js';
import { lowerAscii } from '../formats/parquet-schema.js';
import { isWritableName } from '../formats/parquet-types.js';
import { isNumberText, numberFromText, tooPrecise } from '../numbers.js';
import type { Column } from '../schemas/columns.js';
import { DIALECT, type JsonSchema } from '../schemas/inference.js';
import { type Engine, engine as ownEngine } from './engine.js';
import { EngineEnded, EngineError, isOutOfMemory } from './engine-errors.js';
import type { Told } from './engine-process.js';
import { type EngineSession, quoteName, quoteText } from './engine-session.js';
import { linesOf, type StreamedFormat } from './table-lines.js';
import type { JsonColumn, JsonShape } from './wire.js';

export interface TableImport {
  /** May be of any size. */
  readonly file: string;
  /** Left out: JSON lines. */
  readonly format?: StreamedFormat;
  /** How the cells of CSV and TSV are to be read: as they were before, or as a schema has them. */
  readonly hints?: ReadHints;
  /** Where the table will be: Parquet, written whole or not at all. */
  readonly target: string;
  readonly who: string;
  readonly signal?: AbortSignal;
  readonly progress?: (told: Told) => void;
  readonly limitMs?: number;
}

export interface Imported {
  readonly rows: number;
  readonly columns: readonly Column[];
  readonly schema: JsonSchema;
  /** Of CSV and TSV: how the cells were read. */
  readonly cells?: readonly Column[];
}

const LOOK_BYTES = 1024 * 1024;
/**
 * Each takes memory of its own. The look at the bytes beside them takes a third of what they do, so no core is kept for it. Where
 * cells become lines first, that takes ten times as long as the rest and leaves memory behind: one is enough.
 */
const THREADS = Math.min(4, availableParallelism());
const CELLS_THREADS = 1;
const LIMIT_MS = 30 * 60_000;
/** What DuckDB may take: with its process, the whole stays below 512 MB. */
const MEMORY = '256MB';
/** Groups of half as many rows as DuckDB would have them: threads hold less, and the last of them ends sooner. */
const WRITTEN = 'FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440';
/** Whole numbers of so many digits fit 64 bits. */
const BIGINT_DIGITS = 18;

/** @throws AppError invalid_input with row and column, unsupported_format for names that no table can have, too_large for too much memory. */
export async function importTable(wanted: TableImport, engine: Engine = ownEngine): Promise<Imported> {
  const { file, format, who, signal, limitMs = LIMIT_MS } = wanted;
  const threads = format === 'csv' || format === 'tsv' ? CELLS_THREADS : THREADS;
  const task = { who, limitMs, signal, files: [file], memory: MEMORY, threads };
  return engine.run(task, async (session) => {
    try {
      return await importIn(session, wanted);
    } catch (thrown) {
      throw saidOf(thrown);
    }
  });
}

async function importIn(session: EngineSession, wanted: TableImport): Promise<Imported> {
  const { target, progress } = wanted;
  const { file, cells } = await linesOf(session, wanted);
  const written = join(session.folder, 'table.parquet');
  const guess = planOf(await session.look(file, LOOK_BYTES));
  const first = guess.columns.length === 0 ? undefined : copySql(file, written, guess);
  const shape = await session.scanBeside(file, first, progress);
  refuseRounding(shape);
  const plan = planOf(shape);
  if (plan.columns.length === 0) throw refused('it has no column');
  const held = first !== undefined && shape.problem === undefined && sameTypes(guess, plan);
  if (shape.problem !== undefined && sameTypes(guess, plan)) throw new EngineError(shape.problem);
  // What the file says of its columns is known only now, so a first reading that was right is written again with it, which is quick.
  if (!held) await session.run(copySql(file, written, plan));
  const final = held && !sameColumns(guess, plan) ? await withMetadata(session, written, plan) : written;
  await rename(final, target);
  return { rows: shape.rows, columns: plan.columns.map(({ column }) => column), schema: schemaOf(shape), ...cells };
}

interface Planned {
  readonly column: Column;
  readonly type: string;
}

interface Plan {
  readonly columns: readonly Planned[];
  readonly longest: number;
}

function planOf({ columns, rows, longest, suspects }: JsonShape): Plan {
  const long = new Set(
    suspects.flatMap(({ column, text, integer }) => (integer && text.length > BIGINT_DIGITS ? [column] : [])),
  );
  return {
    longest,
    columns: columns.map((held) => {
      const type = typeOf(held);
      const column: Column = { name: held.name, type, absent: held.seen < rows, nullable: held.nulls > 0 };
      // A null that is not the same as no value needs JSON's own null.
      const both = column.absent && column.nullable;
      return { column, type: both || long.has(held.name) ? 'JSON' : SQL_TYPES[type] };
    }),
  };
}

const SQL_TYPES = { string: 'VARCHAR', integer: 'BIGINT', number: 'DOUBLE', boolean: 'BOOLEAN', json: 'JSON' } as const;

function typeOf({ strings, integers, fractions, booleans, nested }: JsonColumn): Column['type'] {
  const numbers = integers + fractions;
  const kinds = [strings, numbers, booleans, nested].filter((count) => count > 0).length;
  if (kinds > 1 || nested > 0) return 'json';
  if (numbers > 0) return fractions > 0 ? 'number' : 'integer';
  return booleans > 0 ? 'boolean' : 'string';
}

/** Numbers that would be another one. Whole numbers of 18 digits are kept where the column has no others. */
function refuseRounding({ suspects, columns }: JsonShape): void {
  const whole = new Set(columns.flatMap((column) => (typeOf(column) === 'integer' ? [column.name] : [])));
  for (const { row, column, text, integer } of suspects) {
    if (numberFromText(text) !== undefined || (integer && whole.has(column) && text.length <= BIGINT_DIGITS)) continue;
    const why = isNumberText(text) ? tooPrecise(text) : `${text.slice(0, 40)} is no number`;
    throw refused(`row ${row}, column "${column.slice(0, 100)}": ${why}`);
  }
}

const refused = (why: string): AppError => new AppError('invalid_input', `Cannot import the data: ${why}.`);

const sameTypes = (one: Plan, other: Plan): boolean =>
  one.columns.length === other.columns.length &&
  one.longest >= 0 &&
  one.columns.every(
    ({ column, type }, index) =>
      other.columns[index]?.type === type && other.columns[index]?.column.name === column.name,
  );

const sameColumns = (one: Plan, other: Plan): boolean => JSON.stringify(one.columns) === JSON.stringify(other.columns);

function copySql(file: string, target: string, plan: Plan): string {
  refuseNames(plan);
  const objects = plan.columns.some(({ column }) => column.absent && column.nullable);
  const from = objects ? objectsSql(file, plan) : columnsSql(file, plan);
  return `COPY (${from}) TO ${quoteText(target)} (${WRITTEN}, KV_METADATA {${METADATA_KEY}: ${quoteText(metadataOf(plan))}})`;
}

const metadataOf = ({ columns }: Plan): string =>
  JSON.stringify({ version: 1, columns: columns.map(({ column }) => column) });

/** Longest line that DuckDB takes: it refuses longer ones. */
const LINE_BYTES = 16 * 1024 * 1024;

const columnsSql = (file: string, { columns }: Plan): string =>
  `SELECT * FROM read_json(${quoteText(file)}, format = 'newline_delimited', records = true, maximum_object_size = ${LINE_BYTES},
    columns = {${columns.map(({ column, type }) => `${quoteText(column.name)}: ${quoteText(type)}`).join(', ')}})`;

/** Slower: each value is looked up in its object, which tells null from nothing. */
const objectsSql = (file: string, { columns }: Plan): string =>
  `SELECT ${columns
    .map(({ column: { name }, type }) => {
      // A pointer: of the other kind of path, an asterisk is every column.
      const path = quoteText(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
      const value =
        type === 'JSON' ? `json_extract(json, ${path})` : `CAST(json_extract_string(json, ${path}) AS ${type})`;
      return `${value} AS ${quoteName(name)}`;
    })
    .join(', ')} FROM read_ndjson_objects(${quoteText(file)}, maximum_object_size = ${LINE_BYTES})`;

async function withMetadata(session: EngineSession, from: string, plan: Plan): Promise<string> {
  const target = join(session.folder, 'described.parquet');
  await session.run(
    `COPY (SELECT * FROM read_parquet(${quoteText(from)})) TO ${quoteText(target)}
      (${WRITTEN}, KV_METADATA {${METADATA_KEY}: ${quoteText(metadataOf(plan))}})`,
  );
  return target;
}

function refuseNames({ columns }: Plan): void {
  const taken = new Map<string, string>();
  for (const { column } of columns) {
    const twin = taken.get(lowerAscii(column.name));
    const shown = column.name.slice(0, 100);
    if (!isWritableName(column.name) || twin !== undefined)
      throw new AppError(
        'unsupported_format',
        `Cannot import the column "${shown}": ${twin === undefined ? 'no table can have a column of that name' : `it differs from "${twin.slice(0, 100)}" in upper and lower case alone`}. Rename it.`,
      );
    taken.set(lowerAscii(column.name), column.name);
  }
}

function schemaOf({ columns, rows }: JsonShape): JsonSchema {
  const properties = columns.map(({ name, strings, integers, fractions, booleans, nulls, nested, lists }) => {
    const types = [
      ...(strings > 0 ? ['string'] : []),
      ...(fractions > 0 ? ['number'] : integers > 0 ? ['integer'] : []),
      ...(booleans > 0 ? ['boolean'] : []),
      ...(nested > lists ? ['object'] : []),
      ...(lists > 0 ? ['array'] : []),
      ...(nulls > 0 ? ['null'] : []),
    ];
    return [name, types.length === 0 ? {} : { type: types.length === 1 ? types[0] : types }];
  });
  const required = columns.filter(({ seen }) => seen === rows).map(({ name }) => name);
  return { $schema: DIALECT, type: 'object', properties: Object.fromEntries(properties), required };
}

function saidOf(thrown: unknown): unknown {
  if (isOutOfMemory(thrown))
    return new AppError('too_large', 'Cannot import the data: it takes more memory than there is for it.', {
      cause: thrown,
    });
  if (thrown instanceof EngineEnded)
    return thrown.reason === 'crashed' ? refused('it ends the process that reads it') : thrown;
  if (!(thrown instanceof EngineError)) return thrown;
  const [said = ''] = thrown.message.split('\n', 1);
  const [, line, why] = MALFORMED.exec(said) ?? [];
  if (line !== undefined && why !== undefined) return refused(`row ${Number(line) - 2} is no JSON object: ${why}`);
  return refused(
    said
      .replace(/^[\w ]*Error: /, '')
      .replace(/"\/[^"]*"/, 'the file')
      .slice(0, 300),
  );
}

/** DuckDB counts lines that are rows, from two on. */
const MALFORMED = /^[\w ]*Error: Malformed JSON in file .*, at byte \d+ in line (\d+): ([^.]*)/;
