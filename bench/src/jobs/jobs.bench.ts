// Jobs: a page of a list of 100,000, and how soon the process of a job begins.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '@labmesh/db';
import { postgresDatabase, redisServer, temporaryFolder } from '@labmesh/testing';
import { type BenchResult, result } from '../report.js';
import { pageFigures } from './pages.js';
import { startFigures } from './starts.js';

const LAB_MS = 40;
const REDIS_MS = 25;

export async function jobsBench(): Promise<BenchResult> {
  const folder = await temporaryFolder('bench-jobs');
  const parts: Array<Pick<BenchResult, 'figures' | 'floors'>> = [];
  try {
    parts.push(await startFigures('the lab’s database', {}, LAB_MS));
    {
      // A mesh has both; beside an embedded database there is no need of Redis.
      await using redis = await redisServer();
      await using rows = await postgresDatabase();
      const mesh = { REDIS_URL: redis.url, DATABASE_URL: rows.url };
      parts.push(await startFigures('Redis, rows on PostgreSQL', mesh, REDIS_MS));
    }
    await using server = await postgresDatabase();
    for (const url of [undefined, server.url]) {
      const database = await openDatabase({ folder: join(folder, 'pg'), ...(url === undefined ? {} : { url }) });
      try {
        parts.push(await pageFigures(database));
      } finally {
        await database.close();
      }
    }
    return result(
      'jobs',
      parts.flatMap(({ figures }) => figures),
      parts.flatMap(({ floors }) => floors),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
