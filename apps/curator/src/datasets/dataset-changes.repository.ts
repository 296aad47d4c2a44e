// What changes datasets, each change one transaction: its rows, the name of its content, its event. Half of one is never there.
import { isDeepStrictEqual } from 'node:util';
import { BlobReferences } from '@labmesh/blobs';
import { AppError, curator, FORMATS } from '@labmesh/contracts';
import { DATABASE, type Database, enqueueEvent, Outbox, Prisma } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { Arrivals } from './arrivals.js';
import { type DatasetRecord, LAB, type NewDataset, type NewVersion, type Storing } from './dataset.js';
import { FIELDS, recordOf, type StoredRow } from './dataset-rows.js';

type Transaction = Prisma.TransactionClient;

export interface Stored {
  readonly record: DatasetRecord;
  /** False when the same was there already, and nothing was changed. */
  readonly fresh: boolean;
}

/** What may be said anew with a new version; what is left out stays. */
export interface NewFace {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly topics?: readonly string[] | undefined;
  readonly license?: string | null | undefined;
}

const RECORDS = `SELECT ${FIELDS} FROM "curator"."datasets" d JOIN "curator"."dataset_versions" v ON v.dataset_id = d.id`;
const RECORD = Prisma.raw(RECORDS);

const TABLE = { mediaType: FORMATS.parquet.mimeType, owner: LAB } as const;

