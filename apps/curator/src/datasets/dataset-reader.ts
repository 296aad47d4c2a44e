// Finds and reads datasets for a wallet. Changes nothing; what is another wallet's does not exist here.
import {
  AppError,
  type Call,
  type curator,
  DATASET_BYTES_MAX,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { readRows } from '../formats/codec.js';
import type { Row } from '../formats/rows.js';
import { packCursor, unpackCursor } from './cursor.js';
import { type DatasetRecord, summaryOf } from './dataset.js';
import { DatasetRepository } from './dataset.repository.js';
import { RowCache } from './row-cache.js';

type Tools = typeof curator.tools;
type Fetched = ToolOutput<Tools['fetch_dataset']>;

const WORDS_MAX = 20;
/** One more than a completion holds, so that it can tell that there are more. */
const IDS_MAX = 101;

@Injectable()
export class DatasetReader {
  constructor(
    @Inject(DatasetRepository) private readonly repository: DatasetRepository,
    @Inject(RowCache) private readonly cache: RowCache,
  ) {}

  async list(
    input: ToolInput<Tools['list_available_datasets']>,
    call: Call,
  ): Promise<ToolOutput<Tools['list_available_datasets']>> {
    const words = (input.query ?? '')
      .replaceAll('\0', ' ')
      .split(/\s+/)
      .filter((word) => word !== '');
    const after = input.cursor === undefined ? undefined : unpackCursor(input.cursor);
    const listing = { walletId: call.principal.walletId, words: words.slice(0, WORDS_MAX), after };
    // One more than asked for tells whether a page follows.
    const records = await this.repository.list({ ...listing, limit: input.limit + 1 });
    const page = records.slice(0, input.limit);
    const last = page.at(-1);
    return {
      datasets: page.map(summaryOf),
      ...(records.length > input.limit && last !== undefined ? { nextCursor: packCursor(last) } : {}),
    };
  }

  async fetch(input: ToolInput<Tools['fetch_dataset']>, call: Call): Promise<Fetched> {
    const record = await this.find(input.datasetId, call);
    const face = { dataset: summaryOf(record), schema: record.rowSchema };
    if (input.as === 'content') return { ...face, content: await this.contentOf(record) };
    const rows = await this.rowsOf(record);
    const end = input.offset + input.limit;
    const page = rows.slice(input.offset, end);
    refuseHeavy(page);
    return { ...face, rows: page, ...(end < rows.length ? { nextOffset: end } : {}) };
  }

  /** The stored bytes as text, or base64 where they are none. @throws AppError not_found as `find` */
  async stored(
    datasetId: string,
    call: Call,
  ): Promise<NonNullable<Fetched['content']> & Pick<DatasetRecord, 'format'>> {
    const record = await this.find(datasetId, call);
    return { ...(await this.contentOf(record)), format: record.format };
  }

  /** Ids that begin so, of datasets that the caller may read, newest first; a bounded number. */
  idsFrom(beginning: string, call: Call): Promise<string[]> {
    return this.repository.idsFrom(beginning, call.principal.walletId, IDS_MAX);
  }

  /** @throws AppError not_found when there is none, or it is another wallet's: nobody can tell which. */
  async find(datasetId: string, call: Call): Promise<DatasetRecord> {
    const record = await this.repository.find(datasetId, call.principal.walletId);
    if (record !== undefined) return record;
    throw new AppError(
      'not_found',
      `Cannot find the dataset ${datasetId}: there is none that you may read. list_available_datasets tells which there are.`,
    );
  }

  /** All rows; they belong to the cache and must not be changed. */
  async rowsOf(record: DatasetRecord): Promise<readonly Row[]> {
    const cached = this.cache.get(record);
    if (cached !== undefined) return cached;
    const read = await readRows(record.format, await this.repository.content(record.id), {
      columns: record.columns ?? undefined,
    });
    this.cache.put(record, read);
    return read.rows;
  }

  private async contentOf(record: DatasetRecord): Promise<NonNullable<Fetched['content']>> {
    const bytes = Buffer.from(await this.repository.content(record.id));
    const encoding = record.format === 'parquet' ? 'base64' : 'utf8';
    return { encoding, data: bytes.toString(encoding) };
  }
}

function refuseHeavy(page: readonly Row[]): void {
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
