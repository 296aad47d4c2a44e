// Parquet to rows through DuckDB. A file written here is read by what it says of itself, one from elsewhere by its types.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { quoteName, quoteText, type Workbench, withDuckDb } from './duckdb.js';
import { parseJson } from './json.js';
import { METADATA_KEY, ParquetMetadata } from './parquet-metadata.js';
import { COLUMNS_MAX, type Json, ROWS_MAX, type Row, WEIGHT_MAX } from './rows.js';
import { unreadable } from './text.js';

/** @throws AppError invalid_input for bytes that are no Parquet, unsupported_format for types rows cannot hold, too_large. */
export function readParquet(bytes: Uint8Array): Promise<Row[]> {
  return withDuckDb(async (bench) => {
    const file = join(bench.folder, 'rows.parquet');
    await writeFile(file, bytes, { mode: 0o600 });
    try {
      return await readFileRows(bench, file);
    } catch (thrown) {
      if (thrown instanceof AppError) throw thrown;
      throw unreadable(
        'parquet',
        thrown instanceof Error ? reason(thrown.message, bench.folder) : 'it is damaged',
        thrown,
      );
    }
  });
}

const reason = (message: string, folder: string): string =>
  (message.split('\n', 1)[0] ?? '').replaceAll(`${folder}/`, '').slice(0, 200);

async function readFileRows({ connection }: Workbench, file: string): Promise<Row[]> {
  const source = quoteText(file);
  const ask = async (sql: string): Promise<unknown[][]> => (await connection.runAndReadAll(sql)).getRows();
  const [counts] = await ask(`SELECT sum(num_rows) FROM parquet_file_metadata(${source})`);
  if (Number(counts?.[0]) > ROWS_MAX)
    throw new AppError('too_large', `Cannot take ${String(counts?.[0])} rows: a dataset holds at most ${ROWS_MAX}.`);
  const described = await ask(`DESCRIBE SELECT * FROM read_parquet(${source})`);
  if (described.length > COLUMNS_MAX)
    throw new AppError('too_large', `Cannot take ${described.length} columns: ${COLUMNS_MAX} is the most.`);
  const [own] = await ask(
    `SELECT decode(value) FROM parquet_kv_metadata(${source}) WHERE decode(key) = ${quoteText(METADATA_KEY)}`,
  );
  const columns = columnsFrom(described, own?.[0]);
  const result = await connection.stream(
    `SELECT ${columns.map(({ select }) => select).join(', ')} FROM read_parquet(${source})`,
  );
  const rows: Row[] = [];
  for (let weight = 0; ; ) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return rows;
    for (const values of chunk.getRows()) {
      weight += values.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 8), 0);
      if (weight > WEIGHT_MAX)
        throw new AppError('too_large', `Cannot take Parquet that unpacks to more than ${WEIGHT_MAX} bytes.`);
      rows.push(rowOf(values, columns));
    }
  }
}

interface StoredColumn {
  readonly name: string;
  readonly select: string;
  readonly as: 'value' | 'json text' | 'marked text';
  readonly absent: boolean;
  /** Stands in for no column at all. */
  readonly hidden: boolean;
}

/** The columns of the file; `own` is what it says of itself when it was written here. */
function columnsFrom(described: readonly unknown[][], own: unknown): StoredColumn[] {
  const known = typeof own === 'string' ? ParquetMetadata.safeParse(jsonOrNothing(own)).data?.columns : undefined;
  const fits = known !== undefined && Math.max(known.length, 1) === described.length;
  return described.map(([physical, type], index) => {
    const column = fits ? known[index] : undefined;
    const name = column?.name ?? String(physical);
    return {
      ...selectOf(String(physical), String(type)),
      name,
      absent: column?.absent ?? false,
      hidden: fits && column === undefined,
    };
  });
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * How a column is asked for: scalars as they are, times as ISO 8601 text, lists and structs as JSON text.
 * Texts get a mark in front, because the driver takes a byte order mark off the front of a text.
 */
function selectOf(physical: string, type: string): Pick<StoredColumn, 'select' | 'as'> {
  const name = quoteName(physical);
  if (type === 'JSON') return { select: `CAST(${name} AS VARCHAR)`, as: 'json text' };
  if (type === 'VARCHAR') return { select: `'=' || ${name}`, as: 'marked text' };
  if (/[\][()]/.test(type) && !type.startsWith('DECIMAL')) {
    if (/BLOB|BIT\b/.test(type))
      throw new AppError(
        'unsupported_format',
        `Cannot read the Parquet column "${physical}": it holds bytes (${type}).`,
      );
    return { select: `CAST(to_json(${name}) AS VARCHAR)`, as: 'json text' };
  }
  if (/^(BOOLEAN|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE)$/.test(type)) return { select: name, as: 'value' };
  if (type.startsWith('DECIMAL')) return { select: `CAST(${name} AS DOUBLE)`, as: 'value' };
  if (type === 'TIMESTAMP WITH TIME ZONE')
    return { select: `strftime(${name} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')`, as: 'value' };
  if (type.startsWith('TIMESTAMP'))
    return { select: `strftime(CAST(${name} AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%f')`, as: 'value' };
  if (/^(DATE|TIME|UUID|ENUM|INTERVAL)/.test(type)) return { select: `CAST(${name} AS VARCHAR)`, as: 'value' };
  throw new AppError('unsupported_format', `Cannot read the Parquet column "${physical}": its type is ${type}.`);
}

function textOf(value: string, as: StoredColumn['as']): Json {
  switch (as) {
    case 'json text':
      return parseJson(value);
    case 'marked text':
      return value.slice(1);
    case 'value':
      return value;
  }
}

/** Big integers stay bigint here: checkRows answers for them. */
function rowOf(values: readonly unknown[], columns: readonly StoredColumn[]): Row {
  const entries: Array<[string, Json]> = [];
  columns.forEach(({ name, as, absent, hidden }, index) => {
    const value = values[index] ?? null;
    if (hidden || (value === null && absent)) return;
    entries.push([name, typeof value === 'string' ? textOf(value, as) : (value as Json)]);
  });
  return Object.fromEntries(entries);
}
