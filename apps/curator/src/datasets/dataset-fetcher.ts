// Rows of a dataset page by page, or its content, for a caller: of any size, and never more in memory than the page.
import {
  AppError,
  type Call,
  type curator,
  DATASET_BYTES_MAX,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { DatasetPortions } from '../engine/dataset-portions.js';
import { DatasetTables } from '../engine/dataset-tables.js';
import { ENGINE, type Engine } from '../engine/engine.js';
import { gathered, readTable } from '../engine/table-rows.js';
import { noColumn } from '../formats/parquet-reader.js';
import type { Json, Row } from '../rows.js';
import { type DatasetRecord, isLarge, summaryOf } from './dataset.js';
import { DatasetReader } from './dataset-reader.js';

type Fetch = (typeof curator.tools)['fetch_dataset'];
type Input = ToolInput<Fetch>;
type Fetched = ToolOutput<Fetch>;

/** What is read of which dataset. */
interface ReadSlice {
  readonly datasetId: string;
  /** Left out: every row. */
  readonly isOf?: (row: Row) => boolean;
  readonly range?: Fetched['range'];
}

interface Page {
  readonly rows: Row[];
  /** Whether rows follow it. */
  readonly more: boolean;
}

const PAGE_MS = 15_000;

@Injectable()
export class DatasetFetcher {
  constructor(
    @Inject(DatasetReader) private readonly reader: DatasetReader,
    @Inject(DatasetPortions) private readonly portions: DatasetPortions,
    @Inject(DatasetTables) private readonly tables: DatasetTables,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  async fetch(input: Input, call: Call, { datasetId, isOf, range }: ReadSlice = input): Promise<Fetched> {
    const record = await this.reader.find(datasetId, call, input.version);
    const face = { dataset: summaryOf(record), schema: record.rowSchema, ...(range === undefined ? {} : { range }) };
    if (input.as === 'content') {
      if (input.columns !== undefined) throw noColumnsOfContent();
      return { ...face, ...(await this.reader.contentOrLink(record, input.inline)) };
    }
    const { rows, more } = await this.page(record, input, call, isOf);
    refuseHeavy(rows);
    return { ...face, rows, ...(more ? { nextOffset: input.offset + input.limit } : {}) };
  }

  private async page(record: DatasetRecord, input: Input, call: Call, isOf?: (row: Row) => boolean): Promise<Page> {
    const end = input.offset + input.limit;
    if (!isLarge(record)) {
      const all = await this.reader.rowsOf(record);
      const rows = isOf === undefined ? all : all.filter(isOf);
      return { rows: columnsOf(rows.slice(input.offset, end), input.columns, all), more: end < rows.length };
    }
    if (isOf === undefined) return { rows: await this.slice(record, input, call), more: end < record.rowCount };
    const { rows, more } = await this.matching(record, input, call, isOf);
    return { rows: columnsOf(rows, input.columns, rows), more };
  }

  /** From the table: only this part of it is read. */
  private slice(record: DatasetRecord, { offset, limit, columns }: Input, { principal, signal }: Call): Promise<Row[]> {
    return this.tables.using([record], ([table = '']) => {
      const reading = { table, who: principal.walletId, signal, limitMs: PAGE_MS, offset, limit, columns };
      return readTable(reading, gathered, this.engine);
    });
  }

  /** From the table, row by row until the page is full. */
  private matching(record: DatasetRecord, input: Input, call: Call, isOf: (row: Row) => boolean): Promise<Page> {
    const { offset, limit } = input;
    return this.portions.each(record, call, async (portions) => {
      const rows: Row[] = [];
      let before = 0;
      for await (const portion of portions) {
        for (const row of portion.filter(isOf)) {
          if (rows.length === limit) return { rows, more: true };
          if (before < offset) before += 1;
          else rows.push(row);
        }
      }
      return { rows, more: false };
    });
  }
}

/** The columns that are wanted, in their own order. @throws AppError invalid_input for one that no row has */
function columnsOf(page: Row[], wanted: readonly string[] | undefined, all: readonly Row[]): Row[] {
  if (wanted === undefined) return page;
  const missing = wanted.find((name) => all.length > 0 && !all.some((row) => Object.hasOwn(row, name)));
  if (missing !== undefined) throw noColumn(missing, [...new Set(all.flatMap((row) => Object.keys(row)))]);
  const kept = new Set(wanted);
  return page.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => kept.has(name))));
}

const noColumnsOfContent = (): AppError =>
  new AppError('invalid_input', 'Cannot leave columns out of content: it is as it is stored. Ask for rows.');

/** Bytes of JSON that a UTF-16 unit takes at most, escaped; and a number, with the comma. */
const UNIT_BYTES_MAX = 6;
const NUMBER_BYTES_MAX = 26;

/** More than the value takes as JSON, without writing it. */
function bytesAtMost(value: Json): number {
  if (typeof value === 'string') return UNIT_BYTES_MAX * value.length + 3;
  if (typeof value !== 'object' || value === null) return NUMBER_BYTES_MAX;
  let bytes = 3;
  if (Array.isArray(value)) for (const item of value) bytes += bytesAtMost(item);
  else for (const key in value) bytes += UNIT_BYTES_MAX * key.length + 3 + bytesAtMost(value[key] ?? null);
  return bytes;
}

function refuseHeavy(page: readonly Row[]): void {
  if (bytesAtMost(page as Row[]) <= DATASET_BYTES_MAX) return;
  let bytes = 0;
  for (const [index, row] of page.entries()) {
    bytes += Buffer.byteLength(JSON.stringify(row));
    if (bytes > DATASET_BYTES_MAX) {
      throw new AppError(
        'too_large',
        `Cannot answer ${page.length} rows at once: they are larger than ${DATASET_BYTES_MAX} bytes. Ask for at most ${index} (limit).`,
      );
    }
  }
}
