// Parquet files as other programs write them, for tests.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { engine } from '../engine/engine.js';
import { quoteText } from '../engine/engine-session.js';
import { PARQUET_TASK } from './parquet-reader.js';

/** What a query of DuckDB's answers, as a file. */
export const foreignParquet = (select: string): Promise<Buffer> =>
  engine.run(PARQUET_TASK, async (session) => {
    const file = join(session.folder, 'foreign.parquet');
    await session.run(`COPY (${select}) TO ${quoteText(file)} (FORMAT parquet)`);
    return readFileSync(file);
  });

/** One that DuckDB cannot write, of test-data/parquet. */
export const storedParquet = (name: string): Buffer =>
  readFileSync(new URL(`../../test-data/parquet/${name}.parquet`, import.meta.url));
