// What holds of jobs on any database, whatever happens to them in whatever order: each ends once, and tells of it once; what a
// node has is never given twice, and comes back whenever an attempt ends.
import { runs } from '@labmesh/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ADA, BEN, empty, enroll, type JobsBed, silence, submit, submitAgain, submitArray } from './bed.testing.js';

const NODES = ['one', 'two'] as const;
const any = fc.nat(1_000);
const on = fc.constantFrom('success' as const, 'end' as const);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('submit' as const),
      owner: fc.constantFrom(ADA, BEN),
      gpus: fc.nat(2),
      cpus: fc.constantFrom(1, 2, 4),
      tries: fc.constantFrom(1, 2),
      gang: fc.option(fc.constantFrom('g', 'h'), { freq: 4 }),
      after: fc.array(fc.record({ which: any, on }), { maxLength: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('array' as const),
      owner: fc.constantFrom(ADA, BEN),
      count: fc.integer({ min: 1, max: 5 }),
      parallel: fc.option(fc.constantFrom(1, 2)),
      after: fc.array(fc.record({ which: any, on }), { maxLength: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('again' as const), which: any }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancelArray' as const), which: any }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('enroll' as const), node: fc.constantFrom(...NODES) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('place' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('claim' as const), which: any, worker: any }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('begin' as const), which: any }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      which: any,
      how: fc.constantFrom('succeeded' as const, 'failed' as const, 'cancelled' as const, 'lost' as const),
      stranger: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: any }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('silence' as const), worker: any }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reap' as const), node: fc.constantFrom(...NODES) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sweep' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drain' as const), node: fc.constantFrom(...NODES) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resume' as const), node: fc.constantFrom(...NODES) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

interface Known {
  /** Jobs and arrays. */
  readonly jobs: string[];
  readonly arrays: string[];
  readonly workers: Array<{ readonly id: string; readonly node: string }>;
}

const REASONS = { succeeded: 'finished', failed: 'exit_code', cancelled: 'cancelled', lost: 'drained' } as const;

const pick = <T>(from: readonly T[], which: number): T | undefined => from[which % Math.max(1, from.length)];

interface Alive {
  readonly jobId: string;
  readonly number: number;
  readonly workerId: string | null;
  readonly node: string;
}

const alive = async ({ database }: JobsBed, state: string): Promise<Alive[]> =>
  (
    await database.pool.query<Alive>(
      `SELECT job_id AS "jobId", number, worker_id AS "workerId", node_id AS node FROM mechanic.job_attempts WHERE state = $1 ORDER BY job_id`,
      [state],
    )
  ).rows;

function afterOf(known: Known, { after }: { readonly after: ReadonlyArray<{ which: number; on: 'success' | 'end' }> }) {
  const named = new Map(
    after.flatMap(({ which, on: state }) => {
      const jobId = pick(known.jobs, which);
      return jobId === undefined ? [] : [[jobId, state] as const];
    }),
  );
  return [...named].map(([jobId, state]) => ({ jobId, on: state }));
}

