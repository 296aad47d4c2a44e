// Where what was fetched becomes a dataset of the lab. The one place of the sources that knows how datasets are stored.
import { type BlobRef, BlobReferences } from '@labmesh/blobs';
import { Inject, Injectable } from '@nestjs/common';
import { type DatasetSummary, type Drift, LAB, type Provenance, summaryOf } from '../datasets/dataset.js';
import { DatasetRepository } from '../datasets/dataset.repository.js';
import { DatasetChanges } from '../datasets/dataset-changes.repository.js';
import { type Before, driftTold, hasDiscarded, isOfTypes, schemaFor, settledWith } from '../datasets/drifting.js';
import type { Row } from '../rows.js';
import type { DriftPolicy, Settled, Sieve } from '../schemas/drift-policy.js';
import { inferSchema, type JsonSchema } from '../schemas/inference.js';
import { GrowingShape } from '../schemas/shape.js';
import { validatePortions } from '../schemas/validator.js';

export interface FetchedDataset {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Name of the source it came from. */
  readonly source: string;
  readonly topics: readonly string[];
  readonly provenance: Provenance;
  /** What the rows are compared with; left out: the schema of the last version. */
  readonly schema: JsonSchema | undefined;
  readonly policy: DriftPolicy;
  /** Each row as JSON; gone through as often as it takes. */
  readonly rows: () => AsyncIterable<readonly string[]>;
}

export interface Written {
  readonly dataset: DatasetSummary;
  readonly drift: Drift;
}

/** Rows that were put, and what they look like. */
interface Put {
  readonly content: BlobRef;
  readonly rowCount: number;
  readonly inferred: JsonSchema;
}

const ERRORS_SHOWN_MAX = 50;

@Injectable()
export class DatasetStore {
  constructor(
    @Inject(DatasetRepository) private readonly repository: DatasetRepository,
    @Inject(DatasetChanges) private readonly changes: DatasetChanges,
    @Inject(BlobReferences) private readonly references: BlobReferences,
  ) {}

  /**
   * Stores the rows as the newest content of the lab's dataset; they are never all in memory.
   * @throws RowsRefused when the policy does not take them: the last version stays
   */
  async write(fetched: FetchedDataset): Promise<Written> {
    const { id, name, description, source, topics, provenance, schema, policy } = fetched;
    const before = { policy, schema: schema ?? (await this.repository.find(id, LAB))?.rowSchema ?? null };
    const whole = await this.#put(fetched.rows());
    const settled = settledWith(before, whole.inferred);
    const kept = (await this.#sieved(fetched, settled)) ?? whole;
    const drift = driftTold(settled);
    const rowSchema = await schemaOf(fetched, { before, settled, kept });
    const { record } = await this.changes.keep({
      id,
      name,
      description,
      format: 'json',
      rowCount: kept.rowCount,
      owner: LAB,
      source,
      topics,
      note: null,
      provenance,
      rowSchema,
      drift,
      columns: null,
      content: kept.content,
    });
    return { dataset: summaryOf(record), drift };
  }

  async find(id: string): Promise<DatasetSummary | undefined> {
    const record = await this.repository.find(id, LAB);
    return record === undefined ? undefined : summaryOf(record);
  }

  /** Without what the policy leaves out; undefined where that is nothing. */
  async #sieved({ rows }: FetchedDataset, settled: Settled | undefined): Promise<Put | undefined> {
    if (settled?.sieve === undefined || (settled.drift.length === 0 && isOfTypes(settled.schema))) return undefined;
    const put = await this.#put(sieved(rows(), settled.sieve));
    return hasDiscarded(settled) ? put : undefined;
  }

  async #put(rows: AsyncIterable<readonly string[]>): Promise<Put> {
    const grown = new GrowingShape();
    const content = await this.references.store.put(written(rows, (row) => grown.add(row)));
    return { content, rowCount: grown.shape.objects, inferred: inferSchema(grown.shape) };
  }
}

interface Compared {
  readonly before: Before;
  readonly settled: Settled | undefined;
  readonly kept: Put;
}

/** As the rows have it, where they may be as they are; else the one they were held to. */
async function schemaOf({ schema, rows }: FetchedDataset, { before, settled, kept }: Compared): Promise<JsonSchema> {
  const { inferred } = kept;
  if (settled === undefined || (schema === undefined && before.policy === 'evolve')) return inferred;
  // Types alone were compared already.
  if (isOfTypes(settled.schema)) return settled.schema;
  const { sieve } = settled;
  const judged = () => parsed(sieve === undefined ? rows() : sieved(rows(), sieve));
  const validate = (against: JsonSchema) => validatePortions(against, judged(), ERRORS_SHOWN_MAX);
  return schemaFor({ given: undefined, before, settled, inferred, validate });
}

async function* parsed(rows: AsyncIterable<readonly string[]>): AsyncGenerator<Row[], void, void> {
  for await (const page of rows) yield page.map((row) => JSON.parse(row) as Row);
}

async function* sieved(rows: AsyncIterable<readonly string[]>, sieve: Sieve): AsyncGenerator<string[], void, void> {
  for await (const page of parsed(rows)) yield sieve.keep(page).map((row) => JSON.stringify(row));
}

/** A JSON list with a row on each line, as `writeJson` writes it. Each row was checked when it came. */
async function* written(
  rows: AsyncIterable<readonly string[]>,
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
