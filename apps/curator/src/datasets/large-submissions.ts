// A submission whose rows are never all in memory: its file is looked at whole by the engine, and its rows become a table beside it.
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type BlobRef, BlobReferences } from '@labmesh/blobs';
import { Inject, Injectable } from '@nestjs/common';
import { ENGINE, type Engine } from '../engine/engine.js';
import { exportInto } from '../engine/table-export.js';
import { importTable } from '../engine/table-import.js';
import type { StreamedFormat } from '../engine/table-lines.js';
import { readTable, temporaryTable } from '../engine/table-rows.js';
import type { Row } from '../rows.js';
import type { Settled, Sieve } from '../schemas/drift-policy.js';
import type { JsonSchema } from '../schemas/inference.js';
import { validatePortions } from '../schemas/validator.js';
import type { NewVersion } from './dataset.js';
import { type Before, driftTold, hasDiscarded, isOfTypes, schemaFor, settledWith } from './drifting.js';

export type Taken = Pick<NewVersion, 'rowCount' | 'rowSchema' | 'columns' | 'content' | 'table' | 'drift'>;

interface Large {
  readonly format: StreamedFormat;
  /** That was put. */
  readonly content: BlobRef;
  readonly schema: JsonSchema | undefined;
  readonly before: Before | undefined;
  readonly who: string;
  readonly signal: AbortSignal;
}

/** A table that is on this machine, and what is stored with it. */
interface Kept extends Pick<Taken, 'rowCount' | 'columns' | 'content'> {
  readonly path: string;
  readonly inferred: JsonSchema;
}

export const ERRORS_SHOWN_MAX = 50;

@Injectable()
export class LargeSubmissions {
  constructor(
    @Inject(BlobReferences) private readonly references: BlobReferences,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  /** @throws AppError as `importTable`, conflict for frozen columns, invalid_input for rows that do not fit the schema */
  async take(large: Large): Promise<Taken> {
    const { content, format, schema, before, who, signal } = large;
    await using copy = await this.references.store.localCopy(content.sha256, signal);
    await using table = await temporaryTable(this.engine);
    await using sieved = await temporaryTable(this.engine);
    const source = { file: copy.path, format, hints: { schema }, target: table.path, who, signal };
    const { rows, cells, schema: inferred } = await importTable(source, this.engine);
    const settled = settledWith(before, inferred);
    const whole: Kept = { path: table.path, rowCount: rows, columns: cells ?? null, content, inferred };
    const kept = (await this.#sieved(large, { settled, table: table.path, target: sieved.path })) ?? whole;
    const validate = (against: JsonSchema) =>
      readTable(
        { table: kept.path, who, signal },
        (portions) => validatePortions(against, portions, ERRORS_SHOWN_MAX),
        this.engine,
      );
    return {
      rowCount: kept.rowCount,
      columns: kept.columns,
      content: kept.content,
      rowSchema: await schemaFor({ given: schema, before, settled, inferred: kept.inferred, validate }),
      table: await this.#put(kept.path, signal),
      drift: driftTold(settled),
    };
  }

  /** Without what the policy leaves out; undefined where that is nothing. */
  async #sieved(
    { format, who, signal }: Large,
    { settled, table, target }: { settled: Settled | undefined; table: string; target: string },
  ): Promise<Kept | undefined> {
    if (settled?.sieve === undefined || (settled.drift.length === 0 && isOfTypes(settled.schema))) return undefined;
    const { sieve } = settled;
    await using lines = await temporaryTable(this.engine);
    await readTable(
      { table, who, signal },
      (portions) => pipeline(linesOf(portions, sieve), createWriteStream(lines.path, { mode: 0o600 })),
      this.engine,
    );
    if (!hasDiscarded(settled)) return undefined;
    const { rows, schema } = await importTable({ file: lines.path, target, who, signal }, this.engine);
    const made = { path: target, rowCount: rows, inferred: schema };
    if (format === 'parquet') return { ...made, columns: null, content: await this.#put(target, signal) };
    const { store } = this.references;
    const wanted = { table: target, format, who, signal };
    const { put, columns } = await exportInto((bytes) => store.put(bytes, { signal }), wanted, this.engine);
    return { ...made, columns, content: put };
  }

  #put(path: string, signal: AbortSignal): Promise<BlobRef> {
    return this.references.store.put(createReadStream(path), { signal });
  }
}

async function* linesOf(portions: AsyncIterable<readonly Row[]>, sieve: Sieve): AsyncGenerator<string, void, void> {
  for await (const rows of portions)
    yield sieve
      .keep(rows)
      .map((row) => `${JSON.stringify(row)}\n`)
      .join('');
}
