// A table of any size as text, by the portion: the same bytes that writing its rows whole gives, with flat memory.
import { once } from 'node:events';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { AppError } from '@labmesh/contracts';
import { writeCsv, writeCsvRecords } from '../formats/csv.js';
import { ParquetFile } from '../formats/parquet-reader.js';
import type { DataFormat } from '../formats/text.js';
import type { Row } from '../rows.js';
import type { Column } from '../schemas/columns.js';
import { type Engine, engine as ownEngine } from './engine.js';
import { EngineError } from './engine-errors.js';

export interface TableExport {
  /** A Parquet file. */
  readonly table: string;
  readonly format: DataFormat;
  /** Is not ended here. */
  readonly out: Writable;
  readonly who: string;
  readonly signal?: AbortSignal;
  readonly limitMs?: number;
}

const LIMIT_MS = 30 * 60_000;

/**
 * Answers how many rows were written, and for CSV and TSV how the cells are to be read.
 * @throws AppError invalid_input with column and row for a value that rows cannot hold, unsupported_format.
 */
export async function exportTable(
  wanted: TableExport,
  engine: Engine = ownEngine,
): Promise<{ readonly rows: number; readonly columns?: readonly Column[] }> {
  const { table, format, out, who, signal, limitMs = LIMIT_MS } = wanted;
  const gone = new AbortController();
  out.once('close', () => gone.abort());
  return engine.run({ who, limitMs, signal, files: [table] }, async (session) => {
    try {
      const { columns, portions } = await new ParquetFile(session).table(table);
      const writer = writerOf(format, columns);
      await send(out, writer.begin, gone.signal);
      let rows = 0;
      for await (const portion of portions) {
        await send(out, writer.portion(portion, rows === 0), gone.signal);
        rows += portion.length;
      }
      await send(out, writer.end(rows), gone.signal);
      return { rows, ...(writer.columns === undefined ? {} : { columns: writer.columns }) };
    } catch (thrown) {
      if (!(thrown instanceof EngineError)) throw thrown;
      throw new AppError(
        'invalid_input',
        `Cannot export the table: ${thrown.message.split('\n', 1)[0]?.replaceAll(table, 'the file').slice(0, 200)}.`,
        { cause: thrown },
      );
    }
  });
}

/** The same into whatever takes a stream, such as the place for bytes. @throws AppError as `exportTable`; what `put` throws */
export async function exportInto<T>(
  put: (content: Readable) => Promise<T>,
  wanted: Omit<TableExport, 'out'>,
  engine: Engine = ownEngine,
): Promise<{ readonly put: T; readonly columns: readonly Column[] | null }> {
  const out = new PassThrough();
  const writing = exportTable({ ...wanted, out }, engine).then(
    (told) => {
      out.end();
      return told;
    },
    (thrown: unknown) => {
      out.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
      throw thrown;
    },
  );
  const [told, kept] = await Promise.all([writing, put(out)]);
  return { put: kept, columns: told.columns ?? null };
}

/** Waits for whoever reads, but not for one that is gone. */
async function send(out: Writable, bytes: string | Buffer, gone: AbortSignal): Promise<void> {
  gone.throwIfAborted();
  if (bytes.length > 0 && !out.write(bytes)) await once(out, 'drain', { signal: gone });
}

interface TableWriter {
  readonly begin: string | Buffer;
  readonly portion: (rows: readonly Row[], first: boolean) => string | Buffer;
  readonly end: (rows: number) => string;
  readonly columns?: readonly Column[];
}

function writerOf(format: DataFormat, own: readonly Column[] | undefined): TableWriter {
  switch (format) {
    case 'ndjson':
      return { begin: '', portion: (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''), end: () => '' };
    case 'json':
      return {
        begin: '',
        portion: (rows, first) => `${first ? '[\n' : ',\n'}${rows.map((row) => JSON.stringify(row)).join(',\n')}`,
        end: (rows) => (rows === 0 ? '[]\n' : '\n]\n'),
      };
    case 'csv':
    case 'tsv': {
      if (own === undefined)
        throw new AppError(
          'unsupported_format',
          `Cannot export this table as ${format}: it does not say what its columns hold. Use ndjson.`,
        );
      return {
        begin: writeCsv([], own, format),
        portion: (rows) => writeCsvRecords(rows, own, format),
        end: () => '',
        columns: own,
      };
    }
    default:
      throw new AppError(
        'unsupported_format',
        `Cannot export a table as ${format} by the portion. Use ndjson, json, csv or tsv.`,
      );
  }
}
