// Finds and reads datasets for a wallet. Changes nothing; what is another wallet's does not exist here.
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type BlobReference, BlobReferences } from '@labmesh/blobs';
import {
  AppError,
  type Call,
  type curator,
  DATASET_BYTES_MAX,
  FORMATS,
  LINK_ABOVE_BYTES,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { readRows } from '../formats/codec.js';
import type { Row } from '../rows.js';
import { type DatasetRecord, summaryOf } from './dataset.js';
import { DatasetRepository } from './dataset.repository.js';
import { RowCache } from './row-cache.js';

type Tools = typeof curator.tools;
type Fetched = ToolOutput<Tools['fetch_dataset']>;

/** What is read of which dataset. */
interface ReadSlice {
  readonly datasetId: string;
  /** Left out: every row. */
  readonly isOf?: (row: Row) => boolean;
  readonly range?: Fetched['range'];
}

/** One more than a completion holds, so that it can tell that there are more. */
const IDS_MAX = 101;
const VERSIONS_MAX = 100;

@Injectable()
export class DatasetReader {
  constructor(
    @Inject(DatasetRepository) private readonly repository: DatasetRepository,
    @Inject(RowCache) private readonly cache: RowCache,
    @Inject(BlobReferences) private readonly references: BlobReferences,
  ) {}

  async fetch(input: ToolInput<Tools['fetch_dataset']>, call: Call, of: ReadSlice = input): Promise<Fetched> {
    const record = await this.find(of.datasetId, call, input.version);
    const { range } = of;
    const face = { dataset: summaryOf(record), schema: record.rowSchema, ...(range === undefined ? {} : { range }) };
    if (input.as === 'content') return { ...face, ...(await this.contentOrLink(record, input)) };
    const all = await this.rowsOf(record);
    const rows = of.isOf === undefined ? all : all.filter(of.isOf);
    const end = input.offset + input.limit;
    const page = columnsOf(rows.slice(input.offset, end), input.columns, { all, record });
    refuseHeavy(page);
    return { ...face, rows: page, ...(end < rows.length ? { nextOffset: end } : {}) };
  }

  /** The stored bytes as text, or base64 where they are none. @throws AppError not_found as `find` */
  async stored(
    datasetId: string,
    call: Call,
    version?: number,
  ): Promise<NonNullable<Fetched['content']> & Pick<DatasetRecord, 'format'>> {
    const record = await this.find(datasetId, call, version);
    return { ...(await this.contentOf(record)), format: record.format };
  }

  /** Ids that begin so, of datasets that the caller may read, newest first; a bounded number. */
  idsFrom(beginning: string, call: Call): Promise<string[]> {
    return this.repository.idsFrom(beginning, call.principal.walletId, IDS_MAX);
  }

  /** @throws AppError not_found when there is none, or it is another wallet's: nobody can tell which. */
  async find(datasetId: string, call: Call, version?: number): Promise<DatasetRecord> {
    const record = await this.repository.find(datasetId, call.principal.walletId, version);
    if (record !== undefined) return record;
    throw noDataset(datasetId, version);
  }

  /** A dataset's card. @throws AppError not_found as `find` */
  async card({ datasetId }: ToolInput<Tools['get_dataset']>, call: Call): Promise<ToolOutput<Tools['get_dataset']>> {
    const [last, ...earlier] = await this.repository.versions(datasetId, call.principal.walletId, VERSIONS_MAX);
    if (last === undefined) throw noDataset(datasetId);
    return {
      dataset: summaryOf(last),
      schema: last.rowSchema,
      versions: [last, ...earlier].map((record) => ({
        version: record.version,
        format: record.format,
        rows: record.rowCount,
        bytes: record.byteCount,
        sha256: record.sha256,
        createdAt: record.versionCreatedAt.toISOString(),
        source: record.provenance.source,
        note: record.note,
      })),
    };
  }

  /** The content that a blob's id names, when it is that of a dataset which the caller may read. */
  async blob(blobId: string, call: Call): Promise<BlobReference | undefined> {
    const record = await this.repository.namedBy(blobId, call.principal.walletId);
    return record === undefined ? undefined : this.references.find(blobId);
  }

  /** The stored bytes of a dataset that `find` has answered, on their way. */
  async open(record: DatasetRecord): Promise<Readable> {
    if (record.blobId === null)
      throw new AppError(
        'unavailable',
        `Cannot read ${record.id}: what an older version of the lab stored of it is damaged. The log of the lab’s start names it; submit the data again.`,
      );
    return this.references.store.read(record.sha256);
  }

  /** All rows; they belong to the cache and must not be changed. */
  async rowsOf(record: DatasetRecord): Promise<readonly Row[]> {
    const cached = this.cache.get(record);
    if (cached !== undefined) return cached;
    const read = await readRows(record.format, await this.bytesOf(record), {
      columns: record.columns ?? undefined,
    });
    this.cache.put(record, read);
    return read.rows;
  }

  private async bytesOf(record: DatasetRecord): Promise<Buffer> {
    return buffer(await this.open(record));
  }

  /** What is large is not in an answer unless its caller wants it there. @throws AppError too_large above what one may hold */
  private async contentOrLink(
    record: DatasetRecord,
    { inline, columns }: ToolInput<Tools['fetch_dataset']>,
  ): Promise<Pick<Fetched, 'content' | 'link'>> {
    if (columns !== undefined)
      throw new AppError('invalid_input', 'Cannot leave columns out of content: it is as it is stored. Ask for rows.');
    const link = record.byteCount > LINK_ABOVE_BYTES && !inline ? await this.linkTo(record) : undefined;
    if (link !== undefined) return { link };
    if (record.byteCount > DATASET_BYTES_MAX)
      throw new AppError(
        'too_large',
        `Cannot answer the ${record.byteCount} bytes of ${record.id}: ${DATASET_BYTES_MAX} fit. Ask for it without inline, and follow the link.`,
      );
    return { content: await this.contentOf(record) };
  }

  private async linkTo({ blobId }: DatasetRecord): Promise<Fetched['link']> {
    const found = blobId === null ? undefined : await this.references.find(blobId);
    return found && { blobId: found.id, name: found.name, mediaType: found.mediaType, bytes: found.bytes };
  }

  private async contentOf(record: DatasetRecord): Promise<NonNullable<Fetched['content']>> {
    if (record.byteCount > DATASET_BYTES_MAX)
      throw new AppError(
        'too_large',
        `Cannot answer ${record.byteCount} bytes at once: ${DATASET_BYTES_MAX} are the most. Read it as rows, page by page, or ask for what you need with query_dataset.`,
      );
    const bytes = await this.bytesOf(record);
    const encoding = FORMATS[record.format].binary ? 'base64' : 'utf8';
    return { encoding, data: bytes.toString(encoding) };
  }
}

/** The columns that are wanted, in their own order. @throws AppError invalid_input for one that neither schema nor rows have */
function columnsOf(
  page: Row[],
  wanted: readonly string[] | undefined,
  { all, record }: { all: readonly Row[]; record: DatasetRecord },
): Row[] {
  if (wanted === undefined) return page;
  const declared = (record.rowSchema as { properties?: object } | null)?.properties ?? {};
  const unknown = wanted.find((name) => !Object.hasOwn(declared, name) && !all.some((row) => Object.hasOwn(row, name)));
  if (unknown !== undefined)
    throw new AppError(
      'invalid_input',
      `Cannot read the column "${unknown.slice(0, 100)}" of ${record.id}: there is none. It has ${Object.keys(declared).join(', ').slice(0, 1_000) || 'no column that its schema names'}.`,
    );
  const kept = new Set(wanted);
  return page.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => kept.has(name))));
}

const noDataset = (datasetId: string, version?: number): AppError =>
  new AppError(
    'not_found',
    `Cannot find ${version === undefined ? '' : `version ${version} of `}the dataset ${datasetId}: there is none that you may read. list_available_datasets tells which there are.`,
  );

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
