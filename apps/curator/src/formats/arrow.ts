// Arrow IPC, as files and as streams, in the engine's process. A file written here is read by what it says of itself, one from
// elsewhere by its types.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, DATASET_BYTES_MAX } from '@labmesh/contracts';
import { engine } from '../engine/engine.js';
import { EngineEnded, EngineError, isOutOfMemory } from '../engine/engine-errors.js';
import type { EngineSession } from '../engine/engine-session.js';
import type { WireType } from '../engine/wire.js';
import { COLUMNS_MAX, type Json, ROWS_MAX, type Row } from '../rows.js';
import { columnsOf, columnType } from '../schemas/columns.js';
import { type Shape, seen } from '../schemas/shape.js';
import { METADATA_KEY, ParquetMetadata } from './parquet-metadata.js';
import type { Leaf } from './parquet-schema.js';
import { ValueReaders } from './parquet-values.js';
import { unreadable } from './text.js';

const ROWS_KEY = `${METADATA_KEY}.rows`;
const TASK = { who: 'formats', limitMs: 15_000 } as const;

interface ArrowHeader {
  readonly names: readonly string[];
  readonly types: readonly (WireType & { readonly utc?: boolean })[];
  /** Columns whose texts are JSON. */
  readonly json: readonly boolean[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** @throws AppError invalid_input for bytes that are no Arrow IPC, unsupported_format for types rows cannot hold, too_large. */
export function readArrow(bytes: Uint8Array): Promise<Row[]> {
  return engine.run(TASK, async (session) => {
    const file = join(session.folder, 'rows.arrow');
    await writeFile(file, bytes, { mode: 0o600 });
    try {
      return await readFileOf(session, file);
    } catch (thrown) {
      throw thrown instanceof AppError ? thrown : refusal(thrown);
    }
  });
}

async function readFileOf(session: EngineSession, file: string): Promise<Row[]> {
  const { names, types, json, metadata, portions } = await session.arrow<ArrowHeader>(file);
  // Without a column, no file says how many rows there are.
  if (names.length === 0)
    return Array.from({ length: Math.min(ROWS_MAX, Number(metadata[ROWS_KEY] ?? 0)) }, () => ({}));
  if (names.length > COLUMNS_MAX)
    throw new AppError('too_large', `Cannot take ${names.length} columns: ${COLUMNS_MAX} is the most.`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw unreadable('arrow', `two columns have the name "${twice.slice(0, 100)}"; rename one`);
  const readers = new ValueReaders('Arrow');
  const own = ownColumns(metadata, names);
  const columns = names.map((name, index) => {
    const type = types[index] ?? { name: 'VARCHAR' };
    const leaves = leavesOf(type, json[index] === true);
    return { ...readers.of({ name, leaves }, type, ''), name, absent: own?.[index]?.absent ?? false };
  });
  const rows: Row[] = [];
  for await (const portion of portions) {
    if (rows.length + portion.length > ROWS_MAX)
      throw new AppError('too_large', `Cannot take more than ${ROWS_MAX} rows: a dataset holds at most as many.`);
    for (const values of portion) {
      const row = rows.length;
      const entries = columns.flatMap(({ name, read, absent }, index): Array<[string, Json]> => {
        const value = values[index] ?? null;
        return value === null && absent ? [] : [[name, read(value, row)]];
      });
      rows.push(Object.fromEntries(entries));
    }
  }
  return rows;
}

/** What the file says of its columns when it was written here. */
function ownColumns(
  metadata: ArrowHeader['metadata'],
  names: readonly string[],
): ParquetMetadata['columns'] | undefined {
  const text = metadata[METADATA_KEY];
  if (text === undefined) return undefined;
  try {
    const { columns } = ParquetMetadata.parse(JSON.parse(text));
    return columns.length === names.length && columns.every(({ name }, index) => name === names[index])
      ? columns
      : undefined;
  } catch {
    return undefined;
  }
}

function leavesOf(type: WireType & { readonly utc?: boolean }, json: boolean): Leaf[] {
  const inner = [type.keyType, type.valueType, ...(type.entryTypes ?? [])].filter((held) => held !== undefined);
  return inner.length > 0 || type.entryTypes !== undefined
    ? inner.flatMap((held) => leavesOf(held, false))
    : [{ utc: type.utc === true, json }];
}

function refusal(thrown: unknown): AppError {
  if (isOutOfMemory(thrown))
    return new AppError('too_large', 'Cannot take Arrow data that needs so much memory to be read. Split it.', {
      cause: thrown,
    });
  if (thrown instanceof EngineEnded) return unreadable('arrow', 'it ends the process that reads it', thrown);
  if (!(thrown instanceof EngineError)) throw thrown;
  const [, column, why] = /^("(?:[^"\\]|\\.)*") Unsupported: (.*)$/.exec(thrown.message) ?? [];
  return column === undefined
    ? unreadable('arrow', thrown.message.split('\n', 1)[0]?.slice(0, 200) ?? 'it is damaged', thrown)
    : new AppError('unsupported_format', `Cannot read the Arrow column ${column.slice(0, 200)}: ${why}.`, {
        cause: thrown,
      });
}

/** @throws AppError too_large when the file would be larger than DATASET_BYTES_MAX. */
export function writeArrow(rows: readonly Row[], shape: Shape): Promise<Buffer> {
  return engine.run(TASK, async (session) => {
    const file = join(session.folder, 'rows.arrow');
    const own = columnsOf(shape);
    const columns = own.map((column) => {
      const field = shape.fields.get(column.name);
      const type = field === undefined || (column.absent && column.nullable) ? undefined : arrowType(field);
      return { name: column.name, type: type ?? { name: 'VARCHAR' }, json: type === undefined };
    });
    const metadata = {
      [ROWS_KEY]: String(rows.length),
      [METADATA_KEY]: JSON.stringify({ version: 1, columns: own } satisfies ParquetMetadata),
    };
    const lists = rows.map((row) =>
      columns.map(({ name, json }) => {
        if (!Object.hasOwn(row, name)) return null;
        return json ? JSON.stringify(row[name]) : (row[name] ?? null);
      }),
    );
    await session.writeArrow({ file, columns, metadata, rows: lists });
    const { size } = await stat(file);
    if (size > DATASET_BYTES_MAX)
      throw new AppError('too_large', `Cannot write ${size} bytes of Arrow: ${DATASET_BYTES_MAX} is the most.`);
    return readFile(file);
  });
}

/** The type that carries a place, or undefined when only JSON text does: as Parquet's (parquet-types.ts), with any names. */
function arrowType(shape: Shape): WireType | undefined {
  if (shape.open) return undefined;
  const scalars = [shape.strings, shape.integers + shape.fractions, shape.booleans].filter((count) => count > 0).length;
  if (shape.objects > 0) return scalars + shape.lists === 0 ? structType(shape) : undefined;
  if (shape.lists > 0) {
    const valueType = shape.items === undefined ? { name: 'VARCHAR' } : arrowType(shape.items);
    return scalars > 0 || valueType === undefined ? undefined : { name: 'LIST', valueType };
  }
  const type = columnType(shape);
  return type === 'json' ? undefined : { name: SCALARS[type] };
}

const SCALARS = { string: 'VARCHAR', integer: 'BIGINT', number: 'DOUBLE', boolean: 'BOOLEAN' } as const;

function structType(shape: Shape): WireType | undefined {
  const fields = [...shape.fields];
  const types = fields.map(([, field]) => (seen(field) === shape.objects ? arrowType(field) : undefined));
  if (fields.length === 0 || types.includes(undefined) || shape.fields.has('')) return undefined;
  return { name: 'STRUCT', entryNames: fields.map(([name]) => name), entryTypes: types as WireType[] };
}
