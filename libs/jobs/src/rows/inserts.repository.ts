// Writes what was submitted: a job by itself in one statement, others with their files and what they wait for in the transaction that
// claimed the files. That money was asked for is forgotten in the statement that writes the job: no crash comes between.
import { AppError, isArrayId, type JobSpec, type JobState } from '@labmesh/contracts';
import { Prisma } from '@labmesh/db';
import { type JobRow, jobOf, NEWEST_ATTEMPT, type Raw, WHOLE_COLUMNS } from './job-row.js';
import type { Inserted, NewJob, NewRun, NewWork } from './new-job.js';
import { type Pool, rowsOf } from './statements.repository.js';

type Transaction = Prisma.TransactionClient;

export interface Runs {
  readonly runs: ReadonlyArray<NewRun & { readonly index: number | null }>;
  /** The array that they are of: its row is there. */
  readonly arrayId: string | null;
}

interface Waits {
  readonly unmet: number;
  /** Why they end at once. */
  readonly failed: string | undefined;
}

/** A plain job, in one statement. Undefined: there is an earlier one of this submission id, or its money was given back. */
export async function insertPlain(database: Pool, { id, holdId, ...work }: NewJob): Promise<JobRow | undefined> {
  const runs = [{ id, holdId, index: null, environment: {} }];
  const { text, values } = Prisma.sql`
    WITH ${written(work, { runs, arrayId: null, unmet: 0 })}
    SELECT ${Prisma.raw(WHOLE_COLUMNS)} FROM job j ${Prisma.raw(NEWEST_ATTEMPT)}`;
  const [row] = await rowsOf<Raw<JobRow, 'heldMicro' | 'costMicro'>>(database, text, values);
  return row && jobOf<JobRow>(row);
}

/**
 * Writes jobs that differ by little; the submission's id is the first one's, and where that was here before, nothing is written. What
 * they wait for and has failed already ends them at once; it cannot end between the look and the row, as it is locked.
 * @throws AppError deadline_exceeded
 */
export async function insertJobs(tx: Transaction, work: NewWork, { runs, arrayId }: Runs): Promise<Inserted> {
  const [first, ...others] = runs;
  if (first === undefined) throw new Error('nothing is to be written');
  const ids = runs.map(({ id }) => id);
  const waits = await waitsOf(tx, work);
  const write = (some: Runs['runs'], submissionId: string | null): Promise<Array<{ turn: boolean }>> =>
    tx.$queryRaw`
      WITH ${written({ ...work, submissionId }, { runs: some, arrayId, unmet: waits.unmet })} SELECT array_waits AS turn FROM job`;
  const [begun] = await write([first], work.submissionId);
  if (begun === undefined) return (await earlier(tx, work)) ?? tooLate();
  if (others.length > 0 && (await write(others, null)).length < others.length) tooLate();
  await wait(tx, work, ids);
  if (work.files.length > 0) await give(tx, work, ids);
  if (waits.failed !== undefined)
    await tx.$queryRaw`
      SELECT e::text FROM unnest(${ids}::text[]) i(id),
             LATERAL mechanic.end_job(i.id, 'dependency_failed', 'dependency_failed', ${waits.failed}) e`;
  else if (begun.turn) await tx.$queryRaw`SELECT mechanic.open_turns(${arrayId})::text`;
  return { jobId: first.id, isNew: true, specHash: work.specHash };
}

/** @throws AppError deadline_exceeded */
export function tooLate(): never {
  throw new AppError('deadline_exceeded', 'Cannot submit the job: it took too long. Nothing was kept; try again.');
}

interface Rows extends Runs {
  readonly unmet: number;
}

/**
 * Expressions of a WITH, of which `job` is the rows that were written: none where the submission was here before, or what was asked
 * for them was given back. Of an array with a bound each waits for its turn as well.
 */
function written(work: NewWork, { runs, arrayId, unmet }: Rows): Prisma.Sql {
  const { spec, prices } = work;
  const { resources, gang } = spec;
  const held = runs.flatMap(({ id, holdId }) => (holdId === null ? [] : [id]));
  return Prisma.sql`
    asked AS (SELECT job_id FROM mechanic.asked_holds WHERE job_id = ANY(${held}::text[]) FOR UPDATE),
    job AS (
    INSERT INTO mechanic.jobs (id, owner, role, name, submission_id, spec_hash, spec, executor, priority, labels, cpu_milli, memory_mb,
      gpus, wall_seconds, gang, gang_size, failures_max, hold_id, held_micro, price_cpu, price_gpu, price_gb,
      array_id, array_index, array_waits, unmet)
    SELECT r.id, ${work.owner}, ${work.role}, ${spec.name}, ${work.submissionId}, ${work.specHash},
      jsonb_set(s.spec, '{environment}', coalesce(s.spec -> 'environment', '{}') || r.environment),
      ${spec.executor}, ${spec.priority}::int, ${JSON.stringify(spec.labels)}::jsonb,
      ${Math.round(resources.cpus * 1_000)}::int, ${resources.memoryMb}::int, ${resources.gpus}::int, ${resources.wallSeconds}::int,
      ${gang?.name ?? null}, ${gang?.size ?? null}::int, ${spec.tries}::int, r.hold, ${work.heldMicro}::bigint, ${prices.cpuSecond}::bigint,
      ${prices.gpuSecond}::bigint, ${prices.gbSecond}::bigint, ${arrayId}, r.index, t.limited, ${unmet}::int + t.limited::int
      FROM (SELECT ${JSON.stringify(spec)}::jsonb AS spec) s,
           (SELECT EXISTS (SELECT 1 FROM mechanic.job_arrays WHERE id = ${arrayId} AND parallel IS NOT NULL) AS limited) t,
           jsonb_to_recordset(${JSON.stringify(runs.map(({ holdId: hold, ...run }) => ({ ...run, hold })))}::jsonb)
             AS r(id text, hold text, index int, environment jsonb)
     WHERE r.hold IS NULL OR r.id IN (SELECT job_id FROM asked)
     ORDER BY r.id
    ON CONFLICT (owner, submission_id) DO NOTHING RETURNING *),
    used AS (DELETE FROM mechanic.asked_holds WHERE job_id IN (SELECT id FROM job))`;
}

