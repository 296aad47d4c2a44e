// Attempts, for the workers that run them. Whoever writes here names its worker: an attempt that is not its own any more answers
// false or nothing, and then the worker ends what it runs and writes nothing.
import type { BlobReferences } from '@labmesh/blobs';
import type { EndReason, JobSpec, JobState, UsageSeries } from '@labmesh/contracts';
import type { Database } from '@labmesh/db';
import type { Usage } from '../executor.js';
import type { RunOfArray } from './job-row.js';
import { rowsOf } from './statements.repository.js';

/** An attempt, and who claims to have it. */
export interface Mine {
  readonly jobId: string;
  readonly number: number;
  readonly workerId: string;
}

export interface FileOfJob {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** All that a worker needs to know of what it claimed. */
export interface ClaimedAttempt {
  readonly jobId: string;
  readonly number: number;
  readonly name: string;
  readonly owner: string;
  readonly role: string;
  readonly spec: JobSpec;
  readonly gpus: readonly number[];
  readonly files: ReadonlyArray<FileOfJob & { readonly mode: number }>;
  /** As the last attempt that left any left them; as those of the job that this one tries again, before the first. */
  readonly checkpoints: readonly FileOfJob[];
  /** Of which array it is a run, and how many that has. */
  readonly array: RunOfArray | null;
}

export interface EndOfAttempt extends Mine {
  /** lost: it goes on elsewhere and uses up no try (drained, input_failed, worker_lost). */
  readonly outcome: 'succeeded' | 'failed' | 'cancelled' | 'lost';
  readonly reason: EndReason;
  readonly message?: string | null;
  readonly exitCode?: number | null;
  readonly signal?: string | null;
  readonly usage?: Pick<Usage, 'cpuMs' | 'gpuMs' | 'memoryPeakBytes'>;
}

/** A job as a change of state left it: waiting when it is tried again, else ended. */
export interface Changed {
  readonly jobId: string;
  readonly state: JobState;
}

export const changedOf = (rows: ReadonlyArray<{ id: string; state: JobState }>): Changed[] =>
  rows.map(({ id, state }) => ({ jobId: id, state }));

/** Of the attempt `claimed`. */
const WHOLE = `SELECT c.job_id AS "jobId", c.number, c.gpu_indexes AS gpus, j.name, j.owner, j.role, j.spec,
         coalesce((SELECT json_agg(json_build_object('path', f.path, 'mode', f.mode, 'sha256', b.sha256, 'bytes', b.bytes) ORDER BY f.path)
                     FROM mechanic.job_files f JOIN mechanic.blobs b ON b.id = f.blob_id WHERE f.job_id = j.id), '[]'::json) AS files,
         coalesce((SELECT json_agg(json_build_object('path', k.path, 'sha256', k.sha256, 'bytes', k.bytes) ORDER BY k.path)
                     FROM mechanic.job_artifacts k WHERE k.job_id = j.id AND k.kind = 'checkpoint'), '[]'::json) AS checkpoints,
         (SELECT json_build_object('arrayId', r.id, 'index', j.array_index, 'count', r.count)
            FROM mechanic.job_arrays r WHERE r.id = j.array_id) AS array
    FROM claimed c JOIN mechanic.jobs j ON j.id = c.job_id`;
const CLAIM = `
  WITH claimed AS (
    UPDATE mechanic.job_attempts a SET state = 'running', worker_id = $3::uuid
     WHERE a.job_id = $1 AND a.number = $2 AND a.state = 'placed' AND a.worker_id IS NULL
       AND EXISTS (SELECT 1 FROM mechanic.workers w JOIN mechanic.nodes n ON n.id = w.node_id
                    WHERE w.id = $3::uuid AND w.node_id = a.node_id AND w.stopped_at IS NULL
                      AND w.lease_until > clock_timestamp() AND n.drained_at IS NULL)
    RETURNING a.job_id, a.number, a.gpu_indexes)
  ${WHOLE}`;

const END = `SELECT id, state FROM mechanic.end_attempt($1, $2, $3::uuid, $4, $5, $6, $7, $8, $9, $10, $11)`;
const USED = `UPDATE mechanic.job_attempts SET usage_series = $4::jsonb
  WHERE job_id = $1 AND number = $2 AND worker_id = $3::uuid AND state = 'running'`;
const LOSE = `SELECT id, state FROM mechanic.lose_attempt($1, $2, $3)`;
const ADOPT = `
  WITH claimed AS (
    UPDATE mechanic.job_attempts a SET worker_id = $3::uuid
   WHERE a.job_id = $1 AND a.number = $2 AND a.state = 'running' AND mechanic.is_gone(a.worker_id, 0)
     AND EXISTS (SELECT 1 FROM mechanic.workers w WHERE w.id = $3::uuid AND w.node_id = a.node_id AND w.stopped_at IS NULL
                    AND w.lease_until > clock_timestamp())
    RETURNING a.job_id, a.number, a.gpu_indexes)
  ${WHOLE}`;

export interface KeptFiles extends Mine {
  readonly kind: 'artifact' | 'checkpoint';
  readonly files: readonly FileOfJob[];
  readonly expiresAt: Date | null;
}

export class AttemptRows {
  constructor(private readonly database: Database) {}

