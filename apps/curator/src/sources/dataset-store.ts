// Where what was fetched becomes a dataset of the lab. The one place of the sources that knows how datasets are stored.
import { BlobReferences } from '@labmesh/blobs';
import { Inject, Injectable } from '@nestjs/common';
import { type DatasetSummary, LAB, type Provenance, summaryOf } from '../datasets/dataset.js';
import { DatasetRepository } from '../datasets/dataset.repository.js';
import { DatasetChanges } from '../datasets/dataset-changes.repository.js';
import { driftTold, settledWith } from '../datasets/drifting.js';
import type { Row } from '../rows.js';
import { inferSchema, type JsonSchema } from '../schemas/inference.js';
import { GrowingShape } from '../schemas/shape.js';

export interface FetchedDataset {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Name of the source it came from. */
  readonly source: string;
  readonly topics: readonly string[];
  readonly provenance: Provenance;
  readonly schema: JsonSchema | undefined;
  /** Each row as JSON. */
  readonly rows: AsyncIterable<readonly string[]>;
}

@Injectable()
export class DatasetStore {
  constructor(
    @Inject(DatasetRepository) private readonly repository: DatasetRepository,
    @Inject(DatasetChanges) private readonly changes: DatasetChanges,
    @Inject(BlobReferences) private readonly references: BlobReferences,
  ) {}

  /** Stores the rows as the newest content of the lab's dataset; they are never all in memory. */
  async write(fetched: FetchedDataset): Promise<DatasetSummary> {
    const { id, name, description, source, topics, provenance, schema } = fetched;
    const grown = new GrowingShape();
    const content = await this.references.store.put(written(fetched.rows, (row) => grown.add(row)));
    const rowSchema = schema ?? inferSchema(grown.shape);
    const before = (await this.repository.find(id, LAB))?.rowSchema ?? null;
    const drift = driftTold(settledWith({ policy: 'evolve', schema: before }, rowSchema));
    const { record } = await this.changes.keep({
      id,
      name,
      description,
      format: 'json',
      rowCount: grown.shape.objects,
      owner: LAB,
      source,
      topics,
      note: null,
      provenance,
      rowSchema,
      drift,
      columns: null,
      content,
    });
    return summaryOf(record);
  }

  async find(id: string): Promise<DatasetSummary | undefined> {
    const record = await this.repository.find(id, LAB);
    return record === undefined ? undefined : summaryOf(record);
  }
}

/** A JSON list with a row on each line, as `writeJson` writes it. Each row was checked when it came. */
async function* written(
  rows: FetchedDataset['rows'],
  onRow: (row: Row) => void,
): AsyncGenerator<Uint8Array, void, void> {
  let before = '[\n';
  for await (const page of rows) {
    if (page.length === 0) continue;
    for (const row of page) onRow(JSON.parse(row) as Row);
    yield Buffer.from(before + page.join(',\n'));
    before = ',\n';
  }
  yield Buffer.from(before === ',\n' ? '\n]\n' : '[]\n');
}