async function waitsOf(tx: Transaction, { spec: { after } }: NewWork): Promise<Waits> {
  const jobs = after.filter(isOnJob).map(({ jobId }) => jobId);
  const arrays = after.filter(isOnArray).map(({ jobId }) => jobId);
  const on = new Map(after.map((one) => [one.jobId, one.on]));
  const found: Array<{ id: string; open: boolean; broken: string | null }> = [];
  if (jobs.length > 0) {
    const states = await tx.$queryRaw<Array<{ id: string; state: JobState; ended: boolean }>>`
      SELECT id, state, ended_at IS NOT NULL AS ended FROM mechanic.jobs WHERE id = ANY(${jobs}::text[]) ORDER BY id FOR SHARE`;
    for (const { id, state, ended } of states)
      found.push({ id, open: !ended, broken: ended && state !== 'succeeded' ? `which ended as ${state}` : null });
  }
  if (arrays.length > 0) {
    // Two statements: what ended while the lock was waited for is seen.
    await tx.$queryRaw`SELECT id FROM mechanic.job_arrays WHERE id = ANY(${arrays}::text[]) ORDER BY id FOR SHARE`;
    const stand = await tx.$queryRaw<Array<{ id: string; is_over: boolean; has_failed: boolean }>>`
      SELECT a AS id, s.is_over, s.has_failed FROM unnest(${arrays}::text[]) a, LATERAL mechanic.array_stands(a) s`;
    for (const { id, is_over: over, has_failed: failed } of stand)
      found.push({ id, open: !over, broken: failed ? 'of which one did not succeed' : null });
  }
  const failed = found.find(({ id, broken }) => broken !== null && on.get(id) === 'success');
  return {
    unmet: found.filter(({ open }) => open).length,
    failed: failed && `It was to run after ${failed.id}, ${failed.broken}.`,
  };
}

const isOnArray = ({ jobId }: JobSpec['after'][number]): boolean => isArrayId(jobId);
const isOnJob = ({ jobId }: JobSpec['after'][number]): boolean => !isArrayId(jobId);
const asRows = (after: JobSpec['after']): string => JSON.stringify(after.map(({ jobId, on }) => ({ id: jobId, on })));

async function wait(tx: Transaction, { spec: { after } }: NewWork, ids: readonly string[]): Promise<void> {
  const [jobs, arrays] = [after.filter(isOnJob), after.filter(isOnArray)];
  if (jobs.length > 0)
    await tx.$executeRaw`
      INSERT INTO mechanic.job_dependencies (job_id, on_id, on_state)
      SELECT i.id, d.id, d."on"
        FROM unnest(${[...ids]}::text[]) i(id), jsonb_to_recordset(${asRows(jobs)}::jsonb) AS d(id text, "on" text)`;
  // What is over is met: a job of it that is tried again is nobody's to wait for any more.
  if (arrays.length > 0)
    await tx.$executeRaw`
      INSERT INTO mechanic.job_array_dependencies (job_id, array_id, on_state, met)
      SELECT i.id, d.id, d."on", s.is_over FROM unnest(${[...ids]}::text[]) i(id),
             jsonb_to_recordset(${asRows(arrays)}::jsonb) AS d(id text, "on" text), LATERAL mechanic.array_stands(d.id) s`;
}

async function give(tx: Transaction, { files }: NewWork, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO mechanic.job_files (job_id, path, blob_id, mode)
    SELECT i.id, f.path, f.blob_id, f.mode
      FROM unnest(${[...ids]}::text[]) i(id),
           unnest(${files.map((file) => file.path)}::text[], ${files.map((file) => file.blobId)}::text[],
                  ${files.map((file) => file.mode)}::int[]) AS f(path, blob_id, mode)`;
}

async function earlier(tx: Transaction, { owner, submissionId }: NewWork): Promise<Inserted | undefined> {
  const [row] = await tx.$queryRaw<Array<{ id: string; spec_hash: Uint8Array }>>`
    SELECT id, spec_hash FROM mechanic.jobs WHERE owner = ${owner} AND submission_id = ${submissionId}`;
  return row && { jobId: row.id, isNew: false, specHash: Buffer.from(row.spec_hash) };
}
