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
import { DatasetTables } from '../engine/dataset-tables.js';
import { ENGINE, type Engine } from '../engine/engine.js';
import { gathered, readTable } from '../engine/table-rows.js';
import { noColumn } from '../formats/parquet-reader.js';
import type { Row } from '../rows.js';
import { type DatasetRecord, isLarge, summaryOf } from './dataset.js';
import { DatasetReader } from './dataset-reader.js';

type Fetch = (typeof curator.tools)['fetch_dataset'];
type Input = ToolInput<Fetch>;

const PAGE_MS = 15_000;

@Injectable()
export class DatasetFetcher {
  constructor(
    @Inject(DatasetReader) private readonly reader: DatasetReader,
    @Inject(DatasetTables) private readonly tables: DatasetTables,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  async fetch(input: Input, call: Call): Promise<ToolOutput<Fetch>> {
    const record = await this.reader.find(input.datasetId, call, input.version);
    const face = { dataset: summaryOf(record), schema: record.rowSchema };
    if (input.as === 'content') return { ...face, ...(await this.reader.contentOrLink(record, input.inline)) };
    const end = input.offset + input.limit;
    const rows = isLarge(record) ? await this.slice(record, input, call) : await this.page(record, input);
    refuseHeavy(rows);
    return { ...face, rows, ...(end < record.rowCount ? { nextOffset: end } : {}) };
  }

  private async page(record: DatasetRecord, { offset, limit, columns }: Input): Promise<Row[]> {
    const rows = await this.reader.rowsOf(record);
    const page = rows.slice(offset, offset + limit);
    if (columns === undefined) return page;
    const missing = columns.find((name) => rows.length > 0 && !rows.some((row) => Object.hasOwn(row, name)));
    if (missing !== undefined) throw noColumn(missing);
    return page.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => columns.includes(name))));
  }

  /** From the table: only this part of it is read. */
  private slice(record: DatasetRecord, { offset, limit, columns }: Input, { principal, signal }: Call): Promise<Row[]> {
    return this.tables.using([record], ([table = '']) => {
      const reading = { table, who: principal.walletId, signal, limitMs: PAGE_MS, offset, limit, columns };
      return readTable(reading, gathered, this.engine);
    });
  }
}

/** A UTF-16 unit takes at most three bytes of UTF-8: shorter pages need no look at each row. */
const SURELY_FITS = DATASET_BYTES_MAX / 3;

function refuseHeavy(page: readonly Row[]): void {
  if (JSON.stringify(page).length <= SURELY_FITS) return;
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
