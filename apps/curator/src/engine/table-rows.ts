// The rows of a table of any size: by the portion for who looks at all of them, and a page of some columns for who asks for that.
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { ParquetFile, type Slice } from '../formats/parquet-reader.js';
import type { Row } from '../rows.js';
import { type Engine, engine as ownEngine } from './engine.js';
import { EngineError } from './engine-errors.js';

export interface TableReading extends Slice {
  /** A Parquet file. */
  readonly table: string;
  readonly who: string;
  readonly signal?: AbortSignal | undefined;
  readonly limitMs?: number;
}

const LIMIT_MS = 30 * 60_000;

/** Gives the rows to `use` as they come. @throws AppError invalid_input with column and row for a value that rows cannot hold */
export function readTable<T>(
  { table, who, signal, limitMs = LIMIT_MS, ...slice }: TableReading,
  use: (portions: AsyncIterable<readonly Row[]>) => Promise<T>,
  engine: Engine = ownEngine,
): Promise<T> {
  return engine.run({ who, limitMs, signal, files: [table] }, async (session) => {
    try {
      const { portions } = await new ParquetFile(session).table(table, slice);
      return await use(portions);
    } catch (thrown) {
      if (!(thrown instanceof EngineError)) throw thrown;
      const said = thrown.message.split('\n', 1)[0]?.replaceAll(table, 'the file').slice(0, 200);
      throw new AppError('invalid_input', `Cannot read the table: ${said}.`, { cause: thrown });
    }
  });
}

/** All rows of a reading that asks for few. */
export async function gathered(portions: AsyncIterable<readonly Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const portion of portions) rows.push(...portion);
  return rows;
}

/** A path for a table that is gone when its user is. */
export async function temporaryTable(engine: Engine): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = join(await engine.root(), 'tables');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${randomUUID()}.parquet`);
  return { path, [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}
