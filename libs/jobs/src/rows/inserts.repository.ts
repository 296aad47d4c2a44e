// Writes what was submitted: jobs with their files and what they wait for, in the transaction that claimed the files. It never
// commits, and asks for no money.
import type { JobState } from '@labmesh/contracts';
import { isArrayId } from '@labmesh/contracts';
import type { Prisma } from '@labmesh/db';
import type { Inserted, NewRun, NewWork, OfArray } from './new-job.js';

type Transaction = Prisma.TransactionClient;

export interface Runs {
  readonly runs: ReadonlyArray<NewRun & { readonly index: number | null }>;
  /** The array that they are of: its row is there. */
  readonly ofArray: Pick<OfArray, 'arrayId'> | undefined;
}

interface Waits {
  readonly unmet: number;
  /** Why they end at once. */
  readonly failed: string | undefined;
}

/**
 * Writes jobs that differ by little; the submission's id is the first one's, and where that was here before, nothing is written. What
 * they wait for and has failed already ends them at once; it cannot end between the look and the row, as it is locked.
 */
export async function insertJobs(tx: Transaction, work: NewWork, { runs, ofArray }: Runs): Promise<Inserted> {
  const [first, ...others] = runs;
  if (first === undefined) throw new Error('nothing is to be written');
  const ids = runs.map(({ id }) => id);
  const waits = await waitsOf(tx, work);
  const limited = ofArray !== undefined && (await isLimited(tx, ofArray.arrayId));
  const write = (some: Runs['runs'], submissionId: string | null): Promise<unknown[]> =>
    rows(tx, { ...work, submissionId }, { runs: some, arrayId: ofArray?.arrayId ?? null, limited, unmet: waits.unmet });
  if ((await write([first], work.submissionId)).length === 0) return await earlier(tx, work);
  if (others.length > 0) await write(others, null);
  if (work.spec.after.length > 0) await wait(tx, work, ids);
  if (work.files.length > 0) await give(tx, work, ids);
  if (waits.failed !== undefined)
    for (const id of ids)
      await tx.$queryRaw`SELECT mechanic.end_job(${id}, 'dependency_failed', 'dependency_failed', ${waits.failed})::text`;
  else if (limited) await tx.$queryRaw`SELECT mechanic.open_turns(${ofArray.arrayId})::text`;
  return { jobId: first.id, isNew: true, specHash: work.specHash };
}

interface Row {
  readonly runs: Runs['runs'];
  readonly arrayId: string | null;
  readonly limited: boolean;
  readonly unmet: number;
}

function rows(tx: Transaction, work: NewWork, { runs, arrayId, limited, unmet }: Row): Promise<unknown[]> {
  const { spec, prices } = work;
  const { resources, gang } = spec;
  return tx.$queryRaw<unknown[]>`
    INSERT INTO mechanic.jobs (id, owner, role, name, submission_id, spec_hash, spec, executor, priority, labels, cpu_milli, memory_mb,
      gpus, wall_seconds, gang, gang_size, failures_max, hold_id, held_micro, price_cpu, price_gpu, price_gb,
      array_id, array_index, array_waits, unmet)
    SELECT r.id, ${work.owner}, ${work.role}, ${spec.name}, ${work.submissionId}, ${work.specHash},
      jsonb_set(s.spec, '{environment}', coalesce(s.spec -> 'environment', '{}') || r.environment),
      ${spec.executor}, ${spec.priority}, ${JSON.stringify(spec.labels)}::jsonb,
      ${Math.round(resources.cpus * 1_000)}, ${resources.memoryMb}, ${resources.gpus}, ${resources.wallSeconds},
      ${gang?.name ?? null}, ${gang?.size ?? null}::int, ${spec.tries}, r.hold, ${work.heldMicro}, ${prices.cpuSecond},
      ${prices.gpuSecond}, ${prices.gbSecond}, ${arrayId}, r.index, ${limited}, ${unmet + (limited ? 1 : 0)}::int
      FROM (SELECT ${JSON.stringify(spec)}::jsonb AS spec) s,
           jsonb_to_recordset(${JSON.stringify(runs.map(({ holdId: hold, ...run }) => ({ ...run, hold })))}::jsonb)
             AS r(id text, hold text, index int, environment jsonb)
     ORDER BY r.id
    ON CONFLICT (owner, submission_id) DO NOTHING RETURNING id`;
}

async function waitsOf(tx: Transaction, { spec: { after } }: NewWork): Promise<Waits> {
  const jobs = after.filter(({ jobId }) => !isArrayId(jobId)).map(({ jobId }) => jobId);
  const arrays = after.filter(({ jobId }) => isArrayId(jobId)).map(({ jobId }) => jobId);
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

async function isLimited(tx: Transaction, arrayId: string): Promise<boolean> {
  const [row] = await tx.$queryRaw<Array<{ is: boolean }>>`
    SELECT parallel IS NOT NULL AS is FROM mechanic.job_arrays WHERE id = ${arrayId}`;
  return row?.is === true;
}

async function wait(tx: Transaction, { spec: { after } }: NewWork, ids: readonly string[]): Promise<void> {
  const asked = JSON.stringify(after.map(({ jobId, on }) => ({ id: jobId, on })));
  await tx.$executeRaw`
    INSERT INTO mechanic.job_dependencies (job_id, on_id, on_state)
    SELECT i.id, d.id, d."on" FROM unnest(${[...ids]}::text[]) i(id), jsonb_to_recordset(${asked}::jsonb) AS d(id text, "on" text)
     WHERE d.id NOT LIKE 'arr%'`;
  // What is over is met: a job of it that is tried again is nobody's to wait for any more.
  await tx.$executeRaw`
    INSERT INTO mechanic.job_array_dependencies (job_id, array_id, on_state, met)
    SELECT i.id, d.id, d."on", s.is_over FROM unnest(${[...ids]}::text[]) i(id),
           (SELECT * FROM jsonb_to_recordset(${asked}::jsonb) AS d(id text, "on" text) WHERE id LIKE 'arr%') d,
           LATERAL mechanic.array_stands(d.id) s`;
}

async function give(tx: Transaction, { files }: NewWork, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO mechanic.job_files (job_id, path, blob_id, mode)
    SELECT i.id, f.path, f.blob_id, f.mode
      FROM unnest(${[...ids]}::text[]) i(id),
           unnest(${files.map((file) => file.path)}::text[], ${files.map((file) => file.blobId)}::text[],
                  ${files.map((file) => file.mode)}::int[]) AS f(path, blob_id, mode)`;
}

async function earlier(tx: Transaction, { owner, submissionId }: NewWork): Promise<Inserted> {
  const [row] = await tx.$queryRaw<Array<{ id: string; spec_hash: Uint8Array }>>`
    SELECT id, spec_hash FROM mechanic.jobs WHERE owner = ${owner} AND submission_id = ${submissionId}`;
  if (row === undefined) throw new Error('a submission is there and is not');
  return { jobId: row.id, isNew: false, specHash: Buffer.from(row.spec_hash) };
}
