// The formats behind one door: bytes to checked rows, rows to bytes. Whoever reads and writes datasets needs only this.

import { AppError, DATASET_BYTES_MAX } from '@labmesh/contracts';
import { type CheckedRows, checkRows, type Row } from '../rows.js';
import { type Column, columnsOf } from '../schemas/columns.js';
import type { JsonSchema } from '../schemas/inference.js';
import { shapeOf } from '../schemas/shape.js';
import { readArrow, writeArrow } from './arrow.js';
import { readCsvTable, rowsOfTable, writeCsv } from './csv.js';
import { guessColumns } from './csv-cells.js';
import { readJson, readNdjson, writeJson, writeNdjson } from './json.js';
import { readMetrics } from './metrics-reader.js';
import { writeMetrics } from './metrics-writer.js';
import { readParquet } from './parquet-reader.js';
import { writeParquet } from './parquet-writer.js';
import type { DataFormat } from './text.js';
import { readYaml, writeYaml } from './yaml.js';

export interface ReadHints {
  /** How the cells of a CSV were read or written before. */
  readonly columns?: readonly Column[] | undefined;
  /** What a CSV from elsewhere should hold. */
  readonly schema?: JsonSchema | undefined;
}

export interface Read extends CheckedRows {
  /** Only for CSV: how its cells were read, so that the next reading is the same. */
  readonly columns?: readonly Column[];
}

/** @throws AppError invalid_input, unsupported_format or too_large, saying what is wrong and where. */
export async function readRows(format: DataFormat, bytes: Uint8Array, hints: ReadHints = {}): Promise<Read> {
  switch (format) {
    case 'json':
      return checkRows(readJson(bytes));
    case 'yaml':
      return checkRows(await readYaml(bytes));
    case 'parquet':
      return checkRows(await readParquet(bytes));
    case 'ndjson':
      return checkRows(readNdjson(bytes));
    case 'arrow':
      return checkRows(await readArrow(bytes));
    case 'prometheus':
    case 'openmetrics':
      return checkRows(readMetrics(bytes, format));
    case 'csv':
    case 'tsv': {
      const table = readCsvTable(bytes, format);
      const columns = hints.columns ?? guessColumns(table, hints.schema);
      return { ...checkRows(rowsOfTable(table, columns)), columns };
    }
  }
}

export interface Written {
  readonly bytes: Buffer;
  readonly columns?: readonly Column[];
}

/** @throws AppError too_large above DATASET_BYTES_MAX. */
export async function writeRows(format: DataFormat, rows: readonly Row[]): Promise<Written> {
  const written = await write(format, rows);
  if (written.bytes.length > DATASET_BYTES_MAX) {
    throw new AppError(
      'too_large',
      `Cannot write ${written.bytes.length} bytes of ${format}: a dataset holds at most ${DATASET_BYTES_MAX}.`,
    );
  }
  return written;
}

async function write(format: DataFormat, rows: readonly Row[]): Promise<Written> {
  switch (format) {
    case 'json':
      return { bytes: writeJson(rows) };
    case 'yaml':
      return { bytes: await writeYaml(rows) };
    case 'parquet':
      return { bytes: await writeParquet(rows, shapeOf(rows)) };
    case 'ndjson':
      return { bytes: writeNdjson(rows) };
    case 'arrow':
      return { bytes: await writeArrow(rows, shapeOf(rows)) };
    case 'prometheus':
    case 'openmetrics':
      return { bytes: writeMetrics(rows, format) };
    case 'csv':
    case 'tsv': {
      const columns = columnsOf(shapeOf(rows));
      return { bytes: writeCsv(rows, columns, format), columns };
    }
  }
}
