// Jobs as rows: written once, looked at often. What becomes of one is decided by the functions of the database alone.
import type { JobState } from '@labmesh/contracts';
import type { Database, Prisma } from '@labmesh/db';
import { type Changed, changedOf } from './attempts.repository.js';
import { insertJobs, insertPlain, tooLate } from './inserts.repository.js';
import {
  type AttemptRow,
  type GivenFile,
  type JobRow,
  jobOf,
  NEWEST_ATTEMPT,
  type Raw,
  type WaitedFor,
  WHOLE_COLUMNS,
  type WholeJob,
} from './job-row.js';
import type { Inserted, NewJob } from './new-job.js';
import { rowsOf } from './statements.repository.js';

type Transaction = Prisma.TransactionClient;

const WHOLE = `SELECT ${WHOLE_COLUMNS} FROM mechanic.jobs j ${NEWEST_ATTEMPT}`;
const FIND = `${WHOLE} WHERE j.id = $1`;
const SUBMITTED = `${WHOLE} WHERE j.owner = $1 AND j.submission_id = $2`;
const OWNERS = `
  SELECT id, owner FROM mechanic.jobs WHERE id = ANY($1::text[])
  UNION ALL SELECT id, owner FROM mechanic.job_arrays WHERE id = ANY($1::text[])`;
const HISTORY = `
  SELECT number, node_id AS node, worker_id AS "workerId", state, outcome, reason, message, exit_code AS "exitCode", signal,
         gpu_indexes AS gpus, placed_at AS "placedAt", started_at AS "startedAt", ended_at AS "endedAt",
         cpu_ms::float8 AS "cpuMs", gpu_ms::float8 AS "gpuMs", memory_peak_bytes::float8 AS "memoryPeakBytes",
         CASE WHEN number = max(number) OVER () THEN usage_series END AS usage
    FROM mechanic.job_attempts WHERE job_id = $1 ORDER BY number`;
const AFTER = `
  SELECT d.on_id AS "jobId", d.on_state AS on, j.state FROM mechanic.job_dependencies d JOIN mechanic.jobs j ON j.id = d.on_id
   WHERE d.job_id = $1
  UNION ALL
  SELECT d.array_id, d.on_state, CASE WHEN NOT s.is_over THEN 'running' WHEN s.has_failed THEN 'failed' ELSE 'succeeded' END
    FROM mechanic.job_array_dependencies d, LATERAL mechanic.array_stands(d.array_id) s WHERE d.job_id = $1
   ORDER BY 1`;
const FILES = `
  SELECT f.path, b.bytes::float8 AS bytes FROM mechanic.job_files f JOIN mechanic.blobs b ON b.id = f.blob_id
   WHERE f.job_id = $1 ORDER BY f.path`;

export class JobRows {
  constructor(private readonly database: Database) {}

  async find(jobId: string): Promise<JobRow | undefined> {
    const [row] = await rowsOf<Raw<JobRow, 'heldMicro' | 'costMicro'>>(this.database, FIND, [jobId]);
    return row && jobOf<JobRow>(row);
  }

  /** What it was given, what it waits for, and all its attempts. */
  async whole(jobId: string): Promise<WholeJob | undefined> {
    const job = await this.find(jobId);
    if (job === undefined) return undefined;
    const [history, after, files] = await Promise.all([
      rowsOf<AttemptRow>(this.database, HISTORY, [jobId]),
      rowsOf<WaitedFor>(this.database, AFTER, [jobId]),
      rowsOf<GivenFile>(this.database, FILES, [jobId]),
    ]);
    return { job, history, after, files };
  }

  /** The job that an owner submitted under this name before. */
  async submitted(owner: string, submissionId: string): Promise<JobRow | undefined> {
    const [row] = await rowsOf<Raw<JobRow, 'heldMicro' | 'costMicro'>>(this.database, SUBMITTED, [owner, submissionId]);
    return row && jobOf<JobRow>(row);
  }

  /** Those of these jobs and arrays that are there, with their owners. */
  owners(ids: readonly string[]): Promise<Array<{ id: string; owner: string }>> {
    return rowsOf(this.database, OWNERS, [ids]);
  }

  /** Of the whole lab, by state; only those that have not ended are counted. */
  async counts(): Promise<Readonly<Partial<Record<JobState, number>>>> {
    const sql = 'SELECT state, count(*)::int AS n FROM mechanic.jobs WHERE ended_at IS NULL GROUP BY state';
    const rows = await rowsOf<{ state: JobState; n: number }>(this.database, sql);
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  }

  /** As insertJobs says it. */
  insert(tx: Transaction, { id, holdId, ofArray, ...work }: NewJob): Promise<Inserted> {
    const runs = [{ id, holdId, index: ofArray?.index ?? null, environment: {} }];
    return insertJobs(tx, work, { runs, arrayId: ofArray?.arrayId ?? null });
  }

  /** As insert, of one for which isPlain holds, without a transaction around it. @throws AppError deadline_exceeded */
  async insertPlain(job: NewJob): Promise<Inserted> {
    const { id: jobId, owner, submissionId, specHash } = job;
    const row = await insertPlain(this.database, job);
    if (row !== undefined) return { jobId, isNew: true, specHash, row };
    const before = submissionId === null ? undefined : await this.submitted(owner, submissionId);
    return before === undefined
      ? tooLate()
      : { jobId: before.id, isNew: false, specHash: before.specHash, row: before };
  }

  /** Ends it now where no worker has it, else asks its worker to. Empty: it had ended. */
  async cancel(jobId: string, by: string, graceMs: number): Promise<Changed[]> {
    const sql = 'SELECT id, state FROM mechanic.cancel_job($1, $2, $3)';
    return changedOf(await rowsOf(this.database, sql, [jobId, by, graceMs]));
  }
}