async function take(bed: JobsBed, known: Known, one: Step): Promise<unknown> {
  switch (one.do) {
    case 'submit': {
      const { owner, tries, gpus, cpus } = one;
      return known.jobs.push(
        await submit(bed, {
          owner,
          tries,
          resources: { gpus, cpus },
          ...(one.gang === null ? {} : { gang: { name: one.gang, size: 2 } }),
          after: afterOf(known, one),
        }),
      );
    }
    case 'array': {
      const { owner, count, parallel } = one;
      const { arrayId, ids } = await submitArray(bed, { owner, count, parallel, after: afterOf(known, one) });
      known.arrays.push(arrayId);
      return known.jobs.push(arrayId, ...ids);
    }
    case 'again': {
      const arrayId = pick(known.arrays, one.which);
      return arrayId && known.jobs.push(await submitAgain(bed, { arrayId, index: 0 }));
    }
    case 'cancelArray': {
      const arrayId = pick(known.arrays, one.which);
      return arrayId && bed.arrays.cancel(arrayId, ADA, 1_000);
    }
    case 'enroll':
      return known.workers.push({ id: await enroll(bed, one.node), node: one.node });
    case 'place':
      return bed.placement.place();
    case 'claim': {
      const attempt = pick(await alive(bed, 'placed'), one.which);
      const worker = pick(known.workers, one.worker);
      return attempt && worker && bed.attempts.claim({ ...attempt, workerId: worker.id });
    }
    case 'begin': {
      const attempt = pick(await alive(bed, 'running'), one.which);
      return attempt?.workerId && bed.attempts.began({ ...attempt, workerId: attempt.workerId, handle: 'h' });
    }
    case 'end': {
      const attempt = pick(await alive(bed, 'running'), one.which);
      if (!attempt?.workerId) return undefined;
      const workerId = one.stranger ? (known.workers.at(-1)?.id ?? attempt.workerId) : attempt.workerId;
      const changed = await bed.attempts.end({ ...attempt, workerId, outcome: one.how, reason: REASONS[one.how] });
      if (workerId !== attempt.workerId) expect(changed, 'a stranger ended it').toEqual([]);
      return changed;
    }
    case 'cancel': {
      const job = pick(known.jobs, one.which);
      return job && bed.jobs.cancel(job, ADA, 1_000);
    }
    case 'silence': {
      const worker = pick(known.workers, one.worker);
      return worker && silence(bed, worker.id);
    }
    case 'reap':
      return Promise.all((await bed.workers.abandoned(one)).map((attempt) => bed.attempts.lost(attempt)));
    case 'sweep':
      return bed.sweep.sweep(0);
    case 'drain':
      return bed.nodes.drain(one.node, null, true);
    case 'resume':
      return bed.nodes.resume(one.node);
  }
}

/** What must never be true, as rows. */
const BROKEN: Readonly<Record<string, string>> = {
  'more is given than a node has': `
    SELECT n.id FROM mechanic.nodes n JOIN mechanic.job_attempts a ON a.node_id = n.id AND a.state <> 'ended'
     GROUP BY n.id HAVING sum(a.cpu_milli) > n.cpu_milli OR sum(a.memory_mb) > n.memory_mb OR sum(cardinality(a.gpu_indexes)) > n.gpus`,
  'a GPU is given twice, or is none': `
    SELECT a.node_id, g FROM mechanic.job_attempts a JOIN mechanic.nodes n ON n.id = a.node_id, unnest(a.gpu_indexes) g
     WHERE a.state <> 'ended' GROUP BY a.node_id, g, n.gpus HAVING count(*) > 1 OR g < 0 OR g >= n.gpus`,
  'an attempt has other GPUs than its job asked for': `
    SELECT a.job_id FROM mechanic.job_attempts a JOIN mechanic.jobs j ON j.id = a.job_id WHERE cardinality(a.gpu_indexes) <> j.gpus`,
  'a state does not fit its attempts': `
    SELECT j.id, j.state FROM mechanic.jobs j
     WHERE (j.state IN ('starting', 'running')) <> EXISTS (SELECT 1 FROM mechanic.job_attempts a WHERE a.job_id = j.id AND a.state <> 'ended')`,
  'an end is not told once': `
    SELECT j.id FROM mechanic.jobs j
     WHERE (SELECT count(*) FROM mechanic.outbox o WHERE o.payload #>> '{payload,jobId}' = j.id)
           <> CASE WHEN j.ended_at IS NULL THEN 0 ELSE 1 END`,
  'a count of what is waited for is wrong': `
    SELECT j.id FROM mechanic.jobs j WHERE j.state = 'waiting' AND j.unmet <> (
      SELECT count(*) FROM mechanic.job_dependencies d JOIN mechanic.jobs o ON o.id = d.on_id WHERE d.job_id = j.id AND o.ended_at IS NULL)
      + (SELECT count(*) FROM mechanic.job_array_dependencies d WHERE d.job_id = j.id AND NOT d.met) + j.array_waits::int`,
  'more of an array have their turn than may': `
    SELECT r.id FROM mechanic.job_arrays r JOIN mechanic.jobs j ON j.array_id = r.id AND j.ended_at IS NULL AND NOT j.array_waits
     GROUP BY r.id HAVING count(*) > r.parallel`,
  'a job waits for an array that is over, or ran before it was': `
    SELECT j.id FROM mechanic.jobs j JOIN mechanic.job_array_dependencies d ON d.job_id = j.id, LATERAL mechanic.array_stands(d.array_id) s
     WHERE NOT d.met AND (j.ended_at IS NULL AND s.is_over OR j.attempts > 0)`,
  'a job waits for the success of an array that has failed': `
    SELECT j.id FROM mechanic.jobs j JOIN mechanic.job_array_dependencies d ON d.job_id = j.id AND d.on_state = 'success',
           LATERAL mechanic.array_stands(d.array_id) s
     WHERE NOT d.met AND j.ended_at IS NULL AND s.has_failed`,
  'a job waits, or ran, for a success that cannot come': `
    SELECT j.id FROM mechanic.jobs j JOIN mechanic.job_dependencies d ON d.job_id = j.id AND d.on_state = 'success'
      JOIN mechanic.jobs o ON o.id = d.on_id AND o.ended_at IS NOT NULL AND o.state <> 'succeeded'
     WHERE j.ended_at IS NULL OR j.attempts > 0`,
  'a job succeeded twice': `
    SELECT job_id FROM mechanic.job_attempts WHERE outcome = 'succeeded' GROUP BY job_id HAVING count(*) > 1`,
};

