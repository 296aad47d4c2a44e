// What a wallet submits becomes a version: its bytes obtained, read as rows, checked, and put. Nothing names it yet.
import { createHash } from 'node:crypto';
import { BLOBS, type BlobRef, BlobReferences, type Blobs } from '@labmesh/blobs';
import { AppError, type Call, type curator, type ToolInput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { CURATOR_CONFIG, type CuratorConfig } from '../config.js';
import { isStreamed } from '../engine/table-lines.js';
import { readRows, writeRows } from '../formats/codec.js';
import { inferSchema, type JsonSchema } from '../schemas/inference.js';
import { shapeOf } from '../schemas/shape.js';
import { checkSchema, validateRows } from '../schemas/validator.js';
import type { NewVersion } from './dataset.js';
import { type Before, driftTold, hasDiscarded, schemaFor, settledWith } from './drifting.js';
import { ERRORS_SHOWN_MAX, LargeSubmissions, type Taken } from './large-submissions.js';
import { obtain, tooLarge } from './submission.js';

type Submission = Omit<
  ToolInput<(typeof curator.tools)['update_dataset']>,
  'datasetId' | 'name' | 'description' | 'note' | 'drift'
>;

interface Beside {
  readonly before: Before | undefined;
  readonly call: Call;
}

@Injectable()
export class Submissions {
  constructor(
    @Inject(CURATOR_CONFIG) private readonly config: CuratorConfig,
    @Inject(BLOBS) private readonly blobs: Pick<Blobs, 'uploads'>,
    @Inject(BlobReferences) private readonly references: BlobReferences,
    @Inject(LargeSubmissions) private readonly large: LargeSubmissions,
  ) {}

  /**
   * `before`: what the rows of a new version are compared with.
   * @throws AppError as `obtain`, invalid_input for rows that do not fit the schema, conflict for frozen columns, and what reading throws
   */
  async take(input: Submission, call: Call, before?: Before): Promise<Omit<NewVersion, 'note'>> {
    if (input.schema !== undefined) await checkSchema(input.schema);
    const { config, blobs, references } = this;
    const { from, ...obtained } = await obtain(input, { config, uploads: blobs.uploads, references, call });
    const beside = { before, call };
    const taken =
      'bytes' in obtained
        ? await this.#whole(input, obtained.bytes, beside)
        : await this.#large(input, obtained.content, beside);
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
  async #whole(input: Submission, bytes: Buffer, beside: Beside): Promise<Taken> {
    const { format, schema } = input;
    const { before, call } = beside;
    refuseOther(input.sha256, createHash('sha256').update(bytes).digest('hex'));
    const put = (content: Buffer) => this.references.store.put([content], { signal: call.signal });
    const read = await readRows(format, bytes, { schema }).catch((thrown: unknown) => {
      if (thrown instanceof AppError && thrown.code === 'too_large' && isStreamed(format)) return undefined;
      throw thrown;
    });
    if (read === undefined) return this.#large(input, await put(bytes), beside);
    const settled = settledWith(before, inferSchema(shapeOf(read.rows)));
    const sieved = settled?.sieve?.keep(read.rows);
    const rows = settled !== undefined && sieved !== undefined && hasDiscarded(settled) ? sieved : read.rows;
    const written = rows === read.rows ? { bytes, columns: read.columns } : await writeRows(format, rows);
    const validate = (against: JsonSchema) => validateRows(against, rows, ERRORS_SHOWN_MAX);
    return {
      rowCount: rows.length,
      rowSchema: await schemaFor({ given: schema, before, settled, inferred: inferSchema(shapeOf(rows)), validate }),
      columns: written.columns ?? null,
      content: await put(written.bytes),
      drift: driftTold(settled),
    };
  }

  async #large({ format, schema, sha256 }: Submission, content: BlobRef, { before, call }: Beside): Promise<Taken> {
    refuseOther(sha256, content.sha256);
    if (!isStreamed(format)) throw tooLarge(content.bytes, format);
    const { principal, signal } = call;
    return this.large.take({ format, content, schema, before, who: principal.walletId, signal });
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
