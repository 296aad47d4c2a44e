// A database for a suite, embedded or on the server, with the rows of jobs on it, and a few words to write them with.
import { JobSpec } from '@labmesh/contracts';
import type { Database } from '@labmesh/db';
import { embedded, onServer } from '@labmesh/db/suite.testing';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { ExecutorReport } from './executor.js';
import { Placement, type PlacementSettings } from './placement/placement.repository.js';
import { JobArrays } from './rows/arrays.repository.js';
import { AttemptRows } from './rows/attempts.repository.js';
import { JobPages } from './rows/job-pages.repository.js';
import type { OfArray } from './rows/job-row.js';
import { JobRows } from './rows/jobs.repository.js';
import { NodeRows } from './rows/nodes.repository.js';
import { Sweep } from './rows/sweep.repository.js';
import { WorkerRows } from './rows/workers.repository.js';

export const ALL_ENFORCED: ExecutorReport = {
  kind: 'process',
  version: null,
  enforced: {
    cpus: 'cgroup',
    memory: 'cgroup',
    processes: 'cgroup',
    disk: 'watchdog',
    network: 'namespace',
    wallTime: 'lab',
  },
  notes: [],
};

export interface JobsBed {
  readonly database: Database;
  readonly jobs: JobRows;
  readonly arrays: JobArrays;
  readonly pages: JobPages;
  readonly attempts: AttemptRows;
  readonly workers: WorkerRows;
  readonly nodes: NodeRows;
  readonly sweep: Sweep;
  readonly placement: Placement;
}

const SETTINGS: PlacementSettings = { quotaOf: () => ({}), reserveAfterMs: 30_000 };

const bedOver = (database: Database, settings: Partial<PlacementSettings> = {}): JobsBed => ({
  database,
  jobs: new JobRows(database),
  arrays: new JobArrays(database),
  pages: new JobPages(database),
  attempts: new AttemptRows(database),
  workers: new WorkerRows(database),
  nodes: new NodeRows(database),
  sweep: new Sweep(database),
  placement: new Placement(database, { ...SETTINGS, ...settings }),
});

export const embeddedBed = (): (() => JobsBed) => embedded(bedOver);

/** On the server that has to answer on 127.0.0.1:5432. */
export const serverBed = (): (() => JobsBed) => onServer(bedOver);

export const ADA = 'wal_01990000-0000-7000-8000-00000000000a';
export const BEN = 'wal_01990000-0000-7000-8000-00000000000b';

/** How a test asks for a job. */
export type Asked = Partial<z.input<typeof JobSpec>> & {
  readonly owner?: string;
  readonly submissionId?: string;
  readonly heldMicro?: bigint;
  readonly ofArray?: OfArray;
};

type AskedArray = Asked & { readonly count?: number; readonly parallel?: number | null };

export async function submit({ database, jobs }: JobsBed, asked: Asked = {}): Promise<string> {
  const { owner = ADA, submissionId = null, heldMicro = 0n, ofArray, ...given } = asked;
  const spec = JobSpec.parse({ name: 'a job', command: ['true'], backoffSeconds: 0, ...given });
  const inserted = await database.prisma.$transaction((tx) =>
    jobs.insert(tx, {
      id: `job_${uuidv7()}`,
      owner,
      role: 'citizen',
      spec,
      specHash: Buffer.from(spec.name),
      submissionId,
      holdId: null,
      ofArray,
      heldMicro,
      prices: { cpuSecond: 100n, gpuSecond: 1_000n, gbSecond: 10n },
      files: [],
    }),
  );
  return inserted.jobId;
}

/** One run of an array once more, as a further job of it. */
export function submitAgain(bed: JobsBed, ofArray: OfArray): Promise<string> {
  return submit(bed, { ofArray });
}

/** An array of so many runs; answers their ids, by their index. */
export async function submitArray(
  { database, arrays }: JobsBed,
  { owner = ADA, submissionId, heldMicro = 0n, count = 3, parallel = null, ...given }: AskedArray = {},
): Promise<{ arrayId: string; ids: string[] }> {
  const spec = JobSpec.parse({ name: 'an array', command: ['true'], backoffSeconds: 0, ...given });
  const arrayId = `arr_${uuidv7()}`;
  const ids = Array.from({ length: count }, () => `job_${uuidv7()}`);
  await database.prisma.$transaction((tx) =>
    arrays.insert(tx, {
      ...{ arrayId, owner, role: 'citizen', spec, specHash: Buffer.from(spec.name), heldMicro, parallel },
      submissionId: submissionId ?? null,
      prices: { cpuSecond: 100n, gpuSecond: 1_000n, gbSecond: 10n },
      files: [],
      runs: ids.map((id) => ({ id, holdId: null, environment: {} })),
    }),
  );
  return { arrayId, ids };
}

/** A worker on a node of that name, as large as told. */
export async function enroll(
  { workers }: JobsBed,
  node: string,
  { cpus = 4, memoryMb = 8_192, gpus = 2, leaseMs = 60_000, executors = [ALL_ENFORCED] } = {},
): Promise<string> {
  const workerId = uuidv7();
  await workers.enroll({ workerId, node, cpuMilli: cpus * 1_000, memoryMb, gpus, leaseMs, executors });
  return workerId;
}

/** As if the worker had been silent for longer than its lease, and the one after it. */
export async function silence({ database }: JobsBed, workerId: string): Promise<void> {
  const sql = `UPDATE mechanic.workers SET lease_until = clock_timestamp() - interval '1 hour' WHERE id = $1::uuid`;
  await database.pool.query(sql, [workerId]);
}

/** As if all of it had been as much earlier. */
export async function age({ database }: JobsBed, jobId: string, seconds: number): Promise<void> {
  const by = [jobId, seconds];
  await database.pool.query(
    `UPDATE mechanic.jobs SET ready_at = ready_at - make_interval(secs => $2), submitted_at = submitted_at - make_interval(secs => $2) WHERE id = $1`,
    by,
  );
  await database.pool.query(
    `UPDATE mechanic.job_attempts SET placed_at = placed_at - make_interval(secs => $2), started_at = started_at - make_interval(secs => $2) WHERE job_id = $1`,
    by,
  );
}

/** Nothing but what migrations wrote. */
export async function empty({ database }: JobsBed): Promise<void> {
  await database.pool.query(
    'TRUNCATE mechanic.jobs, mechanic.job_arrays, mechanic.nodes, mechanic.workers, mechanic.outbox CASCADE',
  );
}

export async function stateOf({ jobs }: JobsBed, jobId: string): Promise<string | undefined> {
  return (await jobs.find(jobId))?.state;
}
