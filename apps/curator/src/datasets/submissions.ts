// What a wallet submits becomes a version: its bytes obtained, read as rows, checked, and put. Nothing names it yet.
import { createHash } from 'node:crypto';
import { BLOBS, BlobReferences, type Blobs } from '@labmesh/blobs';
import { AppError, type Call, type curator, type ToolInput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { CURATOR_CONFIG, type CuratorConfig } from '../config.js';
import { readRows } from '../formats/codec.js';
import type { Row } from '../rows.js';
import { inferSchema, type JsonSchema } from '../schemas/inference.js';
import { shapeOf } from '../schemas/shape.js';
import { checkSchema, validateRows } from '../schemas/validator.js';
import type { NewVersion } from './dataset.js';
import { obtain } from './submission.js';

type Submission = Omit<
  ToolInput<(typeof curator.tools)['update_dataset']>,
  'datasetId' | 'name' | 'description' | 'note'
>;

const ERRORS_SHOWN_MAX = 50;

@Injectable()
export class Submissions {
  constructor(
    @Inject(CURATOR_CONFIG) private readonly config: CuratorConfig,
    @Inject(BLOBS) private readonly blobs: Pick<Blobs, 'uploads'>,
    @Inject(BlobReferences) private readonly references: BlobReferences,
  ) {}

  /** @throws AppError as `obtain`, invalid_input for rows that do not fit the schema, and what reading the format throws */
  async take(input: Submission, call: Call): Promise<Omit<NewVersion, 'note'>> {
    if (input.schema !== undefined) await checkSchema(input.schema);
    const { config, blobs } = this;
    const { bytes, from } = await obtain(input, { config, uploads: blobs.uploads, call });
    refuseOther(input.sha256, bytes);
    const read = await readRows(input.format, bytes, { schema: input.schema });
    const rowSchema = input.schema ?? inferSchema(shapeOf(read.rows));
    if (input.schema !== undefined) await refuseMisfits(input.schema, read.rows);
    return {
      format: input.format,
      rowCount: read.rows.length,
      provenance: {
        source: input.source ?? from,
        license: input.license ?? null,
        obtainedAt: new Date().toISOString(),
        derivedFrom: null,
        note: null,
      },
      rowSchema,
      columns: read.columns ?? null,
      content: await this.references.store.put([bytes], { signal: call.signal }),
    };
  }

  /** What was stored needs its upload no more; one that stays is removed when it is old. */
  async done({ uploadId }: Pick<Submission, 'uploadId'>): Promise<void> {
    if (uploadId !== undefined) await this.blobs.uploads.remove(uploadId).catch(() => undefined);
  }
}

function refuseOther(expected: string | undefined, bytes: Uint8Array): void {
  if (expected === undefined) return;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== expected)
    throw new AppError(
      'invalid_input',
      `Cannot store the dataset: the SHA-256 of its bytes is ${sha256}, and ${expected} was expected. They were changed on their way; send them again.`,
    );
}

async function refuseMisfits(schema: JsonSchema, rows: readonly Row[]): Promise<void> {
  const { valid, invalidRows, errors } = await validateRows(schema, rows, ERRORS_SHOWN_MAX);
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