async function refuseBroken({ database }: JobsBed): Promise<void> {
  for (const [what, sql] of Object.entries(BROKEN)) expect((await database.pool.query(sql)).rows, what).toEqual([]);
}

const ENDS = `SELECT id, state, ended_at AS "endedAt", cost_micro AS cost FROM mechanic.jobs WHERE ended_at IS NOT NULL ORDER BY id`;

/** With a worker that does whatever comes, every job comes to an end. Gangs that lack a job are given up. */
async function finish(bed: JobsBed, known: Known): Promise<void> {
  for (const node of NODES) await bed.nodes.resume(node);
  for (const { id } of known.workers) await silence(bed, id);
  const workers = new Map<string, string>();
  for (const node of NODES) workers.set(node, await enroll(bed, node));
  for (let round = 0; round < 200; round++) {
    await bed.sweep.sweep(0);
    await bed.placement.place();
    const placed = await alive(bed, 'placed');
    for (const attempt of placed) {
      const workerId = workers.get(attempt.node) ?? '';
      expect(await bed.attempts.claim({ ...attempt, workerId })).toBeDefined();
      await bed.attempts.end({ ...attempt, workerId, outcome: 'succeeded', reason: 'finished' });
    }
    if (placed.length > 0) continue;
    const { rows } = await bed.database.pool.query<{ id: string }>(
      `SELECT id FROM mechanic.jobs WHERE ended_at IS NULL AND gang IS NOT NULL AND unmet = 0 ORDER BY id LIMIT 1`,
    );
    const [stuck] = rows;
    if (stuck === undefined) return;
    await bed.jobs.cancel(stuck.id, ADA, 0);
  }
}

export function livesSuite(bed: () => JobsBed): void {
  it('every job ends once, and no token is given twice or lost, whatever happens at once', {
    timeout: 600_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 10, maxLength: 40 }),
        async (turns) => {
          await empty(bed());
          const known: Known = { jobs: [], arrays: [], workers: [] };
          for (const node of NODES) known.workers.push({ id: await enroll(bed(), node), node });
          let ended: object[] = [];
          for (const turn of turns) {
            await Promise.all(turn.map((one) => take(bed(), known, one)));
            await refuseBroken(bed());
            const now = (await bed().database.pool.query<object>(ENDS)).rows;
            expect(now).toEqual(expect.arrayContaining(ended)); // what has ended stays as it is
            ended = now;
          }
          await finish(bed(), known);
          await refuseBroken(bed());
          const left = await bed().database.pool.query(`SELECT id, state FROM mechanic.jobs WHERE ended_at IS NULL`);
          expect(left.rows).toEqual([]);
          expect(await alive(bed(), 'placed')).toEqual([]);
          expect((await bed().nodes.all()).map(({ running, takenGpus }) => [running, takenGpus])).toEqual([
            [0, []],
            [0, []],
          ]);
        },
      ),
      { numRuns: runs(60) },
    );
  });
}
