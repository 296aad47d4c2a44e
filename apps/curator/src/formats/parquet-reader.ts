// Parquet to rows through DuckDB. A file written here is read by what it says of itself, one from elsewhere by its types.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { engine } from '../engine/engine.js';
import { EngineEnded, EngineError, isOutOfMemory } from '../engine/engine-errors.js';
import { type EngineSession, quoteName, quoteText } from '../engine/engine-session.js';
import type { WireRow } from '../engine/wire.js';
import { COLUMNS_MAX, type Json, ROWS_MAX, type Row } from '../rows.js';
import type { Column } from '../schemas/columns.js';
import { METADATA_KEY, ParquetMetadata } from './parquet-metadata.js';
import { badColumn, ELEMENT_FIELDS, type FileColumn, fileColumns, inLocalTime } from './parquet-schema.js';
import { type ColumnReader, ValueReaders } from './parquet-values.js';
import { unreadable } from './text.js';

/** @throws AppError invalid_input for bytes that are no Parquet, unsupported_format for types rows cannot hold, too_large. */
export function readParquet(bytes: Uint8Array): Promise<Row[]> {
  return engine.run(PARQUET_TASK, async (session) => {
    try {
      return await new ParquetFile(session).rows(bytes);
    } catch (thrown) {
      throw thrown instanceof AppError ? thrown : refusal(thrown, session.folder);
    }
  });
}

/** How the engine reads and writes one file of the size that a dataset may have. */
export const PARQUET_TASK = { who: 'formats', limitMs: 60_000 } as const;

function refusal(thrown: unknown, folder: string): AppError {
  if (isOutOfMemory(thrown))
    return new AppError('too_large', 'Cannot take Parquet that needs so much memory to be read. Split it.', {
      cause: thrown,
    });
  if (thrown instanceof EngineEnded) return unreadable('parquet', 'it ends the process that reads it', thrown);
  return unreadable('parquet', reason(thrown, folder), thrown);
}

/** What DuckDB says, in one short line that names no path. */
const reason = (thrown: unknown, folder: string): string =>
  thrown instanceof Error
    ? (thrown.message.split('\n', 1)[0] ?? '').replaceAll(`${folder}/`, '').slice(0, 200)
    : 'it is damaged';

/** A part of a file's rows. */
export interface Slice {
  /** Rows to pass over. */
  readonly offset?: number;
  readonly limit?: number;
  /** Only these, by name. */
  readonly columns?: readonly string[] | undefined;
}

export const noColumn = (name: string, known: readonly string[]): AppError =>
  new AppError(
    'invalid_input',
    `Cannot read the column "${name.slice(0, 100)}": there is none of that name, only ${known.join(', ').slice(0, 1_000)}.`,
  );

interface StoredColumn extends ColumnReader {
  readonly name: string;
  readonly absent: boolean;
  /** Stands in for no column at all. */
  readonly hidden: boolean;
}

export class ParquetFile {
  /** SQL text of its path. */
  private source = '';

  constructor(private readonly session: EngineSession) {}

  async rows(bytes: Uint8Array): Promise<Row[]> {
    await this.place('rows.parquet', bytes);
    await this.refuseMany();
    const found = fileColumns(await this.ask(`SELECT ${ELEMENT_FIELDS} FROM parquet_schema(${this.source})`));
    if (found.some(({ leaves }) => leaves.some(({ utc }) => utc))) {
      const local = inLocalTime(bytes, found);
      if (local === undefined) throw unreadable('parquet', 'its times are in nanoseconds; write them in microseconds');
      await this.place('local.parquet', local);
    }
    const columns = await this.columns(found);
    try {
      return await this.read(columns);
    } catch (thrown) {
      if (!(thrown instanceof EngineError) || isOutOfMemory(thrown)) throw thrown;
      throw await this.blame(columns, thrown);
    }
  }

  /** What DuckDB threw, with the name of the first column that makes it throw. */
  private async blame(columns: readonly StoredColumn[], thrown: unknown): Promise<unknown> {
    for (const { name, select } of columns) {
      try {
        // Of a hash, or DuckDB would not look at the values.
        await this.ask(`SELECT max(hash(${select})) FROM read_parquet(${this.source})`);
      } catch (cause) {
        return badColumn(name, reason(cause, this.session.folder), { code: 'invalid_input' });
      }
    }
    return thrown;
  }

