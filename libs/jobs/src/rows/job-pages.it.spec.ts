// A page of a hundred thousand jobs is read along an index: rows that are looked at are counted, not time. Needs a server.
import { beforeAll, describe, expect, it } from 'vitest';
import { ADA, BEN, serverBed } from '../bed.testing.js';
import { type JobFilter, pageStatement } from './job-pages.repository.js';

const JOBS = 100_000;
/** Labels: one that half of them have, one of a hundred, one of seven. */
const LABELS = `jsonb_build_object('project', CASE n % 2 WHEN 0 THEN 'flare' ELSE 'orbit' END, 'run', (n / 100)::text)
                || CASE WHEN n % 14000 = 7 THEN '{"kept": "yes"}'::jsonb ELSE '{}'::jsonb END`;
/** For a page of 100: as many of the jobs, of the page itself and of their newest attempts, and some more for each state. */
const ROWS_MOST = 1_000;

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

const all = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(all)];

describe('a page of a hundred thousand jobs', () => {
  const bed = serverBed();
  beforeAll(async () => {
    const { pool } = bed().database;
    await pool.query(`INSERT INTO mechanic.job_arrays (id, owner, name, count) VALUES ('arr_1', $1, 'swept', 1000)`, [
      ADA,
    ]);
    await pool.query(
      `INSERT INTO mechanic.jobs (id, owner, role, name, spec_hash, spec, executor, labels, cpu_milli, memory_mb, gpus, wall_seconds,
                                  state, submitted_at, ended_at, node_id, array_id, array_index)
       SELECT 'job_' || n, CASE n % 50 WHEN 0 THEN $1 ELSE $2 END, 'researcher', 'job ' || n, '', '{}', CASE WHEN n % 500 = 3 THEN 'slurm' ELSE 'process' END, ${LABELS}, 1000, 100, 0, 10,
              CASE WHEN n % 1000 = 0 THEN 'waiting' WHEN n % 7 = 0 THEN 'failed' ELSE 'succeeded' END,
              timestamptz '2026-01-01' + n * interval '1 second', CASE WHEN n % 1000 = 0 THEN NULL ELSE now() END,
              CASE WHEN n % 400 = 9 THEN 'two' ELSE 'one' END,
              CASE WHEN n BETWEEN 50001 AND 51000 THEN 'arr_1' END, CASE WHEN n BETWEEN 50001 AND 51000 THEN n - 50001 END
         FROM generate_series(1, ${JOBS}) n`,
      [BEN, ADA],
    );
    await pool.query('ANALYZE mechanic.jobs');
  });

  it.each<[string, JobFilter]>([
    ['everybody’s', {}],
    ['a wallet’s', { owner: ADA }],
    ['a wallet’s that has few', { owner: BEN }],
    ['those that wait', { states: ['waiting'] }],
    ['a wallet’s in some states', { owner: BEN, states: ['waiting', 'running', 'failed'] }],
    ['of a label that half of them have', { label: { name: 'project', value: 'flare' } }],
    ['a wallet’s of a label that half of them have', { owner: ADA, label: { name: 'project', value: 'flare' } }],
    ['of a label of a hundred', { label: { name: 'run', value: '77' } }],
    ['a wallet’s of a label of a hundred', { owner: ADA, label: { name: 'run', value: '77' } }],
    ['that have a label at all', { label: { name: 'kept' } }],
    ['those that wait, of a label', { states: ['waiting'], label: { name: 'project', value: 'flare' } }],
    ['of an executor that most have', { executor: 'process' }],
    ['of an executor that few have', { executor: 'slurm' }],
    ['a wallet’s of an executor that few have', { owner: ADA, executor: 'slurm' }],
    ['of the node that ran most', { node: 'one' }],
    ['of a node that ran few', { node: 'two' }],
    ['a wallet’s that has few, of a node that ran most', { owner: BEN, node: 'one' }],
    ['those that failed on a node that ran few', { states: ['failed'], node: 'two' }],
    ['of an array', { arrayId: 'arr_1' }],
    ['of an array in a state', { arrayId: 'arr_1', states: ['failed'] }],
    ['since a time', { owner: ADA, since: new Date('2026-01-01T10:00:00Z') }],
  ])('reads its own rows and no others: %s', async (_, filter) => {
    const first = await bed().pages.page(filter, 100);
    const last = first.at(-1);
    expect(first.length).toBeGreaterThan(0);
    for (const after of [undefined, last]) {
      const { sql, values } = pageStatement(filter, 100, after);
      const { rows } = await bed().database.pool.query<{ 'QUERY PLAN': Array<{ Plan: Plan }> }>(
        `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
        values,
      );
      const nodes = all(rows[0]?.['QUERY PLAN'][0]?.Plan as Plan).filter((node) => node['Relation Name'] === 'jobs');
      const read = nodes.map(
        (node) => (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
      );
      expect(read.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(ROWS_MOST);
      expect(nodes.map((node) => node['Node Type'])).not.toContain('Seq Scan');
    }
  });

  it('has each job once from the first page to the last', async () => {
    const seen: string[] = [];
    let after: { submittedAt: Date; id: string } | undefined;
    for (let page = 0; page < 30; page++) {
      const rows = await bed().pages.page({ owner: BEN, states: ['waiting', 'succeeded', 'failed'] }, 100, after);
      seen.push(...rows.map(({ id }) => id));
      after = rows.at(-1);
      if (rows.length < 100) break;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(JOBS / 50);
  });
});
