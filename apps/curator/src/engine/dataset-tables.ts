// A dataset as a table that the engine reads: a Parquet file with its exact rows, made at first use and kept for the next, in bounded room.
import { createHash } from 'node:crypto';
import { chmod, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalCopy } from '@labmesh/blobs';
import { AppError } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { type DatasetRecord, isLarge } from '../datasets/dataset.js';
import { DatasetReader } from '../datasets/dataset-reader.js';
import { keyOf } from '../datasets/row-cache.js';
import { writeParquetFile } from '../formats/parquet-writer.js';
import { shapeOf } from '../schemas/shape.js';
import { ENGINE, type Engine } from './engine.js';
import { importTable } from './table-import.js';
import { isStreamed } from './table-lines.js';

/** Room for the tables of datasets used lately, bytes. */
const ROOM = 512 * 1024 * 1024;
const WRITE_MS = 60_000;

interface Table {
  readonly copy: Promise<LocalCopy>;
  bytes: number;
  /** Queries that read it now. */
  users: number;
}

@Injectable()
export class DatasetTables {
  /** In the order of use, the longest unused first. */
  private readonly tables = new Map<string, Table>();

  constructor(
    @Inject(DatasetReader) private readonly reader: DatasetReader,
    @Inject(ENGINE) private readonly runs: Engine,
  ) {}

  /**
   * Gives the files of these datasets to `use`, in their order; they stay for as long as it runs.
   * @throws AppError unsupported_format when a dataset's columns cannot be those of a table.
   */
  async using<T>(records: readonly DatasetRecord[], use: (files: readonly string[]) => Promise<T>): Promise<T> {
    const tables = records.map((record) => this.table(record));
    for (const table of tables) table.users += 1;
    try {
      return await use(await Promise.all(tables.map(async ({ copy }) => (await copy).path)));
    } finally {
      for (const table of tables) table.users -= 1;
      await this.makeRoom();
    }
  }

  private table(record: DatasetRecord): Table {
    // A table that lies beside its content goes with it.
    const key = createHash('sha256')
      .update(record.tableBlobId ?? keyOf(record))
      .digest('hex');
    const known = this.tables.get(key);
    if (known !== undefined) {
      this.tables.delete(key);
      this.tables.set(key, known);
      return known;
    }
    const table: Table = { copy: this.copyOf(record, key), bytes: 0, users: 0 };
    this.tables.set(key, table);
    table.copy.then(
      async ({ path }) => {
        table.bytes = await stat(path).then(
          ({ size }) => size,
          () => 0,
        );
      },
      () => this.tables.delete(key),
    );
    return table;
  }

  /** The one that lies beside the content, or one that is made: of a large dataset's file, or of the rows. */
  private async copyOf(record: DatasetRecord, key: string): Promise<LocalCopy> {
    const there = await this.reader.tableOf(record);
    if (there !== undefined) return there;
    const folder = join(await this.runs.root(), 'tables');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `${key}.parquet`);
    try {
      await (isLarge(record) ? this.importTo(path, record) : this.writeTo(path, record));
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'unsupported_format') throw thrown;
      throw new AppError('unsupported_format', `Cannot use ${record.id} as a table: ${thrown.message}`, {
        cause: thrown,
      });
    }
    await chmod(path, 0o400);
    return { path, [Symbol.asyncDispose]: () => rm(path, { force: true }) };
  }

  private async writeTo(path: string, record: DatasetRecord): Promise<void> {
    const rows = await this.reader.rowsOf(record);
    await this.runs.run({ who: record.owner, limitMs: WRITE_MS }, async (session) =>
      rename(await writeParquetFile(session, rows, shapeOf(rows)), path),
    );
  }

  private async importTo(target: string, record: DatasetRecord): Promise<void> {
    const { format, columns, owner } = record;
    if (!isStreamed(format))
      throw new AppError('too_large', `Cannot read all of ${record.id}: it is too large for its format, ${format}.`);
    await using copy = await this.reader.copyOf(record);
    const hints = { columns: columns ?? undefined };
    await importTable({ file: copy.path, format, hints, target, who: owner }, this.runs);
  }

  private async makeRoom(): Promise<void> {
    let bytes = [...this.tables.values()].reduce((sum, table) => sum + table.bytes, 0);
    for (const [key, table] of this.tables) {
      if (bytes <= ROOM) return;
      if (table.users > 0) continue;
      this.tables.delete(key);
      bytes -= table.bytes;
      await (await table.copy)[Symbol.asyncDispose]();
    }
  }
}
