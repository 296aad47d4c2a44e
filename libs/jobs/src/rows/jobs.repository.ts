// Jobs as rows: written once, looked at often. What becomes of one is decided by the functions of the database alone.
import type { JobState } from '@labmesh/contracts';
import { type Database, Prisma } from '@labmesh/db';
import { type Changed, changedOf } from './attempts.repository.js';
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
import type { NewJob } from './new-job.js';
import { rowsOf } from './statements.repository.js';

type Transaction = Prisma.TransactionClient;

export interface Inserted {
  readonly jobId: string;
  /** False: the same submission was here before; nothing was written. */
  readonly isNew: boolean;
  /** What the earlier one asked for. */
  readonly specHash: Buffer;
}

const FIND = `SELECT ${WHOLE_COLUMNS} FROM mechanic.jobs j ${NEWEST_ATTEMPT} WHERE j.id = $1`;
const HISTORY = `
  SELECT number, node_id AS node, worker_id AS "workerId", state, outcome, reason, message, exit_code AS "exitCode", signal,
         gpu_indexes AS gpus, placed_at AS "placedAt", started_at AS "startedAt", ended_at AS "endedAt",
         cpu_ms::float8 AS "cpuMs", gpu_ms::float8 AS "gpuMs", memory_peak_bytes::float8 AS "memoryPeakBytes",
         CASE WHEN number = max(number) OVER () THEN usage_series END AS usage
    FROM mechanic.job_attempts WHERE job_id = $1 ORDER BY number`;