@Injectable()
export class DatasetChanges {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(BlobReferences) private readonly references: BlobReferences,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
    @Inject(Arrivals) private readonly arrivals: Pick<Arrivals, 'tell'>,
  ) {}

  /** A new dataset, unless its owner has the same content under the same name. @throws AppError as `BlobReferences.claim` */
  create(dataset: NewDataset, storing: Storing): Promise<Stored> {
    return this.#changing(dataset.owner, async (tx) => {
      const same = await this.#same(tx, dataset);
      if (same !== undefined) return { record: same, fresh: false };
      return { record: await this.#insert(tx, dataset, storing), fresh: true };
    });
  }

  /**
   * An owner's dataset in its last version.
   * @throws AppError not_found, conflict when `expectedVersion` is not the last one
   */
  async lastOf(id: string, owner: string, expectedVersion: number | undefined): Promise<DatasetRecord> {
    const last = await this.#last(this.database.prisma, id, owner);
    if (last === undefined) throw noneOfYours(id);
    if (expectedVersion !== undefined && expectedVersion !== last.version) throw changedMeanwhile(id, last.version);
    return last;
  }

  /**
   * One more version of an owner's dataset, unless its last one has the same content.
   * @throws AppError not_found, conflict when `expectedVersion` is not the last one, and as `BlobReferences.claim`
   */
  addVersion(
    {
      id,
      owner,
      expectedVersion,
      ...face
    }: NewFace & { id: string; owner: string; expectedVersion?: number | undefined },
    version: NewVersion,
    storing: Storing,
  ): Promise<Stored> {
    return this.#changing(owner, async (tx) => {
      const last = await this.#last(tx, id, owner);
      if (last === undefined) throw noneOfYours(id);
      if (expectedVersion !== undefined && expectedVersion !== last.version) throw changedMeanwhile(id, last.version);
      if (isSame(last, version)) return { record: last, fresh: false };
      return { record: await this.#append(tx, { ...last, ...defined(face) }, version, storing), fresh: true };
    });
  }

  /**
   * What the lab itself keeps under this id: made, given a new version, or described anew, where anything differs. One that was
   * withdrawn is there again, in a new version.
   */
  keep(dataset: NewDataset): Promise<Stored> {
    return this.#changing(dataset.owner, async (tx) => {
      const storing: Storing = { contributed: false };
      const { id, owner } = dataset;
      const back = await tx.dataset.updateMany({
        where: { id, owner, withdrawnAt: { not: null } },
        data: { withdrawnAt: null },
      });
      const last = await this.#last(tx, dataset.id, dataset.owner);
      if (last === undefined) return { record: await this.#insert(tx, dataset, storing), fresh: true };
      if (back.count > 0 || !isSame(last, dataset, 'bytes'))
        return { record: await this.#append(tx, { ...last, ...faceOf(dataset) }, dataset, storing), fresh: true };
      if (saysSame(last, dataset)) return { record: last, fresh: false };
      await this.#describe(tx, last, dataset);
      return { record: await this.#required(tx, last.id), fresh: true };
    });
  }

  /** Whether `keep` would find everything as it is to be. Each start asks: without Prisma, which need not be read for it. */
  async keeps(dataset: NewDataset): Promise<boolean> {
    const { rows } = await this.database.pool.query<StoredRow>(
      `${RECORDS} AND v.version = d.version WHERE d.id = $1 AND d.owner = $2 AND d.withdrawn_at IS NULL`,
      [dataset.id, dataset.owner],
    );
    const last = rows[0] && recordOf(rows[0]);
    return last !== undefined && isSame(last, dataset, 'bytes') && saysSame(last, dataset);
  }

  async wasWithdrawn(id: string): Promise<boolean> {
    return (await this.database.prisma.dataset.count({ where: { id, withdrawnAt: { not: null } } })) > 0;
  }

  /** Answers when it was withdrawn, the first time. What it was fetched from is not asked for it again by itself. @throws AppError not_found for what was never this owner's */
  withdraw(id: string, owner: string): Promise<Date> {
    return this.#changing(owner, async (tx) => {
      const row = await tx.dataset.findFirst({ where: { id, owner }, select: { withdrawnAt: true, version: true } });
      if (row === null) throw noneOfYours(id);
      if (row.withdrawnAt !== null) return row.withdrawnAt;
      const named = await tx.datasetVersion.findMany({
        where: { datasetId: id },
        select: { blobId: true, tableBlobId: true },
      });
      await tx.datasetVersion.updateMany({ where: { datasetId: id }, data: { blobId: null, tableBlobId: null } });
      await this.references.release(
        tx,
        named.flatMap(({ blobId, tableBlobId }) => [blobId, tableBlobId]).filter((one) => one !== null),
      );
      await tx.$executeRaw`UPDATE "curator"."source_slices" SET refresh_at = NULL WHERE dataset_id = ${id}`;
      await enqueueEvent(tx, curator.events.dataset_withdrawn, { datasetId: id, version: row.version });
      const withdrawnAt = new Date();
      await tx.dataset.update({ where: { id }, data: { withdrawnAt }, select: { id: true } });
      return withdrawnAt;
    });
  }

  /** One change of an owner's at a time. Events leave when it is done. */
  async #changing<T>(owner: string, change: (tx: Transaction) => Promise<T>): Promise<T> {
    const done = await this.database.prisma.$transaction(async (tx) => {
      await this.references.lockOwner(tx, owner);
      const done = await change(tx);
      await tx.$executeRaw`INSERT INTO "curator"."dataset_changes" AS change (owner, count) VALUES (${owner}, 1)
        ON CONFLICT (owner) DO UPDATE SET count = change.count + 1`;
      return done;
    });
    this.outbox.poke();
    this.arrivals.tell();
    return done;
  }

  async #same(tx: Transaction, dataset: NewDataset): Promise<DatasetRecord | undefined> {
    const rows = await tx.$queryRaw<StoredRow[]>`${RECORD} AND v.version = d.version
      WHERE d.owner = ${dataset.owner} AND d.withdrawn_at IS NULL AND d.name = ${dataset.name} AND v.sha256 = ${dataset.content.sha256}
      ORDER BY d.created_at`;
    return rows.map(recordOf).find((record) => isSame(record, dataset));
  }

  async #last(tx: Transaction, id: string, owner: string): Promise<DatasetRecord | undefined> {
    const [row] = await tx.$queryRaw<StoredRow[]>`${RECORD} AND v.version = d.version
      WHERE d.id = ${id} AND d.owner = ${owner} AND d.withdrawn_at IS NULL`;
    return row === undefined ? undefined : recordOf(row);
  }

  async #required(tx: Transaction, id: string): Promise<DatasetRecord> {
    const [row] = await tx.$queryRaw<StoredRow[]>`${RECORD} AND v.version = d.version WHERE d.id = ${id}`;
    if (row === undefined) throw new Error(`${id} is not there after it was stored`);
    return recordOf(row);
  }

  async #insert(tx: Transaction, dataset: NewDataset, storing: Storing): Promise<DatasetRecord> {
    const { id, name, description, owner, source, topics, format, provenance } = dataset;
    await tx.dataset.create({
      data: {
        id,
        name,
        description,
        owner,
        source,
        topics: [...topics],
        format,
        license: provenance.license,
        version: 1,
      },
      select: { id: true },
    });
    return this.#store(tx, { ...dataset, version: 1 }, storing);
  }

  async #append(tx: Transaction, last: DatasetRecord, version: NewVersion, storing: Storing): Promise<DatasetRecord> {
    const { id, name, description, topics } = last;
    const next = last.version + 1;
    await tx.dataset.update({
      where: { id },
      data: {
        ...{ name, description, topics: [...topics] },
        ...{ format: version.format, license: version.provenance.license, version: next, updatedAt: new Date() },
      },
      select: { id: true },
    });
    return this.#store(tx, { ...last, drift: null, ...version, version: next }, storing);
  }

  /** The version's own row, with the name of its content, and the event. */
  async #store(
    tx: Transaction,
    {
      id,
      owner,
      name,
      version,
      content,
      table,
      format,
      rowCount,
      provenance,
      rowSchema,
      columns,
      note,
      drift = null,
    }: NewDataset & { version: number },
    { role, contributed }: Storing,
  ): Promise<DatasetRecord> {
    const reference = {
      ...content,
      mediaType: FORMATS[format].mimeType,
      name: `${name}.${FORMATS[format].extension}`,
      owner,
      role,
    };
    // The table is the lab's own doing, and no part of what its owner may have.
    const tables = table === undefined ? [] : [{ ...table, ...TABLE, name: `${name}.table.parquet` }];
    const [blobId = null, tableBlobId = null] = await this.references.claim(tx, [reference, ...tables]);
    await tx.datasetVersion.create({
      data: {
        ...{ datasetId: id, version, format, rowCount, byteCount: content.bytes, sha256: content.sha256, note },
        ...{ blobId, tableBlobId },
        ...asJson({ provenance, rowSchema, columns }),
        drift: drift === null ? Prisma.DbNull : (drift as Prisma.InputJsonObject),
      },
      select: { version: true },
    });
    if (contributed)
      await this.#tell(tx, {
        datasetId: id,
        version,
        walletId: owner,
        sha256: content.sha256,
        rows: rowCount,
        bytes: content.bytes,
      });
    return this.#required(tx, id);
  }

  /** Once for the same content of a wallet's. */
  async #tell(tx: Transaction, contribution: Contribution): Promise<void> {
    const { walletId, sha256 } = contribution;
    const first = await tx.contribution.createMany({ data: [{ walletId, sha256 }], skipDuplicates: true });
    if (first.count === 1) await enqueueEvent(tx, curator.events.dataset_contributed, contribution);
  }

  async #describe(tx: Transaction, { id, version }: DatasetRecord, dataset: NewDataset): Promise<void> {
    const { name, description, topics, provenance, rowSchema, columns } = dataset;
    await tx.dataset.update({
      where: { id },
      data: { name, description, topics: [...topics], license: provenance.license },
      select: { id: true },
    });
    await tx.datasetVersion.update({
      where: { datasetId_version: { datasetId: id, version } },
      data: asJson({ provenance, rowSchema, columns }),
      select: { version: true },
    });
  }
}

