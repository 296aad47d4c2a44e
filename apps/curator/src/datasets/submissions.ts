// What a wallet submits becomes a version: its bytes obtained, read as rows, checked, and put. Nothing names it yet.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { BLOBS, type BlobRef, BlobReferences, type Blobs } from '@labmesh/blobs';
import { AppError, type Call, type curator, type ToolInput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { CURATOR_CONFIG, type CuratorConfig } from '../config.js';
import { ENGINE, type Engine } from '../engine/engine.js';
import { importTable } from '../engine/table-import.js';
import { isStreamed } from '../engine/table-lines.js';
import { readTable, temporaryTable } from '../engine/table-rows.js';
import { readRows } from '../formats/codec.js';
import type { Row } from '../rows.js';
import { inferSchema } from '../schemas/inference.js';
import type { Verdict } from '../schemas/report.js';
import { shapeOf } from '../schemas/shape.js';
import { checkSchema, validatePortions, validateRows } from '../schemas/validator.js';
import type { NewVersion } from './dataset.js';
import { obtain, tooLarge } from './submission.js';

type Submission = Omit<
  ToolInput<(typeof curator.tools)['update_dataset']>,
  'datasetId' | 'name' | 'description' | 'note'
>;

type Taken = Pick<NewVersion, 'rowCount' | 'rowSchema' | 'columns' | 'content' | 'table'>;

const ERRORS_SHOWN_MAX = 50;

@Injectable()
export class Submissions {
  constructor(
    @Inject(CURATOR_CONFIG) private readonly config: CuratorConfig,
    @Inject(BLOBS) private readonly blobs: Pick<Blobs, 'uploads'>,
    @Inject(BlobReferences) private readonly references: BlobReferences,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  /** @throws AppError as `obtain`, invalid_input for rows that do not fit the schema, and what reading the format throws */
  async take(input: Submission, call: Call): Promise<Omit<NewVersion, 'note'>> {
    if (input.schema !== undefined) await checkSchema(input.schema);
    const { config, blobs, references } = this;
    const { from, ...obtained } = await obtain(input, { config, uploads: blobs.uploads, references, call });
    const taken =
      'bytes' in obtained
        ? await this.#whole(input, obtained.bytes, call)
        : await this.#large(input, obtained.content, call);
    return {
      ...taken,
      format: input.format,
      provenance: {
        source: input.source ?? from,
        license: input.license ?? null,
        obtainedAt: new Date().toISOString(),
        derivedFrom: null,
        note: null,
      },
    };
  }

  /** In memory; a packed file that turns out to hold too much for that goes the other way. */
  async #whole(input: Submission, bytes: Buffer, call: Call): Promise<Taken> {
    const { format, schema } = input;
    refuseOther(input.sha256, createHash('sha256').update(bytes).digest('hex'));
    const put = () => this.references.store.put([bytes], { signal: call.signal });
    const read = await readRows(format, bytes, { schema }).catch(async (thrown: unknown) => {
      if (thrown instanceof AppError && thrown.code === 'too_large' && isStreamed(format)) return undefined;
      throw thrown;
    });
    if (read === undefined) return this.#large(input, await put(), call);
    const rowSchema = schema ?? inferSchema(shapeOf(read.rows));
    if (schema !== undefined) refuseMisfits(await validateRows(schema, read.rows, ERRORS_SHOWN_MAX));
    return { rowCount: read.rows.length, rowSchema, columns: read.columns ?? null, content: await put() };
  }

  /** By its file: the rows become a table beside the content, and are never all in memory. */
  async #large({ format, schema, sha256 }: Submission, content: BlobRef, { principal, signal }: Call): Promise<Taken> {
    refuseOther(sha256, content.sha256);
    if (!isStreamed(format)) throw tooLarge(content.bytes, format);
    const { store } = this.references;
    const who = principal.walletId;
    await using copy = await store.localCopy(content.sha256, signal);
    await using table = await temporaryTable(this.engine);
    const source = { file: copy.path, format, hints: { schema }, target: table.path, who, signal };
    const { rows, cells, ...imported } = await importTable(source, this.engine);
    if (schema !== undefined) {
      const check = (portions: AsyncIterable<readonly Row[]>) => validatePortions(schema, portions, ERRORS_SHOWN_MAX);
      refuseMisfits(await readTable({ table: table.path, who, signal }, check, this.engine));
    }
    return {
      rowCount: rows,
      rowSchema: schema ?? imported.schema,
      columns: cells ?? null,
      content,
      table: await store.put(createReadStream(table.path), { signal }),
    };
  }

  /** What was stored needs its upload no more; one that stays is removed when it is old. */
  async done({ uploadId }: Pick<Submission, 'uploadId'>): Promise<void> {
    if (uploadId !== undefined) await this.blobs.uploads.remove(uploadId).catch(() => undefined);
  }
}

function refuseOther(expected: string | undefined, sha256: string): void {
  if (expected !== undefined && sha256 !== expected)
    throw new AppError(
      'invalid_input',
      `Cannot store the dataset: the SHA-256 of its bytes is ${sha256}, and ${expected} was expected. They were changed on their way; send them again.`,
    );
}

function refuseMisfits({ valid, invalidRows, rowsChecked, errors }: Verdict): void {
  if (valid) return;
  const first = errors
    .slice(0, 3)
    .map(({ row, path, message }) => `row ${row}${path === '' ? '' : ` at ${path}`} ${message}`);
  throw new AppError(
    'invalid_input',
    `Cannot store the dataset: ${invalidRows} of ${rowsChecked} rows do not fit the schema: ${first.join('; ')}. Correct the rows or the schema.`,
    { details: { invalidRows, errors } },
  );
}
