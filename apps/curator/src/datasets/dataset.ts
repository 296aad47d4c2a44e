// A stored dataset as the domain sees it, and its public face. No database, no format.
import type { BlobRef } from '@labmesh/blobs';
import type { curator, Role, ToolOutput } from '@labmesh/contracts';
import type { DataFormat } from '../formats/text.js';
import { ROWS_MAX, WEIGHT_MAX } from '../rows.js';
import type { Column } from '../schemas/columns.js';
import type { JsonSchema } from '../schemas/inference.js';

/** Owner of the datasets that come with the lab: everyone reads them, nobody's wallet owns them. */
export const LAB = 'lab';

export type DatasetSummary = ToolOutput<typeof curator.tools.submit_dataset>['dataset'];
export type Drift = ToolOutput<typeof curator.tools.update_dataset>['drift'];
export type Provenance = DatasetSummary['provenance'];

/** What a version is: how its bytes are read, and where they came from. It never changes. */
export interface VersionFace {
  readonly format: DataFormat;
  readonly rowCount: number;
  readonly provenance: Provenance;
  readonly rowSchema: JsonSchema | null;
  /** How a CSV's cells are read; null for the other formats. */
  readonly columns: readonly Column[] | null;
  /** What its owner says has changed. */
  readonly note: string | null;
  /** How its columns differ from the schema before. */
  readonly drift?: Drift;
}

export interface VersionRecord extends VersionFace {
  readonly version: number;
  readonly byteCount: number;
  /** Of the stored bytes, hex. */
  readonly sha256: string;
  readonly versionCreatedAt: Date;
  /** Names the content; null where it is no more. */
  readonly blobId: string | null;
  /** The same rows as a table of Parquet, where one was made. */
  readonly tableBlobId: string | null;
}

/** What a dataset is called, whatever its version. */
export interface DatasetFace {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Wallet id, or LAB. */
  readonly owner: string;
  /** `lab`, `submission`, `transformed`, or the name of a connected source. */
  readonly source: string;
  readonly topics: readonly string[];
}

/** A dataset in one of its versions, without its bytes. */
export interface DatasetRecord extends DatasetFace, VersionRecord {
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Number of the last version. */
  readonly lastVersion: number;
}

/** A version that is to be stored; its content has been put. */
export interface NewVersion extends VersionFace {
  readonly content: BlobRef;
  /** The same rows as a table of Parquet, which was put too: where there are too many of them for memory. */
  readonly table?: BlobRef | undefined;
}

export interface NewDataset extends DatasetFace, NewVersion {}

/** For whom something is stored. */
export interface Storing {
  /** The owner's, whose quota holds; left out for what the lab itself stores. */
  readonly role?: Role;
  /** Whether it is a contribution, told to who rewards it. */
  readonly contributed: boolean;
}

/** Whether its rows are read by the portion, from a table, and are never all in memory. */
export const isLarge = ({ tableBlobId, rowCount, byteCount }: VersionRecord): boolean =>
  tableBlobId !== null || rowCount > ROWS_MAX || byteCount > WEIGHT_MAX;

export const summaryOf = (record: DatasetRecord): DatasetSummary => ({
  datasetId: record.id,
  name: record.name,
  description: record.description,
  format: record.format,
  rows: record.rowCount,
  bytes: record.byteCount,
  sha256: record.sha256,
  owner: record.owner,
  version: record.version,
  topics: [...record.topics],
  origin: record.source,
  createdAt: record.createdAt.toISOString(),
  updatedAt: record.updatedAt.toISOString(),
  provenance: record.provenance,
});