const AFTER = `
  SELECT d.on_id AS "jobId", d.on_state AS on, j.state FROM mechanic.job_dependencies d JOIN mechanic.jobs j ON j.id = d.on_id
   WHERE d.job_id = $1 ORDER BY d.on_id`;
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
    const [row] = await rowsOf<{ id: string }>(
      this.database,
      'SELECT id FROM mechanic.jobs WHERE owner = $1 AND submission_id = $2',
      [owner, submissionId],
    );
    return row && (await this.find(row.id));
  }

  /** Those of these jobs that are there, with their owners. */
  owners(ids: readonly string[]): Promise<Array<{ id: string; owner: string }>> {
    return rowsOf(this.database, 'SELECT id, owner FROM mechanic.jobs WHERE id = ANY($1::text[])', [ids]);
  }

  /** Jobs of a wallet that have not ended. */
  async alive(owner: string): Promise<number> {
    const sql = 'SELECT count(*)::int AS n FROM mechanic.jobs WHERE owner = $1 AND ended_at IS NULL';
    return (await rowsOf<{ n: number }>(this.database, sql, [owner]))[0]?.n ?? 0;
  }

  /** Of the whole lab, by state; only those that have not ended are counted. */
  async counts(): Promise<Readonly<Partial<Record<JobState, number>>>> {
    const sql = 'SELECT state, count(*)::int AS n FROM mechanic.jobs WHERE ended_at IS NULL GROUP BY state';
    const rows = await rowsOf<{ state: JobState; n: number }>(this.database, sql);
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  }

  /**
   * Writes a job with its files and what it waits for, in the transaction that claimed the files. A job that it waits for and that
   * has not succeeded already ends it at once. Those it waits for cannot end between the look and the row: they are locked.
   */
  async insert(tx: Transaction, job: NewJob): Promise<Inserted> {
    const unmet = await this.#unmet(tx, job);
    const rows = await tx.$queryRaw<Array<{ id: string }>>`
      INSERT INTO mechanic.jobs (id, owner, role, name, submission_id, spec_hash, spec, executor, priority, labels, cpu_milli, memory_mb,
        gpus, wall_seconds, gang, gang_size, failures_max, hold_id, held_micro, price_cpu, price_gpu, price_gb, unmet)
      VALUES (${job.id}, ${job.owner}, ${job.role}, ${job.spec.name}, ${job.submissionId}, ${job.specHash},
        ${JSON.stringify(job.spec)}::jsonb, ${job.spec.executor}, ${job.spec.priority}, ${JSON.stringify(job.spec.labels)}::jsonb,
        ${Math.round(job.spec.resources.cpus * 1_000)}, ${job.spec.resources.memoryMb}, ${job.spec.resources.gpus},
        ${job.spec.resources.wallSeconds}, ${job.spec.gang?.name ?? null}, ${job.spec.gang?.size ?? null}, ${job.spec.tries},
        ${job.holdId}, ${job.heldMicro}, ${job.prices.cpuSecond}, ${job.prices.gpuSecond}, ${job.prices.gbSecond}, ${unmet.count})
      ON CONFLICT (owner, submission_id) DO NOTHING RETURNING id`;
    if (rows.length === 0) return await earlier(tx, job);
    if (job.spec.after.length > 0) await this.#waits(tx, job);
    if (job.files.length > 0) await this.#gives(tx, job);
    if (unmet.failed !== undefined) {
      const why = `It was to run after ${unmet.failed.id}, which ended as ${unmet.failed.state}.`;
      await tx.$queryRaw`SELECT mechanic.end_job(${job.id}, 'dependency_failed', 'dependency_failed', ${why})::text`;
    }
    return { jobId: job.id, isNew: true, specHash: job.specHash };
  }

  /** Ends it now where no worker has it, else asks its worker to. Empty: it had ended. */
  async cancel(jobId: string, by: string, graceMs: number): Promise<Changed[]> {
    const sql = 'SELECT id, state FROM mechanic.cancel_job($1, $2, $3)';
    return changedOf(await rowsOf(this.database, sql, [jobId, by, graceMs]));
  }

  async #unmet(tx: Transaction, { spec, id }: NewJob) {
    if (spec.after.length === 0) return { count: 0, failed: undefined };
    const ids = spec.after.map(({ jobId }) => jobId);
    const found = await tx.$queryRaw<Array<{ id: string; state: JobState; ended: boolean }>>`
      SELECT id, state, ended_at IS NOT NULL AS ended FROM mechanic.jobs
       WHERE id = ANY(${ids}::text[]) AND id <> ${id} ORDER BY id FOR SHARE`;
    const on = new Map(spec.after.map((one) => [one.jobId, one.on]));
    return {
      count: found.filter(({ ended }) => !ended).length,
      failed: found.find(({ id: dep, state, ended }) => ended && on.get(dep) === 'success' && state !== 'succeeded'),
    };
  }

  async #waits(tx: Transaction, { id, spec }: NewJob): Promise<void> {
    const on = new Map(spec.after.map((one) => [one.jobId, one.on]));
    await tx.$executeRaw`
      INSERT INTO mechanic.job_dependencies (job_id, on_id, on_state)
      SELECT ${id}, d.on_id, d.on_state FROM unnest(${[...on.keys()]}::text[], ${[...on.values()]}::text[]) AS d(on_id, on_state)`;
  }

  async #gives(tx: Transaction, { id, files }: NewJob): Promise<void> {
    await tx.$executeRaw`
      INSERT INTO mechanic.job_files (job_id, path, blob_id, mode)
      SELECT ${id}, f.path, f.blob_id, f.mode
        FROM unnest(${files.map((file) => file.path)}::text[], ${files.map((file) => file.blobId)}::text[],
                    ${files.map((file) => file.mode)}::int[]) AS f(path, blob_id, mode)`;
  }
}

async function earlier(tx: Transaction, { owner, submissionId }: NewJob): Promise<Inserted> {
  const [row] = await tx.$queryRaw<Array<{ id: string; spec_hash: Uint8Array }>>`
    SELECT id, spec_hash FROM mechanic.jobs WHERE owner = ${owner} AND submission_id = ${submissionId}`;
  if (row === undefined) throw new Error('a submission is there and is not');
  return { jobId: row.id, isNew: false, specHash: Buffer.from(row.spec_hash) };
}
