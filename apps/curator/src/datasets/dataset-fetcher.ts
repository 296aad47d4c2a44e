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

interface Selection {
  readonly isOf: (row: Row) => boolean;
}

/** What is read of which dataset; without `isOf` every row. */
interface ReadSlice extends Partial<Selection> {
  readonly datasetId: string;
  readonly range?: ToolOutput<Fetch>['range'];
}

interface Page {
  readonly rows: Row[];
  readonly more: boolean;
}

const PAGE_MS = 15_000;

@Injectable()
export class DatasetFetcher {
  constructor(
    @Inject(DatasetReader) private readonly reader: DatasetReader,
    @Inject(DatasetTables) private readonly tables: DatasetTables,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  async fetch(input: Input, call: Call, of: ReadSlice = input): Promise<ToolOutput<Fetch>> {
    const record = await this.reader.find(of.datasetId, call, input.version);
    const { range, isOf } = of;
    const face = { dataset: summaryOf(record), schema: record.rowSchema, ...(range === undefined ? {} : { range }) };
    if (input.as === 'content') return { ...face, ...(await this.reader.contentOrLink(record, input.inline)) };
    const end = input.offset + input.limit;
    const { rows, more } =
      isOf === undefined
        ? { rows: await this.part(record, input, call), more: end < record.rowCount }
        : await this.selected(record, { ...input, isOf }, call);
    refuseHeavy(rows);
    return { ...face, rows, ...(more ? { nextOffset: end } : {}) };
  }

  private part(record: DatasetRecord, input: Input, call: Call): Promise<Row[]> {
    return isLarge(record) ? this.slice(record, input, call) : this.page(record, input);
  }

  private async page(record: DatasetRecord, { offset, limit, columns }: Input): Promise<Row[]> {
    const rows = await this.reader.rowsOf(record);
    return columnsOf(rows.slice(offset, offset + limit), columns, rows);
  }

  /** Of the rows that are wanted this page: each is looked at until it is full. */
  private async selected(record: DatasetRecord, asked: Input & Selection, call: Call): Promise<Page> {
    const { columns } = asked;
    if (!isLarge(record)) {
      const all = await this.reader.rowsOf(record);
      const { rows, more } = await pageOf([all], asked);
      return { rows: columnsOf(rows, columns, all), more };
    }
    const { rows, more } = await this.tables.using([record], ([table = '']) =>
      readTable({ table, who: call.principal.walletId, signal: call.signal }, (all) => pageOf(all, asked), this.engine),
    );
    return { rows: columnsOf(rows, columns, rows), more };
  }

  /** From the table: only this part of it is read. */
  private slice(record: DatasetRecord, { offset, limit, columns }: Input, { principal, signal }: Call): Promise<Row[]> {
    return this.tables.using([record], ([table = '']) => {
      const reading = { table, who: principal.walletId, signal, limitMs: PAGE_MS, offset, limit, columns };
      return readTable(reading, gathered, this.engine);
    });
  }
}

async function pageOf(
  portions: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>,
  { offset, limit, isOf }: Pick<Input, 'offset' | 'limit'> & Selection,
): Promise<Page> {
  const rows: Row[] = [];
  let before = 0;
  for await (const portion of portions) {
    for (const row of portion) {
      if (!isOf(row)) continue;
      if (before < offset) before += 1;
      else if (rows.length < limit) rows.push(row);
      else return { rows, more: true };
    }
  }
  return { rows, more: false };
}

/** The columns that are wanted, in their own order. @throws AppError invalid_input for one that no row of `all` has */
function columnsOf(page: Row[], columns: readonly string[] | undefined, all: readonly Row[]): Row[] {
  if (columns === undefined) return page;
  const missing = columns.find((name) => all.length > 0 && !all.some((row) => Object.hasOwn(row, name)));
  if (missing !== undefined) throw noColumn(missing);
  return page.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => columns.includes(name))));
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
