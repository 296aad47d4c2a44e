// Datasets in the database. Every reading names who asks: a dataset of another wallet is not there.
import { isDeepStrictEqual } from 'node:util';
import type { DATA_FORMATS } from '@labmesh/contracts';
import { DATABASE, type Database, type Prisma } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { Column } from '../schemas/columns.js';
import type { JsonSchema } from '../schemas/inference.js';
import type { Position } from './cursor.js';
import { type DatasetRecord, LAB, type NewDataset, type Provenance, sha256Of } from './dataset.js';

interface StoredRow {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly format: string;
  readonly rowCount: number;
  readonly byteCount: number;
  readonly sha256: string;
  readonly owner: string;
  readonly createdAt: Date;
  readonly provenance: unknown;
  readonly rowSchema: unknown;
  readonly columns: unknown;
}

export interface Listing {
  readonly walletId: string;
  /** Each must be in the name or the description, in any case. */
  readonly words: readonly string[];
  readonly limit: number;
  /** The last dataset of the page before. */
  readonly after: Position | undefined;
}

const FIELDS = `id, name, description, format, row_count AS "rowCount", byte_count AS "byteCount", sha256, owner,
  created_at AS "createdAt", provenance, row_schema AS "rowSchema", columns`;

const LIST = `SELECT ${FIELDS} FROM "curator"."datasets"
  WHERE owner = ANY (ARRAY['${LAB}', $1::text])
    AND ($2::timestamptz IS NULL OR (created_at, id) < ($2::timestamptz, $3::text))
    AND NOT EXISTS (SELECT 1 FROM unnest($4::text[]) AS word WHERE strpos(lower(name || ' ' || description), lower(word)) = 0)
  ORDER BY created_at DESC, id DESC LIMIT $5::int`;

const IDS_FROM = `SELECT id FROM "curator"."datasets"
  WHERE owner = ANY (ARRAY['${LAB}', $1::text]) AND starts_with(lower(id), lower($2::text))
  ORDER BY created_at DESC, id DESC LIMIT $3::int`;

@Injectable()
export class DatasetRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Newest first. */
  async list({ walletId, words, limit, after }: Listing): Promise<DatasetRecord[]> {
    const values = [walletId, after?.createdAt ?? null, after?.id ?? null, words, limit];
    const { rows } = await this.database.pool.query<StoredRow>(LIST, values);
    return rows.map(recordOf);
  }

  /** Newest first. */
  async idsFrom(beginning: string, walletId: string, limit: number): Promise<string[]> {
    const { rows } = await this.database.pool.query<{ id: string }>(IDS_FROM, [walletId, beginning, limit]);
    return rows.map(({ id }) => id);
  }

  /** Undefined when it does not exist or is another wallet's. */
  async find(id: string, walletId: string): Promise<DatasetRecord | undefined> {
    const row = await this.database.prisma.dataset.findFirst({
      where: { id, owner: { in: [LAB, walletId] } },
      omit: { content: true },
    });
    return row === null ? undefined : recordOf(row);
  }

  /** The stored bytes of a dataset that `find` has answered. */
  async content(id: string): Promise<Uint8Array> {
    const { content } = await this.database.prisma.dataset.findUniqueOrThrow({
      where: { id },
      select: { content: true },
    });
    return content;
  }

  async insert(dataset: NewDataset): Promise<DatasetRecord> {
    return recordOf(await this.database.prisma.dataset.create({ data: dataOf(dataset), omit: { content: true } }));
  }

  /** Stores a dataset that comes with the lab, unless it is there as it is. True when it changed anything. */
  async ship(dataset: NewDataset): Promise<boolean> {
    const known = await this.database.prisma.dataset.findUnique({ where: { id: dataset.id }, omit: { content: true } });
    const data = dataOf(dataset);
    if (known?.sha256 === data.sha256 && isDeepStrictEqual(faceOf(recordOf(known)), faceOf(dataset))) return false;
    await this.database.prisma.dataset.upsert({
      where: { id: data.id },
      create: data,
      update: data,
      select: { id: true },
    });
    return true;
  }
}

const faceOf = ({ name, description, provenance, rowSchema }: Omit<NewDataset, 'content'>) => ({
  name,
  description,
  provenance,
  rowSchema,
});

function dataOf({ provenance, rowSchema, columns, ...dataset }: NewDataset): Prisma.DatasetCreateInput {
  return {
    ...dataset,
    content: Uint8Array.from(dataset.content),
    byteCount: dataset.content.length,
    sha256: sha256Of(dataset.content),
    provenance: provenance as Prisma.InputJsonObject,
    ...(rowSchema === null ? {} : { rowSchema: rowSchema as Prisma.InputJsonObject }),
    ...(columns === null ? {} : { columns: [...columns] as Prisma.InputJsonArray }),
  };
}

const recordOf = (row: StoredRow): DatasetRecord => ({
  ...row,
  format: row.format as (typeof DATA_FORMATS)[number],
  provenance: row.provenance as Provenance,
  rowSchema: row.rowSchema as JsonSchema | null,
  columns: row.columns === null ? null : Column.array().parse(row.columns),
});
