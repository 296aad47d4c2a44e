// What the Curator's work with data costs: lists of 10,000 datasets on both databases, import of JSON lines beside DuckDB alone,
// validation, and a fetch through the whole lab.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '@labmesh/db';
import { postgresDatabase, temporaryFolder } from '@labmesh/testing';
import { type BenchResult, result } from '../report.js';
import { fetchFigures } from './fetching.js';
import { importFigures } from './import.js';
import { lists } from './list.js';
import { validationFigures } from './validation.js';

export async function dataBench(): Promise<BenchResult> {
  const folder = await temporaryFolder('bench-data');
  await using server = await postgresDatabase();
  try {
    const parts = [await importFigures(folder), await validationFigures(), await fetchFigures()];
    for (const url of [undefined, server.url]) {
      const database = await openDatabase({ folder: join(folder, 'pg'), ...(url === undefined ? {} : { url }) });
      try {
        parts.push(await lists(database));
      } finally {
        await database.close();
      }
    }
    return result(
      'data',
      parts.flatMap(({ figures }) => figures),
      parts.flatMap(({ floors }) => floors),
      ['Counts are kept until what they count changes: the first question after a change is in its own column.'],
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
