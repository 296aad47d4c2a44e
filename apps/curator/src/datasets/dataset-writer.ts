// Takes in new datasets: submitted ones, and the same rows in another format. What is stored never changes afterwards.
import { isDeepStrictEqual } from 'node:util';
import { AppError, type Call, type curator, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { CURATOR_CONFIG, type CuratorConfig } from '../config.js';
import { readRows, type Written, writeRows } from '../formats/codec.js';
import type { Row } from '../formats/rows.js';
import type { DataFormat } from '../formats/text.js';
import { inferSchema, type JsonSchema } from '../schemas/inference.js';
import { shapeOf } from '../schemas/shape.js';
import { checkSchema, validateRows } from '../schemas/validator.js';
import { type DatasetRecord, type NewDataset, summaryOf } from './dataset.js';
import { DatasetRepository } from './dataset.repository.js';
import { DatasetReader } from './dataset-reader.js';
import { obtain } from './submission.js';

type Submit = (typeof curator.tools)['submit_dataset'];
type Transform = (typeof curator.tools)['transform_data_format'];

const ERRORS_SHOWN_MAX = 50;
const NAME_LENGTH_MAX = 120;

@Injectable()
export class DatasetWriter {
  constructor(
    @Inject(DatasetRepository) private readonly repository: DatasetRepository,
    @Inject(DatasetReader) private readonly reader: DatasetReader,
    @Inject(CURATOR_CONFIG) private readonly config: CuratorConfig,
  ) {}

  async submit(input: ToolInput<Submit>, call: Call): Promise<ToolOutput<Submit>> {
    refuseUnstorable(input);
    if (input.schema !== undefined) checkSchema(input.schema);
    const { bytes, from } = await obtain(input, { config: this.config, signal: call.signal });
    const read = await readRows(input.format, bytes, { schema: input.schema });
    const rowSchema = input.schema ?? inferSchema(shapeOf(read.rows));
    if (input.schema !== undefined) refuseMisfits(input.schema, read.rows);
    return this.store({
      id: newId(),
      name: input.name,
      description: input.description,
      format: input.format,
      rowCount: read.rows.length,
      owner: call.principal.walletId,
      provenance: {
        source: input.source ?? from,
        license: input.license ?? null,
        obtainedAt: new Date().toISOString(),
        derivedFrom: null,
        note: null,
      },
      rowSchema,
      columns: read.columns ?? null,
      content: bytes,
    });
  }

  async transform(input: ToolInput<Transform>, call: Call): Promise<ToolOutput<Transform>> {
    refuseUnstorable(input);
    const origin = await this.reader.find(input.datasetId, call);
    const rows = await this.reader.rowsOf(origin);
    const written = await writeRows(input.to, rows);
    await refuseLoss(rows, { written, origin, to: input.to });
    return this.store({
      id: newId(),
      name: input.name ?? `${origin.name.slice(0, NAME_LENGTH_MAX - input.to.length - 3)} (${input.to})`,
      description: origin.description,
      format: input.to,
      rowCount: rows.length,
      owner: call.principal.walletId,
      provenance: {
        ...origin.provenance,
        derivedFrom: origin.id,
        note: `The rows of ${origin.id} (${origin.format}), written as ${input.to}.`,
      },
      rowSchema: origin.rowSchema,
      columns: written.columns ?? null,
      content: written.bytes,
    });
  }

  private async store(dataset: NewDataset): Promise<ToolOutput<Submit>> {
    const record = await this.repository.insert(dataset);
    return { dataset: summaryOf(record), schema: record.rowSchema };
  }
}

const newId = (): string => `ds_${uuidv7()}`;

/** The database holds no character U+0000 in a text. */
function refuseUnstorable(texts: {
  name?: string | undefined;
  description?: string;
  license?: string | undefined;
  source?: string | undefined;
}): void {
  const { name, description, license, source } = texts;
  for (const [field, text] of Object.entries({ name, description, license, source })) {
    if (text?.includes('\0') === true)
      throw new AppError('invalid_input', `Cannot store the dataset: its ${field} holds the character U+0000.`);
  }
}

function refuseMisfits(schema: JsonSchema, rows: readonly Row[]): void {
  const { valid, invalidRows, errors } = validateRows(schema, rows, ERRORS_SHOWN_MAX);
  if (valid) return;
  const first = errors
    .slice(0, 3)
    .map(({ row, path, message }) => `row ${row}${path === '' ? '' : ` at ${path}`} ${message}`);
  throw new AppError(
    'invalid_input',
    `Cannot store the dataset: ${invalidRows} of ${rows.length} rows do not fit the schema: ${first.join('; ')}. Correct the rows or the schema.`,
    { details: { invalidRows, errors } },
  );
}

/** Reads back what was written: a promise of this tool is that nothing changes on the way. */
async function refuseLoss(
  rows: readonly Row[],
  { written, origin, to }: { written: Written; origin: DatasetRecord; to: DataFormat },
): Promise<void> {
  const back = await readRows(to, written.bytes, { columns: written.columns });
  if (isDeepStrictEqual(back.rows, rows)) return;
  throw new AppError(
    'unsupported_format',
    `Cannot write ${origin.id} as ${to} without a loss. Keep it as ${origin.format}, or use json.`,
  );
}
