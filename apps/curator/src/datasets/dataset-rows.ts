// Rows of the Curator's tables as the domain sees them.
import type { DATA_FORMATS } from '@labmesh/contracts';
import { Column } from '../schemas/columns.js';
import type { JsonSchema } from '../schemas/inference.js';
import type { DatasetRecord, Drift, Provenance } from './dataset.js';

/** Of `datasets` as d and `dataset_versions` as v. */
export const FIELDS = `d.id, d.name, d.description, d.owner, d.source, d.topics, d.created_at AS "createdAt",
  d.updated_at AS "updatedAt", d.version AS "lastVersion", v.version, v.format, v.row_count AS "rowCount",
  v.byte_count AS "byteCount", v.sha256, v.provenance, v.row_schema AS "rowSchema", v.columns, v.note, v.drift,
  v.created_at AS "versionCreatedAt", v.blob_id AS "blobId", v.table_blob_id AS "tableBlobId"`;

export interface StoredRow {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly owner: string;
  readonly source: string;
  readonly topics: string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly lastVersion: number;
  readonly version: number;
  readonly format: string;
  /** 64 bits: text or a big integer, by whoever reads it. */
  readonly rowCount: string | bigint;
  readonly byteCount: string | bigint;
  readonly sha256: string;
  readonly provenance: unknown;
  readonly rowSchema: unknown;
  readonly columns: unknown;
  readonly note: string | null;
  readonly drift: unknown;
  readonly versionCreatedAt: Date;
  readonly blobId: string | null;
  readonly tableBlobId: string | null;
}

export const recordOf = (row: StoredRow): DatasetRecord => ({
  ...row,
  rowCount: Number(row.rowCount),
  byteCount: Number(row.byteCount),
  format: row.format as (typeof DATA_FORMATS)[number],
  provenance: row.provenance as Provenance,
  rowSchema: row.rowSchema as JsonSchema | null,
  drift: row.drift as Drift,
  columns: row.columns === null ? null : Column.array().parse(row.columns),
});
