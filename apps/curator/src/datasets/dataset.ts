// A stored dataset as the domain sees it, and its public face. No database, no format.
import { createHash } from 'node:crypto';
import type { curator, ToolOutput } from '@labmesh/contracts';
import type { DataFormat } from '../formats/text.js';
import type { Column } from '../schemas/columns.js';
import type { JsonSchema } from '../schemas/inference.js';

/** Owner of the datasets that come with the lab: everyone reads them, nobody's wallet owns them. */
export const LAB = 'lab';

export type DatasetSummary = ToolOutput<typeof curator.tools.submit_dataset>['dataset'];
export type Provenance = DatasetSummary['provenance'];

/** Everything about a dataset except its bytes. */
export interface DatasetRecord {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly format: DataFormat;
  readonly rowCount: number;
  readonly byteCount: number;
  /** Of the stored bytes, hex. */
  readonly sha256: string;
  /** Wallet id, or LAB. */
  readonly owner: string;
  readonly createdAt: Date;
  readonly provenance: Provenance;
  readonly rowSchema: JsonSchema | null;
  /** How a CSV's cells are read; null for the other formats. */
  readonly columns: readonly Column[] | null;
}

export interface NewDataset extends Omit<DatasetRecord, 'byteCount' | 'sha256' | 'createdAt'> {
  readonly content: Uint8Array;
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const summaryOf = (record: DatasetRecord): DatasetSummary => ({
  datasetId: record.id,
  name: record.name,
  description: record.description,
  format: record.format,
  rows: record.rowCount,
  bytes: record.byteCount,
  sha256: record.sha256,
  owner: record.owner,
  createdAt: record.createdAt.toISOString(),
  provenance: record.provenance,
});
