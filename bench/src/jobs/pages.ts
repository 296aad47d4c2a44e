// A page of 100,000 jobs, as list_jobs reads it, on each database: everybody's, one wallet's, by state.
import type { Database } from '@labmesh/db';
import { type JobFilter, JobPages } from '@labmesh/jobs';
import { atMost, type Figure, type Floor, round } from '../report.js';
import { quantile, timed } from '../timed.js';

const JOBS = 100_000;
const PAGE = 21;
const RUNS = 200;
const LIMIT_MS = 10;

const MANY = 'wal_01990000-0000-7000-8000-00000000000a';
const FEW = 'wal_01990000-0000-7000-8000-00000000000b';
const FILL = `
  INSERT INTO mechanic.jobs (id, owner, role, name, spec_hash, spec, executor, labels, cpu_milli, memory_mb, gpus, wall_seconds,
                             state, submitted_at, ended_at)
  SELECT 'job_' || n, CASE n % 50 WHEN 0 THEN $1 ELSE $2 END, 'researcher', 'training ' || n, '', '{"name": "training"}', 'process', '{}',
         1000, 1024, 0, 3600, CASE WHEN n % 1000 = 0 THEN 'waiting' WHEN n % 7 = 0 THEN 'failed' ELSE 'succeeded' END,
         timestamptz '2026-01-01' + n * interval '1 second', CASE WHEN n % 1000 = 0 THEN NULL ELSE now() END
    FROM generate_series(1, ${JOBS}) n`;

const ASKED: ReadonlyArray<readonly [string, JobFilter]> = [
  ['everybody’s newest', {}],
  ['a wallet’s newest', { owner: MANY }],
  ['of a wallet that has few', { owner: FEW }],
  ['that wait', { states: ['waiting'] }],
  ['a wallet’s that wait, run or failed', { owner: FEW, states: ['waiting', 'running', 'failed'] }],
];

export async function pageFigures(database: Database): Promise<{ figures: Figure[]; floors: Floor[] }> {
  await database.pool.query(FILL, [FEW, MANY]);
  await database.pool.query('VACUUM ANALYZE mechanic.jobs');
  const pages = new JobPages(database);
  const figures: Figure[] = [];
  const floors: Floor[] = [];
  for (const [name, filter] of ASKED) {
    const last = (await pages.page(filter, PAGE)).at(-1);
    for (const [which, after] of [
      ['first page', undefined],
      ['next page', last],
    ] as const) {
      const times = await timed(RUNS, () => pages.page(filter, PAGE, after));
      const p50 = round(quantile(times, 0.5) / 1_000);
      const title = `${database.kind}: ${name}, ${which}`;
      figures.push({ case: title, values: { 'p50 ms': p50, 'p99 ms': round(quantile(times, 0.99) / 1_000) } });
      floors.push(atMost(`${title}, p50 ms`, p50, LIMIT_MS));
    }
  }
  return { figures, floors };
}
