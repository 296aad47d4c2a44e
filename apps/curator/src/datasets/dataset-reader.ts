// Finds and reads datasets for a wallet. Changes nothing; what is another wallet's does not exist here.
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type BlobReference, BlobReferences, type LocalCopy } from '@labmesh/blobs';
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
import { type DatasetRecord, isLarge, summaryOf } from './dataset.js';
import { DatasetRepository } from './dataset.repository.js';
import { RowCache } from './row-cache.js';

type Tools = typeof curator.tools;
type Fetched = ToolOutput<Tools['fetch_dataset']>;

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
        drift: record.drift ?? null,
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
    if (record.blobId === null) throw damaged(record.id);
    return this.references.store.read(record.sha256);
  }

  /** The stored bytes as a file, until it is disposed of. */
  async copyOf(record: DatasetRecord, signal?: AbortSignal): Promise<LocalCopy> {
    if (record.blobId === null) throw damaged(record.id);
    return this.references.store.localCopy(record.sha256, signal);
  }

  /** The table that lies beside the content, where there is one. */
  async tableOf({ tableBlobId }: DatasetRecord): Promise<LocalCopy | undefined> {
    const found = tableBlobId === null ? undefined : await this.references.find(tableBlobId);
    return found && this.references.store.localCopy(found.sha256);
  }

  /** All rows; they belong to the cache and must not be changed. @throws AppError too_large for a dataset that is read by the portion */
  async rowsOf(record: DatasetRecord): Promise<readonly Row[]> {
    if (isLarge(record))
      throw new AppError(
        'too_large',
        `Cannot take all ${record.rowCount} rows of ${record.id} at once. Ask for what you need with query_dataset, and keep it with save_query.`,
      );
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
  async contentOrLink(record: DatasetRecord, inline: boolean): Promise<Pick<Fetched, 'content' | 'link'>> {
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

const damaged = (id: string): AppError =>
  new AppError(
    'unavailable',
    `Cannot read ${id}: what an older version of the lab stored of it is damaged. The log of the lab’s start names it; submit the data again.`,
  );

const noDataset = (datasetId: string, version?: number): AppError =>
  new AppError(
    'not_found',
    `Cannot find ${version === undefined ? '' : `version ${version} of `}the dataset ${datasetId}: there is none that you may read. list_available_datasets tells which there are.`,
  );
