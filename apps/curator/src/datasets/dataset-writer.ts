// Takes in datasets and their versions: submitted ones, and the same rows in another format. What is stored never changes afterwards.
import { BlobReferences } from '@labmesh/blobs';
import { AppError, type Call, type curator, type ToolInput, type ToolOutput, toAppError } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { transformRows } from '../formats/lossy.js';
import type { DataFormat } from '../formats/text.js';
import type { Row } from '../rows.js';
import { inferSchema } from '../schemas/inference.js';
import { shapeOf } from '../schemas/shape.js';
import { type DatasetRecord, LAB, type NewDataset, type NewVersion, summaryOf } from './dataset.js';
import { DatasetChanges, type Stored } from './dataset-changes.repository.js';
import { Submissions } from './submissions.js';

type Tools = typeof curator.tools;
type StoredDataset = ToolOutput<Tools['submit_dataset']>;

const NAME_LENGTH_MAX = 120;

/** Rows made of other datasets. */
export interface Derived {
  readonly name: string;
  readonly description: string;
  readonly format: DataFormat;
  readonly rows: readonly Row[];
  readonly from: ReadonlyArray<{ readonly alias: string; readonly id: string; readonly sha256: string }>;
  /** The SQL. */
  readonly how: string;
}

/** The rows of a dataset in another format. */
export interface Transformed extends Pick<NewVersion, 'rowSchema' | 'columns' | 'content' | 'table'> {
  readonly to: DataFormat;
  readonly name?: string | undefined;
}

@Injectable()
export class DatasetWriter {
  constructor(
    @Inject(DatasetChanges) private readonly changes: DatasetChanges,
    @Inject(BlobReferences) private readonly references: BlobReferences,
    @Inject(Submissions) private readonly submissions: Submissions,
  ) {}

  async submit(input: ToolInput<Tools['submit_dataset']>, call: Call): Promise<StoredDataset> {
    refuseUnstorable(input);
    const { walletId, role } = call.principal;
    const version = await this.submissions.take(input, call);
    const { name, description, topics = [] } = input;
    const dataset = {
      id: newId(),
      name,
      description,
      owner: walletId,
      source: 'submission',
      topics,
      note: null,
      ...version,
    };
    const stored = await this.changes.create(dataset, { role, contributed: true });
    await this.submissions.done(input);
    return answerOf(stored);
  }

  async update(input: ToolInput<Tools['update_dataset']>, call: Call): Promise<ToolOutput<Tools['update_dataset']>> {
    refuseUnstorable(input);
    const { walletId, role } = call.principal;
    const { datasetId, expectedVersion, name, description, topics, note = null } = input;
    // Before anything is fetched and read: who may not change it is told so at once.
    const last = await this.changes.lastOf(datasetId, walletId, expectedVersion);
    const version = await this.submissions.take(
      { ...input, license: input.license ?? last.provenance.license ?? undefined },
      call,
      { policy: input.drift, schema: last.rowSchema },
    );
    const face = { id: datasetId, owner: walletId, expectedVersion, name, description, topics };
    const stored = await this.changes.addVersion(face, { ...version, note }, { role, contributed: true });
    await this.submissions.done(input);
    return { ...answerOf(stored), drift: stored.record.drift ?? null };
  }

  async withdraw(
    { datasetId }: ToolInput<Tools['withdraw_dataset']>,
    { principal }: Call,
  ): Promise<ToolOutput<Tools['withdraw_dataset']>> {
    const { walletId, permissions } = principal;
    try {
      return await this.#withdrawn(datasetId, walletId);
    } catch (error) {
      if (!permissions.includes('source:write') || toAppError(error).code !== 'not_found') throw error;
      return this.#withdrawn(datasetId, LAB);
    }
  }

  async #withdrawn(datasetId: string, owner: string): Promise<ToolOutput<Tools['withdraw_dataset']>> {
    const withdrawnAt = await this.changes.withdraw(datasetId, owner);
    return { datasetId, owner, withdrawnAt: withdrawnAt.toISOString() };
  }

  /** The rows of another dataset that were written in another format; content and table have been put. */
  async keepTransformed(origin: DatasetRecord, written: Transformed, { principal }: Call): Promise<StoredDataset> {
    const { to, name, ...version } = written;
    refuseUnstorable({ name });
    const { walletId, role } = principal;
    const transformed: NewDataset = {
      id: newId(),
      name: name ?? `${origin.name.slice(0, NAME_LENGTH_MAX - to.length - 3)} (${to})`,
      description: origin.description,
      source: 'transformed',
      topics: origin.topics,
      owner: walletId,
      format: to,
      rowCount: origin.rowCount,
      provenance: {
        ...origin.provenance,
        derivedFrom: origin.id,
        note: `The rows of ${origin.id} (${origin.format}, version ${origin.version}), written as ${to}.`,
      },
      note: null,
      ...version,
    };
    return answerOf(await this.changes.create(transformed, { role, contributed: false }));
  }

  /**
   * What the lab itself keeps under an id of its own: the shipped datasets, and those of connected sources. Made when it is not
   * there, a new version when its content is another, described anew when something else is. The content has been put.
   */
  keep(dataset: NewDataset): Promise<Stored> {
    return this.changes.keep(dataset);
  }

  /** Puts content, so that a version can be made of it: `keep` names it. */
  put(content: Parameters<BlobReferences['store']['put']>[0], signal?: AbortSignal): Promise<NewVersion['content']> {
    return this.references.store.put(content, { signal });
  }

  /** Stores rows that were made of other datasets, and says how in the provenance. */
  async derive(derived: Derived, { principal, signal }: Pick<Call, 'principal' | 'signal'>): Promise<StoredDataset> {
    const { name, description, format, rows, from, how } = derived;
    refuseUnstorable({ name, description });
    const { written } = await transformRows(format, rows, true);
    const { walletId, role } = principal;
    const dataset: NewDataset = {
      id: newId(),
      name,
      description,
      format,
      rowCount: rows.length,
      owner: walletId,
      source: 'query',
      topics: [],
      note: null,
      provenance: {
        source: `SQL over ${from.map(({ alias, id, sha256 }) => `${id} (as ${alias}, sha256 ${sha256})`).join(', ')}`,
        license: null,
        obtainedAt: new Date().toISOString(),
        derivedFrom: from.length === 1 ? (from[0]?.id ?? null) : null,
        note: how,
      },
      rowSchema: inferSchema(shapeOf(rows)),
      columns: written.columns ?? null,
      content: await this.references.store.put([written.bytes], { signal }),
    };
    return answerOf(await this.changes.create(dataset, { role, contributed: false }));
  }
}

const newId = (): string => `ds_${uuidv7()}`;

const answerOf = ({ record, fresh }: Stored): StoredDataset => ({
  dataset: summaryOf(record),
  schema: record.rowSchema,
  alreadyStored: !fresh,
});

/** The database holds no character U+0000 in a text. */
function refuseUnstorable(
  texts: Partial<Record<'name' | 'description' | 'license' | 'source' | 'note', string | undefined>>,
): void {
  const { name, description, license, source, note } = texts;
  for (const [field, text] of Object.entries({ name, description, license, source, note })) {
    if (text?.includes('\0') === true)
      throw new AppError('invalid_input', `Cannot store the dataset: its ${field} holds the character U+0000.`);
  }
}
