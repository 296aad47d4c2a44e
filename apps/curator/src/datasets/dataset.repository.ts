// Datasets in the database, to be found. Every reading names who asks: a dataset of another wallet, or one that was
// withdrawn, is not there; but for the version that its owner shares while a validation of it is open.
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { type DatasetRecord, LAB } from './dataset.js';
import { FIELDS, recordOf, type StoredRow } from './dataset-rows.js';
import { SHARED } from './shared-versions.js';

const OWN = `d.owner = ANY (ARRAY['${LAB}', $1::text])`;
const READABLE = `(${OWN} OR ${SHARED}) AND d.withdrawn_at IS NULL`;
const IDS_FROM = `SELECT d.id FROM "curator"."datasets" d
  WHERE ${OWN} AND d.withdrawn_at IS NULL AND starts_with(lower(d.id), lower($2::text))
  ORDER BY d.created_at DESC, d.id DESC LIMIT $3::int`;

const FIND = `SELECT ${FIELDS} FROM "curator"."datasets" d
  JOIN "curator"."dataset_versions" v ON v.dataset_id = d.id AND v.version = coalesce($3::int, d.version)
  WHERE ${READABLE} AND d.id = $2::text`;

const VERSIONS = `SELECT ${FIELDS} FROM "curator"."datasets" d JOIN "curator"."dataset_versions" v ON v.dataset_id = d.id
  WHERE ${READABLE} AND d.id = $2::text ORDER BY v.version DESC LIMIT $3::int`;

const NAMED_BY = `SELECT ${FIELDS} FROM "curator"."datasets" d JOIN "curator"."dataset_versions" v ON v.dataset_id = d.id
  WHERE ${READABLE} AND (v.blob_id = $2::text OR v.table_blob_id = $2::text) LIMIT 1`;

@Injectable()
export class DatasetRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Newest first. */
  async idsFrom(beginning: string, walletId: string, limit: number): Promise<string[]> {
    const { rows } = await this.database.pool.query<{ id: string }>(IDS_FROM, [walletId, beginning, limit]);
    return rows.map(({ id }) => id);
  }

  /** Its last version, or another. Undefined when it does not exist, was withdrawn, or is another wallet's. */
  async find(id: string, walletId: string, version?: number): Promise<DatasetRecord | undefined> {
    const [found] = await this.#records(FIND, [walletId, id, version ?? null]);
    return found;
  }

  /** The newest first; none when there is no such dataset for this wallet. */
  versions(id: string, walletId: string, limit: number): Promise<DatasetRecord[]> {
    return this.#records(VERSIONS, [walletId, id, limit]);
  }

  /** The dataset, readable by this wallet, whose content this blob names. */
  async namedBy(blobId: string, walletId: string): Promise<DatasetRecord | undefined> {
    const [found] = await this.#records(NAMED_BY, [walletId, blobId]);
    return found;
  }

  async #records(text: string, values: unknown[]): Promise<DatasetRecord[]> {
    const { rows } = await this.database.pool.query<StoredRow>(text, values);
    return rows.map(recordOf);
  }
}
