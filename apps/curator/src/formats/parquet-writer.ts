// Rows to Parquet through DuckDB, with a type for every column. What no type carries without loss goes in as JSON text.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, DATASET_BYTES_MAX } from '@labmesh/contracts';
import { engine } from '../engine/engine.js';
import { type EngineSession, quoteName, quoteText } from '../engine/engine-session.js';
import type { Row } from '../rows.js';
import { type Column, columnsOf } from '../schemas/columns.js';
import type { Shape } from '../schemas/shape.js';
import { METADATA_KEY, type ParquetMetadata } from './parquet-metadata.js';
import { PARQUET_TASK } from './parquet-reader.js';
import { lowerAscii } from './parquet-schema.js';
import { duckType, isWritableName } from './parquet-types.js';

/** Stands in for the columns of rows that have none: Parquet needs one. */
const NO_COLUMN = '_';

/** @throws AppError too_large when the file would be larger than DATASET_BYTES_MAX, unsupported_format for names it cannot have. */
export function writeParquet(rows: readonly Row[], shape: Shape): Promise<Buffer> {
  return engine.run(PARQUET_TASK, async (session) => {
    const target = await writeParquetFile(session, rows, shape);
    const { size } = await stat(target);
    if (size > DATASET_BYTES_MAX)
      throw new AppError('too_large', `Cannot write ${size} bytes of Parquet: ${DATASET_BYTES_MAX} is the most.`);
    return readFile(target);
  });
}

/** Writes them into a file of the session's folder, and answers its path. */
export async function writeParquetFile(session: EngineSession, rows: readonly Row[], shape: Shape): Promise<string> {
  const metadata: ParquetMetadata = { version: 1, columns: columnsOf(shape) };
  const plan = planOf(metadata.columns, shape);
  const lines = rows.map((row) => lineOf(row, plan));
  const [source, target] = [join(session.folder, 'rows.ndjson'), join(session.folder, 'rows.parquet')];
  await writeFile(source, lines.join('\n'), { mode: 0o600 });
  const longest = lines.reduce((most, line) => Math.max(most, Buffer.byteLength(line)), 65_536);
  await session.run(
    `COPY (SELECT ${plan.map(({ physical, select }) => `${select} AS ${quoteName(physical)}`).join(', ')}
        FROM read_json(${quoteText(source)}, format = 'newline_delimited', records = true, maximum_object_size = ${longest + 1024},
          columns = {${plan.map(({ field, type }) => `${quoteText(field)}: ${quoteText(type)}`).join(', ')}}))
      TO ${quoteText(target)} (FORMAT parquet, COMPRESSION zstd,
        KV_METADATA {${METADATA_KEY}: ${quoteText(JSON.stringify(metadata))}})`,
  );
  return target;
}

interface PlannedColumn {
  /** Name inside the file. */
  readonly physical: string;
  /** Name inside the lines that DuckDB reads. */
  readonly field: string;
  readonly type: string;
  readonly select: string;
  /** The column it carries, and whether as JSON text; undefined for the one that stands in for none. */
  readonly carries: { readonly column: Column; readonly asText: boolean } | undefined;
}

function planOf(columns: readonly Column[], shape: Shape): PlannedColumn[] {
  if (columns.length === 0)
    return [{ physical: NO_COLUMN, field: 'c0', type: 'VARCHAR', select: 'c0', carries: undefined }];
  refuseNames(columns.map(({ name }) => name));
  return columns.map((column, index) => {
    const key = { physical: column.name, field: `c${index}` };
    const shapeThere = shape.fields.get(column.name);
    // A null that is not the same as no value needs JSON's own null.
    const type = shapeThere === undefined || (column.absent && column.nullable) ? undefined : duckType(shapeThere);
    return type === undefined
      ? { ...key, type: 'VARCHAR', select: `CAST(${key.field} AS JSON)`, carries: { column, asText: true } }
      : { ...key, type, select: key.field, carries: { column, asText: false } };
  });
}

/** DuckDB would write them under other names. */
function refuseNames(names: readonly string[]): void {
  const taken = new Map<string, string>();
  for (const name of names) {
    const twin = taken.get(lowerAscii(name));
    if (twin !== undefined) throw badName(name, `it differs from "${twin}" in upper and lower case alone`);
    if (!isWritableName(name))
      throw badName(name, name === '' ? 'it has no name' : 'its name holds the character U+0000');
    taken.set(lowerAscii(name), name);
  }
}

const badName = (name: string, why: string): AppError =>
  new AppError(
    'unsupported_format',
    `Cannot write the column "${name.slice(0, 200)}" as Parquet: ${why}. Rename it, or use another format.`,
  );

function lineOf(row: Row, plan: readonly PlannedColumn[]): string {
  const line: Row = {};
  for (const { field, carries } of plan) {
    if (carries === undefined || !Object.hasOwn(row, carries.column.name)) continue;
    const value = row[carries.column.name] ?? null;
    if (value === null && !carries.column.absent) continue;
    line[field] = carries.asText ? JSON.stringify(value) : value;
  }
  return JSON.stringify(line);
}