  /** Each content has a name of its own: DuckDB remembers what it read. */
  private async place(name: string, bytes: Uint8Array): Promise<void> {
    const path = join(this.session.folder, name);
    await writeFile(path, bytes, { mode: 0o600 });
    this.source = quoteText(path);
  }

  private ask(sql: string): Promise<WireRow[]> {
    return this.session.all(sql);
  }

  private async refuseMany(): Promise<void> {
    const [counts] = await this.ask(`SELECT sum(num_rows) FROM parquet_file_metadata(${this.source})`);
    if (Number(counts?.[0]) > ROWS_MAX)
      throw new AppError('too_large', `Cannot take ${String(counts?.[0])} rows: a dataset holds at most ${ROWS_MAX}.`);
  }

  private async columns(found: readonly FileColumn[], weightMax?: number): Promise<StoredColumn[]> {
    const { names, types } = await this.session.stream(`SELECT * FROM read_parquet(${this.source}) LIMIT 0`);
    if (names.length > COLUMNS_MAX)
      throw new AppError('too_large', `Cannot take ${names.length} columns: ${COLUMNS_MAX} is the most.`);
    const own = await this.ownColumns();
    const known = own !== undefined && Math.max(own.length, 1) === names.length ? own : undefined;
    const readers = new ValueReaders('Parquet', weightMax);
    return found.map((column, index) => {
      const type = types[index];
      if (type === undefined) throw unreadable('parquet', 'its schema is damaged');
      return {
        ...readers.of(column, type, quoteName(names[index] ?? column.name)),
        name: known?.[index]?.name ?? column.name,
        absent: known?.[index]?.absent ?? false,
        hidden: known !== undefined && known[index] === undefined,
      };
    });
  }

  /** What the file says of its columns when it was written here. */
  private async ownColumns(): Promise<ParquetMetadata['columns'] | undefined> {
    const [own] = await this.ask(
      `SELECT decode(value) FROM parquet_kv_metadata(${this.source}) WHERE decode(key) = ${quoteText(METADATA_KEY)}`,
    );
    return typeof own?.[0] === 'string' ? ParquetMetadata.safeParse(jsonOrNothing(own[0])).data?.columns : undefined;
  }

  private async read(columns: readonly StoredColumn[]): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const portion of this.portions(columns)) rows.push(...portion);
    return rows;
  }

  private async *portions(columns: readonly StoredColumn[], slice: Slice = {}): AsyncGenerator<Row[], void, void> {
    const { offset = 0, limit } = slice;
    const selected = columns.map(({ select }) => select).join(', ');
    const part = `${limit === undefined ? '' : ` LIMIT ${limit}`}${offset === 0 ? '' : ` OFFSET ${offset}`}`;
    const { portions } = await this.session.stream(`SELECT ${selected} FROM read_parquet(${this.source})${part}`);
    let row = offset;
    for await (const portion of portions) {
      const first = row;
      row += portion.length;
      yield portion.map((values, index) => rowOf(values, columns, first + index));
    }
  }

  /** The rows of a file that is there already, of any size, by the portion; and what the file says of its columns. */
  async table(
    file: string,
    slice: Slice = {},
  ): Promise<{ readonly columns: readonly Column[] | undefined; readonly portions: AsyncIterable<Row[]> }> {
    this.source = quoteText(file);
    const found = fileColumns(await this.ask(`SELECT ${ELEMENT_FIELDS} FROM parquet_schema(${this.source})`));
    if (found.some(({ leaves }) => leaves.some(({ utc }) => utc)))
      throw unreadable('parquet', 'its times are in nanoseconds and UTC; write them in microseconds');
    const columns = await this.columns(found, Number.POSITIVE_INFINITY);
    const wanted = slice.columns === undefined ? columns : columns.filter(({ name }) => slice.columns?.includes(name));
    const missing = slice.columns?.find((name) => !columns.some((column) => column.name === name));
    if (missing !== undefined)
      throw noColumn(
        missing,
        columns.map(({ name }) => name),
      );
    return { columns: await this.ownColumns(), portions: this.portions(wanted, slice) };
  }
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function rowOf(values: WireRow, columns: readonly StoredColumn[], row: number): Row {
  const entries: Array<[string, Json]> = [];
  columns.forEach(({ name, read, absent, hidden }, index) => {
    const value = values[index] ?? null;
    if (!hidden && (value !== null || !absent)) entries.push([name, read(value, row)]);
  });
  return Object.fromEntries(entries);
}