  /** Makes a placed attempt this worker's; undefined when it is another's by now, has ended, or its lease is over. */
  async claim({ jobId, number, workerId }: Mine): Promise<ClaimedAttempt | undefined> {
    const [row] = await rowsOf<ClaimedAttempt>(this.database, CLAIM, [jobId, number, workerId]);
    return row;
  }

  /** Its process runs and is found by `handle`. May be told again, with another handle. False: lost. */
  async began({ jobId, number, workerId, handle }: Mine & { readonly handle: string }): Promise<boolean> {
    const [row] = await rowsOf<{ is: boolean }>(
      this.database,
      'SELECT mechanic.begin_attempt($1, $2, $3::uuid, $4) AS is',
      [jobId, number, workerId, handle],
    );
    return row?.is === true;
  }

  /** What it has used until now, over time. Nothing happens when it was lost. */
  async used({ jobId, number, workerId, series }: Mine & { readonly series: UsageSeries }): Promise<void> {
    await rowsOf(this.database, USED, [jobId, number, workerId, JSON.stringify(series)]);
  }

  /**
   * Ends it, and decides what becomes of its job in the same statement: its end, another try after a wait, or back to the others.
   * Answers the job first, then all that ended because it did; nothing when it was lost before.
   */
  async end(end: EndOfAttempt): Promise<Changed[]> {
    const { cpuMs = 0, gpuMs = 0, memoryPeakBytes = 0 } = end.usage ?? {};
    const values = [
      ...[end.jobId, end.number, end.workerId, end.outcome, end.reason],
      ...[end.message ?? null, end.exitCode ?? null, end.signal ?? null],
      ...[cpuMs, gpuMs, memoryPeakBytes].map(Math.round),
    ];
    return changedOf(await rowsOf(this.database, END, values));
  }

  /** After it was reaped: its worker's lease is over, so it ends as lost and its job goes back. Nothing when somebody did that. */
  async lost({ jobId, number }: Omit<Mine, 'workerId'>, beyondMs = 0): Promise<Changed[]> {
    return changedOf(await rowsOf(this.database, LOSE, [jobId, number, beyondMs]));
  }

  /** Takes over what another engine went on with while its worker was gone. Undefined: somebody else did, or it has ended. */
  async adopt({ jobId, number, workerId }: Mine): Promise<ClaimedAttempt | undefined> {
    const [row] = await rowsOf<ClaimedAttempt>(this.database, ADOPT, [jobId, number, workerId]);
    return row;
  }

  /**
   * Names what it left in the place for bytes, where it was put before. Artefacts take the place of those of the same path, a
   * checkpoint that of the whole last one. False: lost, and nothing is named. @throws AppError as BlobReferences.claim
   */
  async keep(references: BlobReferences, kept: KeptFiles): Promise<boolean> {
    const { jobId, number, workerId, kind, files, expiresAt } = kept;
    return await this.database.prisma.$transaction(async (tx) => {
      const [mine] = await tx.$queryRaw<Array<{ owner: string }>>`
        SELECT j.owner FROM mechanic.job_attempts a JOIN mechanic.jobs j ON j.id = a.job_id
         WHERE a.job_id = ${jobId} AND a.number = ${number} AND a.worker_id = ${workerId}::uuid AND a.state = 'running'
           FOR UPDATE OF a`;
      if (mine === undefined) return false;
      const ids = await references.claim(
        tx,
        files.map(({ path, sha256, bytes }) => ({
          sha256,
          bytes,
          name: nameOf(path),
          mediaType: BYTES,
          owner: mine.owner,
        })),
      );
      const paths = files.map(({ path }) => path);
      const old = await tx.$queryRaw<Array<{ blob_id: string }>>`
        DELETE FROM mechanic.job_artifacts
         WHERE job_id = ${jobId} AND kind = ${kind} AND (${kind} = 'checkpoint' OR path = ANY(${paths}::text[])) RETURNING blob_id`;
      await tx.$executeRaw`
        INSERT INTO mechanic.job_artifacts (job_id, kind, path, attempt, blob_id, sha256, bytes, expires_at)
        SELECT ${jobId}, ${kind}, f.path, ${number}, f.blob_id, f.sha256, f.bytes, ${expiresAt}
          FROM unnest(${paths}::text[], ${ids}::text[], ${files.map((file) => file.sha256)}::text[],
                      ${files.map((file) => BigInt(file.bytes))}::bigint[]) AS f(path, blob_id, sha256, bytes)`;
      await references.release(
        tx,
        old.map((row) => row.blob_id),
      );
      return true;
    });
  }
}

const BYTES = 'application/octet-stream';
const nameOf = (path: string): string => path.split('/').at(-1) ?? path;