interface Contribution {
  readonly datasetId: string;
  readonly version: number;
  readonly walletId: string;
  readonly sha256: string;
  readonly rows: number;
  readonly bytes: number;
}

const faceOf = ({ name, description, topics }: NewDataset) => ({ name, description, topics });
const said = ({ name, description, topics, provenance, rowSchema }: Omit<NewDataset, 'content'>) => ({
  ...{ name, description, topics: [...topics] },
  ...{ provenance, rowSchema },
});

const saysSame = (last: DatasetRecord, dataset: NewDataset): boolean => isDeepStrictEqual(said(last), said(dataset));

/** The same bytes, and read the same way. */
function isSame(
  record: DatasetRecord,
  { content, format, columns, rowSchema }: NewVersion,
  what: 'bytes' | 'all' = 'all',
): boolean {
  if (record.sha256 !== content.sha256 || record.format !== format) return false;
  return (
    isDeepStrictEqual(record.columns, columns) && (what === 'bytes' || isDeepStrictEqual(record.rowSchema, rowSchema))
  );
}

const defined = <T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;

function asJson({ provenance, rowSchema, columns }: Pick<NewVersion, 'provenance' | 'rowSchema' | 'columns'>) {
  return {
    provenance: provenance as Prisma.InputJsonObject,
    rowSchema: rowSchema === null ? Prisma.DbNull : (rowSchema as Prisma.InputJsonObject),
    columns: columns === null ? Prisma.DbNull : ([...columns] as Prisma.InputJsonArray),
  };
}

const noneOfYours = (id: string): AppError =>
  new AppError(
    'not_found',
    `Cannot find the dataset ${id}: there is none of yours. list_available_datasets tells which there are.`,
  );

const changedMeanwhile = (id: string, version: number): AppError =>
  new AppError(
    'conflict',
    `Cannot update ${id}: its last version is ${version}, another than you expected. Look at it, then update it again.`,
    { details: { version } },
  );
